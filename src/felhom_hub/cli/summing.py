"""Sums up the apps of a past that was brought in, behind progress bars: months of a fleet take minutes."""

import sys
from collections.abc import Callable
from datetime import datetime

import click

from felhom_hub.base.pace import Pace


class TellingPace(Pace):
    """Never rests, and tells of each portion that is done."""

    def __init__(self, told: Callable[[int], None]) -> None:
        super().__init__()
        self._told = told

    def rest(self) -> None:
        """As `Pace`'s."""
        super().rest()
        self._told(1)


def sum_up_apps(now: datetime, *, is_hidden: bool) -> None:
    """What the stored reports say of their apps up to `now` is in the hub's figures."""
    from felhom_hub.reports.backlog import count_rows  # noqa: PLC0415 - loads Django
    from felhom_hub.telemetry.summarise import count_hours, summarise_all  # noqa: PLC0415 - likewise
    from felhom_hub.telemetry.unread import read_unread  # noqa: PLC0415 - likewise

    _behind_bar("Reading the apps", count_rows(), lambda pace: read_unread(sys.maxsize, pace), is_hidden=is_hidden)
    _behind_bar("Summing them up", count_hours(), lambda pace: summarise_all(now, pace), is_hidden=is_hidden)


def _behind_bar(label: str, length: int, work: Callable[[Pace], object], *, is_hidden: bool) -> None:
    """The length is what the work is expected to be; in the end all is done. There is no bar where nothing waits."""
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=is_hidden or not length) as bar:
        work(TellingPace(bar.update))
        bar.update(max(0, length - bar.pos))
