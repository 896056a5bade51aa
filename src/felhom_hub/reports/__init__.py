"""The main job: reports are read, stored durably and turned into the state of each node."""
