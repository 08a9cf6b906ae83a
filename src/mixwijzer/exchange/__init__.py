"""Files and standards around the engine: what goes in, what comes out."""
