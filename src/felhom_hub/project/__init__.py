"""The wiring: settings from hub.yaml, the table of routes, the server."""
