"""The operator's pages about messages: the log with channels and alarm path, every text, and a customer's wishes."""
