"""What may have been meant by a text that nothing fits: the customer or app whose name, or a word of it, is nearest."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet

from felhom_hub.base.words import count_words
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.matching import nearest
from felhom_hub.fleet.order import sort_name
from felhom_hub.fleet.rows import customer_path
from felhom_hub.telemetry.queries import KnownApp, known_apps

M = TypeVar("M")

_MIN_WORD = 4  # shorter words are alike by chance


@dataclass(frozen=True, slots=True)
class Guess:
    """A page that may have been meant; `note` is a sentence about it, or empty."""

    name: str
    path: str
    note: str = ""


def guess_of(text: str) -> Guess | None:
    """What is nearest to the text; None where nothing is near."""
    named: dict[str, KnownApp | tuple[str, str]] = {}
    for app in known_apps():
        _name(named, app, sort_name(app.app_name), sort_name(app.display_name))
    for customer_id, name, folded_name in _customers():
        _name(named, (customer_id, name), customer_id.lower(), folded_name)
    meant = nearest(sort_name(text), named)
    return meant if meant is None else _guess(meant)


def _customers() -> "QuerySet[Customer, tuple[str, str, str]]":
    return Customer.objects.order_by("customer_id").values_list("customer_id", "name", "folded_name")


def _name(named: dict[str, M], meant: M, *names: str) -> None:
    """Each of the names and of their longer words means this, unless it has a meaning already."""
    for name in names:
        named.setdefault(name, meant)
        words = name.split()
        if len(words) > 1:
            for word in words:
                if len(word) >= _MIN_WORD:
                    named.setdefault(word, meant)


def _guess(meant: KnownApp | tuple[str, str]) -> Guess:
    if isinstance(meant, KnownApp):
        count = meant.installations
        note = f"{count_words(count, 'server')} run{'s' if count == 1 else ''} it."
        return Guess(meant.display_name or meant.app_name, meant.path, note)
    customer_id, name = meant
    return Guess(name or customer_id, customer_path(customer_id))
