"""Versions of controllers, compared as semantic versions (semver.org 2.0.0, 11). Pure.

Reports write them with a leading `v`, a registry's tags with or without it (contract 1.7).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import total_ordering

_IDENTIFIER = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION = re.compile(
    r"[vV]?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    rf"(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)
_LONGEST = 64  # of a version as a report may write it; Python reads numbers of any length slowly


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A version's numbers, and the identifiers of a pre-release; a release has none. Build data is left out."""

    numbers: tuple[int, int, int]
    pre_release: tuple[str, ...] = ()

    @property
    def is_release(self) -> bool:
        """False for a pre-release such as v0.31.0-rc.1."""
        return not self.pre_release

    def __str__(self) -> str:
        """With one leading `v`, as controllers report it."""
        text = "v" + ".".join(map(str, self.numbers))
        return f"{text}-{'.'.join(self.pre_release)}" if self.pre_release else text

    def __lt__(self, other: "Version") -> bool:
        return self._rank() < other._rank()

    def _rank(self) -> tuple[tuple[int, int, int], bool, list[tuple[bool, int, str]]]:
        # A number stands before a word, and a release after all of its pre-releases.
        parts = [(not each.isdecimal(), int(each) if each.isdecimal() else 0, each) for each in self.pre_release]
        return self.numbers, self.is_release, parts


def parse_version(text: str | None) -> Version | None:
    """The version in `text`; None for what is none, such as `latest`."""
    found = _VERSION.fullmatch(text.strip()) if text is not None and len(text) <= _LONGEST else None
    if found is None:
        return None
    major, minor, patch, pre_release = found.groups()
    return Version((int(major), int(minor), int(patch)), tuple(pre_release.split(".")) if pre_release else ())


def newest_release(tags: Iterable[str]) -> Version | None:
    """The newest of the tags that are releases; None where there is none."""
    versions = map(parse_version, tags)
    return max((each for each in versions if each is not None and each.is_release), default=None)


def is_older(text: str | None, than: str | None) -> bool:
    """True when both are versions and the first comes before the second; of what is none nothing is known."""
    mine, other = parse_version(text), parse_version(than)
    return mine is not None and other is not None and mine < other
