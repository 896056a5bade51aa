"""What happened on the boxes and in the hub: the catalogue, the intake, the record."""
