"""The categories of the catalogue, in the order in which pages name them. Pure."""

from collections.abc import Mapping

CATEGORIES: Mapping[str, str] = {
    "node": "Server silent",
    "backup": "Backup",
    "storage": "Drive",
    "health": "Health",
    "app": "App",
    "update": "Update",
    "hub": "Hub",
    "test": "Test",
}
