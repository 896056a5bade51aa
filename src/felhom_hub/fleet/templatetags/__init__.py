"""The tags that the fleet's templates use."""
