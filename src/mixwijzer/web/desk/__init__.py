"""Pages that compose several features: the day's work, the room check, the complex."""
