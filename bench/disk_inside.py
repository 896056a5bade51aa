"""Stores the past of one customer for `disk`, as its reports would have come. Runs by `inside.call`."""

from collections.abc import Callable
from datetime import datetime
from statistics import mean

import zstandard

from bench.foreign import foreign
from bench.reports import APPS, INTERVAL, machines_with
from felhom_controller.synthetic import body_at
from felhom_hub.base.instants import utc_now
from felhom_hub.reports.body import pack
from felhom_hub.reports.models import Report
from felhom_hub.reports.past import record_past_reports
from felhom_hub.telemetry.summarise import summarise_all

_SEED = 2027  # the dictionary was trained on seed 7
_SHAPES: dict[str, Callable[[bytes], bytes]] = {"canonical": bytes, "foreign": foreign}
_SAMPLE = 50  # every so-manieth body is compressed the other ways too


def store_days(*, days: int, shape: str) -> dict[str, float]:
    """The reports of so many days are stored, none left out; returns their number and the mean sizes of a body."""
    machine, reword, now = next(machines_with(APPS, seed=_SEED)), _SHAPES[shape], utc_now()
    moments = [now - INTERVAL * step for step in range(int(days * 24 * 4), 0, -1)]

    def report(at: datetime) -> tuple[datetime, bytes]:
        return at, reword(body_at(machine, at))

    for _ in record_past_reports(map(report, moments)):
        pass
    summarise_all(now)
    sample = [report(at)[1] for at in moments[::_SAMPLE]]
    alone = zstandard.ZstdCompressor(level=3, write_checksum=False, write_content_size=True)
    return {
        "reports": Report.objects.count(),
        "body_bytes": mean(map(len, sample)),
        "packed_bytes": mean(len(pack(body)) for body in sample),
        "packed_alone_bytes": mean(len(alone.compress(body)) for body in sample),
    }
