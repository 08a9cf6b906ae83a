"""The engine: values in, values out; no clock, no files, no sentences a user reads."""
