"""Which addresses are not mailed any more, as the mail provider says; and until when: an operator lifts it.

Mail to an address that does not take it harms the mail to all others: a sender is judged by it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from felhom_hub.base.errors import NotFound
from felhom_hub.base.tolerant import as_line
from felhom_hub.notify.models import Preferences, Suppression
from felhom_hub.operators.audit import Actor, record_audit

MAX_ADDRESS = 320  # with the name that may stand before it
REASONS: Mapping[str, str] = {
    Suppression.Cause.BOUNCED.value: "mail to the address came back",
    Suppression.Cause.COMPLAINED.value: "the owner of the address called our mail spam",
}


@dataclass(frozen=True, slots=True)
class Held:
    """Why an address is not mailed; `words` are the provider's."""

    reason: str
    words: str
    at: datetime


def plain(address: str) -> str:
    """The address alone, in lower case: without the name that may stand before it."""
    return parseaddr(as_line(address, MAX_ADDRESS))[1].lower()


def suppressed(addresses: Iterable[str]) -> dict[str, str]:
    """Those of the addresses that are not mailed, plain, each with the reason in words."""
    wanted = {plain(address) for address in addresses if address}
    rows = Suppression.objects.filter(address__in=wanted).values_list("address", "cause") if wanted else ()
    return {address: REASONS[cause] for address, cause in rows}


def held_address(address: str) -> Held | None:
    """Why, and since when, the address is not mailed; None where it is."""
    row = Suppression.objects.filter(address=plain(address)).first() if address else None
    return Held(REASONS[row.cause], row.words, row.at) if row else None


def customers_at(address: str) -> QuerySet[Preferences]:
    """The wishes of the customers that are mailed at the plain address."""
    return Preferences.objects.annotate(plain=Lower("email")).filter(plain=address)


def operator_address() -> str:
    """The operator's plain address; may be empty."""
    return plain(settings.HUB.notifications.operator_email)


def mail_again(address: str, *, now: datetime, by: Actor) -> None:
    """The address is mailed again from now on. Raises NotFound where it is mailed anyway."""
    with transaction.atomic():
        removed, _ = Suppression.objects.filter(address=plain(address)).delete()
        if not removed:
            raise NotFound("Mail to this address is not held back")
        names = customers_at(plain(address)).values_list("customer__customer_id", flat=True)
        for customer_id in sorted(names) or [""]:
            record_audit("address_mailed_again", by=by, now=now, customer_id=customer_id)


def forget_address(address: str) -> None:
    """Nothing is kept of an address that nobody has any more."""
    if address and plain(address) != operator_address() and not customers_at(plain(address)).exists():
        Suppression.objects.filter(address=plain(address)).delete()
