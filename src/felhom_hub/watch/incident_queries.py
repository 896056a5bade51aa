"""Questions about incidents: the open ones, those that ended lately, one with its nodes, and what they share."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from felhom_hub.customers.models import Customer
from felhom_hub.watch.common_cause import Traits, parent_domain
from felhom_hub.watch.models import Incident, IncidentNode

_LARGEST_KEY = 2**63 - 1  # PostgreSQL refuses to compare a key with more


_TRAITS: Sequence[tuple[str, Callable[[Traits], str]]] = (
    ("Controller {}", lambda traits: traits.version),
    ("Town {}", lambda traits: traits.town),
    ("Under {}", lambda traits: parent_domain(traits.domain)),
)


@dataclass(frozen=True, slots=True)
class KnownIncident:
    """One incident with how many of its nodes are silent still, and how many have come back."""

    pk: int
    opened_at: datetime
    ended_at: datetime | None
    silent_since_at: datetime
    nodes: int
    fleet: int
    trait: str
    silent: int
    back: int

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Member:
    """One node of an incident; `left_at` is None while the incident is open and it is silent."""

    customer_pk: int
    customer_id: str
    name: str
    town: str
    is_deleted: bool
    heard_at: datetime
    joined_at: datetime
    left_at: datetime | None
    is_back: bool


@dataclass(frozen=True, slots=True)
class Share:
    """One trait: how many of the silent nodes have it, and how many of all others."""

    label: str
    silent_with: int
    silent: int
    others_with: int
    others: int

    @property
    def silent_percent(self) -> float:
        """The part of the silent nodes that has it."""
        return 100 * self.silent_with / self.silent if self.silent else 0

    @property
    def others_percent(self) -> float:
        """The part of all others that has it."""
        return 100 * self.others_with / self.others if self.others else 0

    @property
    def is_telling(self) -> bool:
        """True where all the silent ones have it and not all others do."""
        return self.silent_with == self.silent and self.others_with < self.others


def open_incidents(*, limit: int) -> list[KnownIncident]:
    """The open incidents, the largest first."""
    return _known(Incident.objects.filter(ended_at=None).order_by("-nodes", "-pk"), limit)


def ended_incidents(*, since: datetime, limit: int) -> list[KnownIncident]:
    """Those that have ended since then, the last first."""
    return _known(Incident.objects.filter(ended_at__gte=since).order_by("-ended_at", "-pk"), limit)


def incident_by_number(number: int) -> KnownIncident | None:
    """The incident with that number, or None."""
    if not 0 < number <= _LARGEST_KEY:
        return None
    return next(iter(_known(Incident.objects.filter(pk=number), 1)), None)


def members_of(incident_pk: int, *, limit: int) -> list[Member]:
    """The nodes of an incident: those that did not come back first, and of them the longest silent."""
    rows = IncidentNode.objects.filter(incident_id=incident_pk).order_by("is_back", "heard_at", "pk")
    whose = ("customer__customer_id", "customer__name", "customer__town", "customer__deleted_at")
    names = ("customer_id", *whose, "heard_at", "joined_at", "left_at", "is_back")
    return [
        Member(pk, customer_id, name, town, deleted_at is not None, *rest)
        for pk, customer_id, name, town, deleted_at, *rest in rows.values_list(*names)[:limit]
    ]


def open_incident_of(customer_pk: int) -> int | None:
    """The number of the open incident that the customer's node belongs to, while it is silent."""
    return (
        IncidentNode.objects.filter(customer_id=customer_pk, left_at=None).values_list("incident_id", flat=True).first()
    )


def silent_members(incident_pk: int) -> dict[int, str]:
    """The nodes of an incident that are silent still: the customer's key, and its written tags."""
    members = IncidentNode.objects.filter(incident_id=incident_pk, left_at=None)
    return dict(members.values_list("customer_id", "customer__tags"))


def others_heard(incident_pk: int, *, since: datetime) -> int:
    """How many servers that are not silent in the incident have reported since then."""
    members = IncidentNode.objects.filter(incident_id=incident_pk, left_at=None).values("customer_id")
    heard = Customer.objects.filter(blocked_at=None, node__last_received_at__gte=since)
    return heard.exclude(pk__in=members).count()


def shares_of(incident_pk: int) -> list[Share]:
    """What most of the incident's silent nodes have in common, as they and all others are known now.

    One reading of the fleet's traits; a trait that none of the silent nodes is known to have is left out.
    """
    of_incident = IncidentNode.objects.filter(incident_id=incident_pk, left_at=None)
    silent_pks = set(of_incident.values_list("customer_id", flat=True))
    watched = Customer.objects.filter(blocked_at=None, node_level__isnull=False)
    rows = watched.values_list("pk", "node__controller_version", "town", "domain")
    silent: list[Traits] = []
    others: list[Traits] = []
    for pk, *traits in rows:
        (silent if pk in silent_pks else others).append(Traits(*(each or "" for each in traits)))
    found = (_share(label, value_of, silent, others) for label, value_of in _TRAITS)
    return [share for share in found if share is not None]


def _share(
    label: str, value_of: Callable[[Traits], str], silent: Sequence[Traits], others: Sequence[Traits]
) -> Share | None:
    counted = Counter(value for traits in silent if (value := value_of(traits)))
    if not counted:
        return None
    value, silent_with = counted.most_common(1)[0]
    others_with = sum(value_of(traits) == value for traits in others)
    return Share(label.format(value), silent_with, len(silent), others_with, len(others))


def _known(incidents: QuerySet[Incident], limit: int) -> list[KnownIncident]:
    counted = incidents.annotate(
        silent=Count("members", filter=Q(members__left_at=None)),
        back=Count("members", filter=Q(members__is_back=True)),
    )
    return [KnownIncident(*row) for row in counted.values_list(*KnownIncident.__dataclass_fields__)[:limit]]
