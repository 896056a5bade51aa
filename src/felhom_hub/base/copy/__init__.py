"""What the hub's tables are and what their values become, for whoever copies them between SQLite and PostgreSQL."""
