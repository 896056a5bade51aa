"""Moves a Go hub's database in: everything that is understood becomes the hub's own, and nothing else is lost."""
