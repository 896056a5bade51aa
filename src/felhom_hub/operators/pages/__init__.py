"""The operator's own pages: one module for each page and what is done on it."""
