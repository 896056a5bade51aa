"""What `make bench` runs: a real hub process against measured loads, each item with its goal; docs/performance.md."""
