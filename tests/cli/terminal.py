"""Something that takes itself for a terminal, and what the progress bars on it have shown."""

import io
import re


class Terminal(io.StringIO):
    """For contextlib.redirect_stderr."""

    def isatty(self) -> bool:
        return True


def percents(shown: str, label: str) -> list[int]:
    """What the bar with that label has said, one after the other."""
    parts = re.split(r"[\r\n]+", shown)
    return [int(found[1]) for part in parts if label in part and (found := re.search(r"(\d+)%", part))]
