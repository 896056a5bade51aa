"""The operator's pages on apps."""
