"""What is shown and taken: bringing data in, and what files do not tell."""
