"""The pages that look over many rooms: overview, customer page, live updates."""
