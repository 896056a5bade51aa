"""Looks back over a node's stored reports: since when it has its health."""

from django.db.models import Q

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.reports.models import Report


def health_since(customer_pk: int, health: str | None) -> int | None:
    """The position (milliseconds) of the first report of the unbroken run, up to the newest, that has `health`."""
    reports = Report.objects.filter(customer_id=customer_pk)
    other = reports.exclude(health=health) if health is not None else reports.exclude(health__isnull=True)
    before = other.order_by("-position_at", "-digest").values_list("position_at", "digest").first()
    run = reports.order_by("position_at", "digest")
    if before is not None:
        position_at, digest = before
        # gte beside the exact condition, since it alone can use the index.
        behind = Q(position_at__gt=position_at) | Q(position_at=position_at, digest__gt=digest)
        run = run.filter(behind, position_at__gte=position_at)
    first = run.values_list("position_at", flat=True).first()
    return None if first is None else to_milliseconds(first)
