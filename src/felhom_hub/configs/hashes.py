"""Keeps true what each box should report: the hash of the file that the hub would make for it now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from django.conf import settings

from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import SecretsError
from felhom_hub.configs.generate import Generated, generate, generate_all
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.template import current_template
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.queries import customer_of
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.wanted import expect_hashes

# All files are made again after this time even where nothing seems to have changed: another hub on the same database
# may have noted hashes that this one does not know of.
RENEWED_AFTER = timedelta(hours=1)
_AT_ONCE = 200


@dataclass(frozen=True)
class Noted:
    """For how many boxes another file is expected than before, and for how many none can be made."""

    changed: int
    failed: int


@dataclass
class Inputs:
    """What the files were made of when they were last made, and when that was; the job has one a process."""

    fingerprint: str = ""
    made_at: datetime | None = None


def expect_all_files(now: datetime, *, last: Inputs) -> Noted | None:
    """Every managed box is expected to report the file of now; None where nothing has changed since `last`."""
    fingerprint = _fingerprint()
    is_recent = last.made_at is not None and now - RENEWED_AFTER < last.made_at <= now
    if is_recent and fingerprint == last.fingerprint:
        return None
    changed = failed = 0
    every = generate_all()
    while portion := list(islice(every, _AT_ONCE)):
        hashes = {customer.pk: _hash_of(made) for customer, made in portion}
        changed += expect_hashes(hashes)
        failed += sum(each is None for each in hashes.values())
    last.fingerprint, last.made_at = fingerprint, now
    return Noted(changed, failed)


def expect_file(customer_id: str) -> None:
    """The managed customer's box is expected to report the file of now: for who has just changed what goes into it."""
    customer = customer_of(customer_id)
    try:
        made = generate(customer).sha256
    except (Conflict, SecretsError):
        made = None  # its page says why when somebody looks at it
    expect_hashes({customer.pk: made})


def _hash_of(made: Generated | str) -> str | None:
    return made.sha256 if isinstance(made, Generated) else None


def _fingerprint() -> str:
    """Changes with everything that goes into a file, and with who reports; opens no secret."""
    digest = sha256()
    for row in _inputs():
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _inputs() -> Iterator[Any]:
    yield settings.HUB.server.public_url, current_template(), NodeState.objects.count()
    managed = Customer.objects.filter(is_managed=True).order_by("pk")
    yield from managed.values_list("pk", "customer_id", "name", "domain", "email").iterator()
    yield from CustomerConfig.objects.order_by("pk").values_list("pk", "changed_at").iterator()
    # A secret that is replaced is another row.
    yield from Credential.objects.filter(revoked_at=None).order_by("pk").values_list("pk", "kind").iterator()
