"""Pages of coming in, of people and of rights."""
