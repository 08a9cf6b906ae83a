"""The pages of rounds: `week` for the sheet of a week."""
