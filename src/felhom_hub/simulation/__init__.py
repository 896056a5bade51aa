"""A fleet on a virtual clock that proves the alarms: the hub's own rules, driven through faults that are known."""
