"""The hub: takes the reports of a fleet of home servers, keeps every one, and shows the fleet."""

__version__ = "1.0.0.dev0"
