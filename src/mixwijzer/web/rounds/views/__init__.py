"""The pages of rounds: `week` for the sheet of a week, `city` for homes and candidates."""
