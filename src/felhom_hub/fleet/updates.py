"""Which servers run a controller that is older than the newest release."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count

from felhom_hub.controllers.releases import Offer, offer_now
from felhom_hub.controllers.versions import parse_version
from felhom_hub.reports.models import NodeState


@dataclass(frozen=True, slots=True)
class Updates:
    """The newest release, empty where none is known, and the versions behind it as reports write them."""

    newest: str = ""
    behind: Mapping[str, int] = field(default_factory=dict)  # with how many servers, blocked ones left out
    current: int = 0  # how many servers run the newest or a later one
    running: int = 0  # how many report at all; of those that are neither, the version is none

    @property
    def servers(self) -> int:
        """How many servers are behind."""
        return sum(self.behind.values())

    def newer_than(self, version: str | None) -> str:
        """The release that a server of this version could have; empty for none."""
        return self.newest if version in self.behind else ""


def updates_now(offer: Offer | None = None) -> Updates:
    """What the fleet runs against what is on offer; one query where nothing is, else two. A fleet has few versions."""
    known = offer_now() if offer is None else offer
    if not known.newest:
        return Updates()
    running = NodeState.objects.filter(customer__blocked_at=None).order_by().values_list("controller_version")
    counts = dict(running.annotate(servers=Count("pk")))
    behind = {version: count for version, count in counts.items() if known.is_behind(version)}
    current = sum(count for version, count in counts.items() if parse_version(version) and version not in behind)
    return Updates(known.newest, behind, current, sum(counts.values()))


def servers_behind(updates: Updates) -> frozenset[int]:
    """The keys of the customers whose servers are behind."""
    running = NodeState.objects.filter(customer__blocked_at=None).values_list("customer_id", "controller_version")
    return frozenset(pk for pk, version in running if version in updates.behind)
