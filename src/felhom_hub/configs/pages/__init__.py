"""The pages of the configuration: one module for each."""
