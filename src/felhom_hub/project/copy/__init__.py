"""Copies the hub's database from its SQLite file into an empty PostgreSQL, and holds the copy against it row by row."""
