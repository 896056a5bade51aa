"""What silence means: who fell silent, since when, whether the hub could hear at all, and what becomes of it."""
