"""What was told to whom: every decision about a message, and what became of it."""
