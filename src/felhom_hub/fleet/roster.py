"""Where every server stands, in one query: how many there are of each kind, and which.

A kind is all that counting needs, so there are some dozens of them however large the fleet is, and the database hands
over the keys of each as one text. In which order servers are listed is said by `ranking.py`, and those that are shown
are read whole by `reports.summary`.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from django.db.models import BigIntegerField, BinaryField, Case, F, Func, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Coalesce, Greatest, Least

from felhom_hub.base.statements import Among, Keys, Statement, keys_in, keys_text, statement_of
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import Problem
from felhom_hub.fleet.backups import BACKUP_OVERDUE_AFTER
from felhom_hub.fleet.clock import Clock
from felhom_hub.fleet.places import BLOCKED, LISTED, place_at, silent_at
from felhom_hub.reports.arrivals import CELL_MS, LAST_HOUR_BYTES, LAST_HOUR_CELLS

BACKUP_OVERDUE_MS = BACKUP_OVERDUE_AFTER // timedelta(milliseconds=1)

Places = list[list[int]]  # the keys of the servers that stand in each of LISTED


class Kind(NamedTuple):
    """Servers that stand in one place, and whose last hour of reports looks alike.

    `arrivals` are its cells, empty where there was no report yet; the ages of the first and last report are in cells.
    """

    place: int
    arrivals: bytes
    age: int
    silence: int
    is_silent: bool
    lacks_backup: bool
    pks: list[int]
    is_lenient: bool = False  # they report less often than the fleet: not every quarter of an hour is due
    differs: bool = False  # their configuration is another than the hub's
    is_lost: bool = False  # they could not be rebuilt from what the hub has
    is_managed: bool = False
    is_comparable: bool = False  # whether they run the hub's configuration can be told

    def has(self, problem: Problem) -> bool:
        """Whether these servers have a problem that can be told of each by itself."""
        return {
            Problem.SILENT: self.is_silent,
            Problem.NO_BACKUP: self.lacks_backup,
            Problem.CONFIG: self.differs,
            Problem.UNRECOVERABLE: self.is_lost,
        }[problem]


class Census(NamedTuple):
    """Every server, blocked ones included."""

    kinds: list[Kind]

    @property
    def listed(self) -> Iterator[Kind]:
        """The kinds of those that are not blocked."""
        return (kind for kind in self.kinds if kind.place != BLOCKED)

    @property
    def reporting(self) -> list[Kind]:
        """The kinds of those that have reported and are not blocked."""
        return [kind for kind in self.listed if kind.arrivals]

    @property
    def blocked(self) -> int:
        """How many are blocked."""
        return sum(len(kind.pks) for kind in self.kinds if kind.place == BLOCKED)

    def having(self, problem: Problem) -> list[int]:
        """Who of the listed has a problem that can be told of each by itself, in no order."""
        return [pk for kind in self.listed if kind.has(problem) for pk in kind.pks]

    def standing(self) -> Places:
        """Who stands in each listed place, in no order."""
        places: Places = [[] for _ in LISTED]
        for kind in self.listed:
            places[kind.place] += kind.pks
        return places


def read_census(clock: Clock) -> Census:
    """All customers, by their kinds."""
    return Census([_kind(*row) for row in _census().rows(moments(clock))])


def names_of(pks: Collection[int]) -> Mapping[int, str]:
    """The shown names of these customers, by key."""
    rows = Customer.objects.filter(Among("pk", keys_text(pks))).values_list("pk", "name", "customer_id")
    return {pk: name or customer_id for pk, name, customer_id in rows}


# Queries are put together once, for a time that never was; `moments` puts the real one in its place.
NEVER: Final = Clock(datetime.min.replace(tzinfo=UTC), now_ms=-(10**15), stale_ms=10**12, down_ms=10**13)


def moments(clock: Clock) -> dict[int | str, int | str]:
    """The moments that the queries compare with, in place of those of `NEVER`."""

    def each(at: Clock) -> tuple[int, ...]:
        return at.now_ms, at.now_ms - at.stale_ms, at.now_ms - at.down_ms, at.now_ms - BACKUP_OVERDUE_MS

    return dict(zip(each(NEVER), each(clock), strict=True))


# What tells kinds apart is one number, but for the cells: grouping by several columns takes the database twice as long.
# Each is the first one of its bits; the place is in those below.
_AGE, _SILENCE, _IS_SILENT, _LACKS_BACKUP, _IS_LENIENT, _DIFFERS, _IS_LOST = 3, 7, 11, 12, 13, 14, 15
_IS_MANAGED, _IS_COMPARABLE = 16, 17
_MOST = 15


def _kind(number: int, heard: bytes | None, keys: str) -> Kind:
    return Kind(
        number & (1 << _AGE) - 1,
        bytes(heard or b""),
        number >> _AGE & _MOST,
        number >> _SILENCE & _MOST,
        bool(number >> _IS_SILENT & 1),
        bool(number >> _LACKS_BACKUP & 1),
        keys_in(keys),
        bool(number >> _IS_LENIENT & 1),
        bool(number >> _DIFFERS & 1),
        bool(number >> _IS_LOST & 1),
        bool(number >> _IS_MANAGED & 1),
        bool(number >> _IS_COMPARABLE & 1),
    )


@lru_cache(maxsize=1)
def _census() -> Statement:
    parts = (
        (place_at(NEVER), 0),
        (_cells_since("node__first_received_at"), _AGE),
        (_cells_since("node__last_received_at"), _SILENCE),
        (_flag(silent_at(NEVER)), _IS_SILENT),
        (_flag(_without_backup()), _LACKS_BACKUP),
        (_flag(Q(node__allowance_ms__gt=0)), _IS_LENIENT),
        (_flag(config_differs()), _DIFFERS),
        (_flag(Q(recovery_check__rank=0)), _IS_LOST),
        (_flag(Q(is_managed=True)), _IS_MANAGED),
        (_flag(config_known()), _IS_COMPARABLE),
    )
    number: Combinable = Value(0)
    for part, bit in parts:
        number = _whole(number, "+", _whole(part, "*", Value(1 << bit)))
    heard = Func("node__arrivals", 1, LAST_HOUR_BYTES, function="SUBSTR", output_field=BinaryField())
    kinds = everybody().annotate(number=number, heard=heard).values("number", "heard").annotate(keys=Keys("pk"))
    return statement_of(kinds.values_list("number", "heard", "keys"))


def everybody() -> "QuerySet[Customer]":
    """All customers, in no order."""
    return Customer.objects.order_by()


def _cells_since(name: str) -> Combinable:
    """How many whole cells ago that was, as far as it counts: neither a time ahead of ours nor a long ago one does."""
    since = _whole(_whole(Value(NEVER.now_ms), "-", F(name)), "/", Value(CELL_MS))
    return Coalesce(Greatest(Least(since, Value(LAST_HOUR_CELLS)), Value(0)), Value(0), output_field=BigIntegerField())


def _whole(left: Combinable, sign: str, right: Combinable) -> CombinedExpression:
    return CombinedExpression(left, sign, right, output_field=BigIntegerField())


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0))


def _without_backup() -> Q:
    """True of a customer that reports, but has no good backup from last night, or says nothing of any."""
    overdue = Q(node__last_backup_at__lt=NEVER.now_ms - BACKUP_OVERDUE_MS)
    return Q(node__isnull=False) & (Q(node__last_backup_at=None) | Q(node__last_backup_ok=False) | overdue)


def config_known() -> Q:
    """True of a customer of whose box `reports/config_sync.py` can tell whether it runs the hub's configuration."""
    return Q(node__config_hash__isnull=False, node__expected_hash__isnull=False)


def config_differs() -> Q:
    """True of a customer whose box is a mismatch by `reports/config_sync.py`."""
    is_same = Q(node__same_hash__isnull=False, node__same_hash=F("node__config_hash"))
    return config_known() & ~Q(node__config_hash=F("node__expected_hash")) & ~is_same
