"""The tags that templates of all rooms use."""
