"""The web application: the same engine, for several people at once."""
