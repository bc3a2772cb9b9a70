"""The pieces of work, one a file."""
