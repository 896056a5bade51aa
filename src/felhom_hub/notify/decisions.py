"""The kept decisions about events: one for each audience and channel, and one more where a message was sent again."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from felhom_hub.notify.ledger import Kept
from felhom_hub.notify.models import Delivery

_COLUMNS = (
    "pk", "event_id", "event_type", "audience", "channel", "recipient", "result", "reason", "answer", "attempts",
    "inputs", "again_of_id", "at", "next_at", "ended_at", "customer_id",
)  # fmt: skip


def decisions_about(event_pks: Collection[int]) -> dict[int, list[Kept]]:
    """The decisions about each of the events, in the order in which they were made; one query for all of them."""
    found: dict[int, list[Kept]] = {pk: [] for pk in event_pks}
    rows = Delivery.objects.filter(event_id__in=event_pks).order_by("pk").values_list(*_COLUMNS)
    for pk, event_pk, *middle, inputs, again_of, at, next_at, ended_at, customer_pk in rows:
        row = (pk, event_pk, *middle, _inputs(inputs), again_of, at, next_at, ended_at, customer_pk is None)
        found[event_pk].append(Kept(*row))
    return found


def _inputs(written: str) -> Mapping[str, Any]:
    """What was kept; nothing where it is damaged, for the page must show the rest."""
    try:
        inputs = json.loads(written)
    except ValueError:
        return {}
    return inputs if isinstance(inputs, dict) else {}
