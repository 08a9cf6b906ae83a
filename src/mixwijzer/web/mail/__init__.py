"""Mail that says that a step waits for somebody, with a link to it, and nothing else."""
