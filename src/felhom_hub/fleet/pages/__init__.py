"""The operator's pages over many rooms: one module for each page and what is done on it."""
