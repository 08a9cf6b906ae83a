"""What is shown and taken: the pages that compose features, and what an organisation sets."""
