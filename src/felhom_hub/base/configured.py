"""One setting as it may be shown: its value in words without any secret, and where the value came from.

`project/shown.py` makes them from hub.yaml and the environment; pages read `settings.HUB_CONFIGURED`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Where a value was written."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    NAMED_FILE = "file named by the environment"


@dataclass(frozen=True)
class Configured:
    """`where` is a file with its line, or a variable's name; empty for a default."""

    section: str
    name: str
    value: str
    origin: Origin
    where: str
    text: str
