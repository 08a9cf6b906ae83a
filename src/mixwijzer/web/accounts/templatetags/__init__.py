"""What templates of logging in may call."""
