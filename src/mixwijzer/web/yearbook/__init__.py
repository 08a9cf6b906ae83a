"""What was reached, and compared with what? So far the baseline: how it was at the start."""
