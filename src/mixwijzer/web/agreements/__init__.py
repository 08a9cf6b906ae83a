"""What was promised to others: groups to house, and the grounds to steer on."""
