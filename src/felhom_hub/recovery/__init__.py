"""What is kept for the day on which a box is lost: infrastructure backups, and the answer that rebuilds it."""
