"""Sums up the apps of a past that was brought in, behind progress bars: months of a fleet take minutes."""

import sys
from collections.abc import Callable
from datetime import datetime

from felhom_hub.base.pace import Pace
from felhom_hub.cli.bars import bar_of_portions


class TellingPace(Pace):
    """Never rests, and tells of each portion that is done."""

    def __init__(self, told: Callable[[], None]) -> None:
        super().__init__()
        self._told = told

    def rest(self) -> None:
        """As `Pace`'s."""
        super().rest()
        self._told()


def sum_up_apps(now: datetime, *, is_hidden: bool) -> None:
    """What the stored reports say of their apps up to `now` is in the hub's figures."""
    from felhom_hub.reports.backlog import count_rows  # noqa: PLC0415 - loads Django
    from felhom_hub.telemetry.summarise import count_hours, summarise_all  # noqa: PLC0415 - likewise
    from felhom_hub.telemetry.unread import read_unread  # noqa: PLC0415 - likewise

    with bar_of_portions("Reading the apps", count_rows(), is_hidden=is_hidden) as told:
        read_unread(sys.maxsize, TellingPace(told))
    with bar_of_portions("Summing them up", count_hours(), is_hidden=is_hidden) as told:
        summarise_all(now, TellingPace(told))
