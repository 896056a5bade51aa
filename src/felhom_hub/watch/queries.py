"""Questions about silence: when the hub was deaf."""

from datetime import datetime, timedelta

from felhom_hub.watch.deaf_time import Span, within
from felhom_hub.watch.hearing import ALLOWED_GAP
from felhom_hub.watch.models import DeafSpan, Hearing

# No node that counts as heard or late was heard longer ago, unless the hub was deaf for as long.
LEDGER = timedelta(days=90)
_MOST = 1000  # the newest: a hub that starts again and again fills a ledger


def deaf_spans(since: datetime, until: datetime) -> list[Span]:
    """When no hub could hear between the two, in order and joined; that it is deaf now is told by what is missing."""
    # In this order: the beat that ends deaf time may be stored between the two, and then the row has it.
    heard_until = Hearing.objects.values_list("at", flat=True).first()
    rows = DeafSpan.objects.filter(to_at__gt=since, from_at__lt=until).order_by("-to_at")
    spans = [Span(*row) for row in rows.values_list("from_at", "to_at")[:_MOST]]
    if heard_until is not None and until - heard_until > ALLOWED_GAP:
        spans.append(Span(heard_until, until))
    return within(spans, since, until)
