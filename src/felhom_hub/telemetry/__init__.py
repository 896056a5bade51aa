"""What the apps on the boxes use and complain about."""
