"""What a check found: one line with its weight."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """A warning lets the hub start; a failure would stop it or lose reports."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    check: str
    level: Level
    message: str


def ok(check: str, message: str) -> Finding:
    """Nothing to do."""
    return Finding(check, Level.OK, message)


def warn(check: str, message: str) -> Finding:
    """The hub would run, and somebody should look."""
    return Finding(check, Level.WARN, message)


def fail(check: str, message: str) -> Finding:
    """The hub would not run, or not keep what it is sent."""
    return Finding(check, Level.FAIL, message)
