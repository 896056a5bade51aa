"""Silences: for whom, of what and when nobody is to be told, and why. Whether somebody is told is decided above."""
