"""Backups of the hub itself: made while it serves, sealed, restored, and proven by a restore into a scratch place."""
