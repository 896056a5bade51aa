"""Every version of a configuration: what the form had after a change, with who changed what and when.

A version is sealed like the overrides that it holds. Tokens and keys are not in it: one that was replaced or removed is
gone for good, and no version brings it back. A deletion of the customer takes its versions along.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from felhom_hub.base.secrets import open_sealed, seal
from felhom_hub.configs.models import ConfigVersion, CustomerConfig
from felhom_hub.configs.queries import details_of, settings_of
from felhom_hub.configs.settings import Settings, written_settings
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import Actor

_COLUMNS: Final = ("number", "at", "by", "address", "changed", "restored")
_BEFORE_THE_FIRST: Final = Actor("")


@dataclass(frozen=True)
class Content:
    """What the operator has entered for a customer, but for its tokens."""

    details: Details
    settings: Settings = field(repr=False)

    @property
    def values(self) -> dict[str, str]:
        """The same by the names of the form's fields; an empty one may be missing."""
        return {**asdict(self.details), **written_settings(self.settings)}

    def differing(self, other: "Content") -> list[str]:
        """The names of the fields that have another value there."""
        ours, theirs = self.values, other.values
        return [name for name in ours | theirs if ours.get(name, "") != theirs.get(name, "")]


@dataclass(frozen=True)
class Version:
    """One version; `changed` names fields of the form, `by` is empty for what was there before the first change."""

    number: int
    at: datetime
    by: str
    address: str
    changed: Sequence[str]
    restored: int | None


def content_of(customer: Customer) -> Content:
    """What is entered now; raises SecretsError."""
    return Content(details_of(customer), settings_of(customer))


def keep_first(customer: Customer, content: Content, *, now: datetime, by: Actor) -> None:
    """The customer's first version, of a configuration that was just made."""
    _keep(customer, 1, content, changed=(), restored=None, now=now, by=by)


def keep_version(
    customer: Customer,
    before: Content,
    after: Content,
    *,
    tokens: Collection[str] = (),
    restored: int | None = None,
    now: datetime,
    by: Actor,
) -> None:
    """The next version, if anything changed; before the first one, what was there.

    In the caller's transaction, with the customer's row locked. `tokens` says what was done with which token. Raises
    SecretsError.
    """
    changed = [*before.differing(after), *tokens]
    if not changed:
        return
    number = _newest(customer.pk)
    if number == 0:  # made by a hub that kept no versions yet
        number = 1
        since = CustomerConfig.objects.filter(customer=customer).values_list("changed_at", flat=True).first()
        at = since or customer.created_at
        _keep(customer, number, before, changed=(), restored=None, now=at, by=_BEFORE_THE_FIRST)
    _keep(customer, number + 1, after, changed=changed, restored=restored, now=now, by=by)


def versions_of(customer_pk: int, *, below: int | None, limit: int) -> list[Version]:
    """The customer's versions, the newest first, at most so many; with `below` those with smaller numbers."""
    rows = ConfigVersion.objects.filter(customer_id=customer_pk).order_by("-number")
    if below is not None:
        rows = rows.filter(number__lt=below)
    return [Version(*row) for row in rows.values_list(*_COLUMNS)[:limit]]


def version_of(customer: Customer, number: int) -> tuple[Version, Content] | None:
    """The version with what it holds; None where there is none of that number. Raises SecretsError."""
    rows = ConfigVersion.objects.filter(customer=customer, number=number)
    row = rows.values_list("envelope", *_COLUMNS).first()
    if row is None:
        return None
    opened = open_sealed(row[0], purpose=purpose_of(customer.customer_id, number))
    return Version(*row[1:]), msgspec.json.decode(opened, type=Content)


def forget_versions(customer_pk: int) -> None:
    """The customer has no versions; in the caller's transaction."""
    ConfigVersion.objects.filter(customer_id=customer_pk).delete()


def purpose_of(customer_id: str, number: int) -> str:
    """Ties an envelope to its version: copied to another row, it does not open."""
    return f"config-version:{customer_id}:{number}"


def _newest(customer_pk: int) -> int:
    return next((version.number for version in versions_of(customer_pk, below=None, limit=1)), 0)


def _keep(
    customer: Customer,
    number: int,
    content: Content,
    *,
    changed: Sequence[str],
    restored: int | None,
    now: datetime,
    by: Actor,
) -> None:
    ConfigVersion.objects.create(
        customer=customer,
        number=number,
        at=now,
        by=by.name,
        address=by.address,
        changed=list(changed),
        restored=restored,
        envelope=seal(msgspec.json.encode(content), purpose=purpose_of(customer.customer_id, number)),
    )
