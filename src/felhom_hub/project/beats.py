"""The hub's pulse: every few seconds a beat goes the way of a report, through the writer and into the database.

With it goes what was noted of the use of keys since.
"""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta

from felhom_hub.base.errors import ApiError
from felhom_hub.base.instants import utc_now
from felhom_hub.base.writer import Writer
from felhom_hub.customers.uses import record_uses, take_uses
from felhom_hub.watch.hearing import BEAT_SECONDS, record_beats
from felhom_hub.watch.pulse import Pulse, Reading

# A report that was refused and has not come again counts so long against the hub's hearing: one reporting period.
REFUSAL_COUNTS_SECONDS = 900.0


async def beat_until(stopping: asyncio.Event, writer: Writer) -> None:
    """Beats until the hub stops; a beat that cannot be stored is missing from the ledger, which is what it is for."""
    pulse = Pulse()
    while not stopping.is_set():
        reading = read_clocks()
        is_hearing = writer.recent_refusal(within_seconds=REFUSAL_COUNTS_SECONDS) is None
        try:
            await writer.submit(record_beats, pulse.beat(reading, is_hearing=is_hearing))
        except ApiError:
            pulse.missed()
        else:
            if is_hearing:
                pulse.landed(reading)
        await _store_uses(writer)
        try:
            await asyncio.wait_for(stopping.wait(), BEAT_SECONDS)
        except TimeoutError:
            continue
    await _store_uses(writer)


async def _store_uses(writer: Writer) -> None:
    uses = take_uses()
    if uses:
        with suppress(ApiError):  # the next use of each key is noted anew
            await writer.submit(record_uses, uses)


def read_clocks() -> Reading:
    """What the clocks of this machine say now."""
    running = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # Linux alone counts the sleep
    return Reading(utc_now(), timedelta(seconds=time.clock_gettime(running)), timedelta(seconds=time.monotonic()))
