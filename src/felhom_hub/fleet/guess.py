"""What may have been meant by a text that nothing fits: the customer or app whose name, or a word of it, is nearest."""

from collections.abc import Iterator
from dataclasses import dataclass

from felhom_hub.base.words import count_words
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.matching import nearest
from felhom_hub.fleet.order import sort_name
from felhom_hub.fleet.rows import customer_path
from felhom_hub.telemetry.queries import known_apps

_MIN_WORD = 4  # shorter words are alike by chance


@dataclass(frozen=True, slots=True)
class Guess:
    """A page that may have been meant; `note` is a sentence about it, or empty."""

    name: str
    path: str
    note: str = ""


def guess_of(text: str) -> Guess | None:
    """What is nearest to the text; None where nothing is near."""
    named: dict[str, Guess] = {}
    for guess, names in _known():
        for name in map(sort_name, names):
            for written in (name, *(word for word in name.split() if len(word) >= _MIN_WORD)):
                named.setdefault(written, guess)
    return nearest(sort_name(text), named)


def _known() -> Iterator[tuple[Guess, tuple[str, str]]]:
    for app in known_apps():
        count = app.installations
        note = f"{count_words(count, 'server')} run{'s' if count == 1 else ''} it."
        yield Guess(app.display_name or app.app_name, app.path, note), (app.app_name, app.display_name)
    for customer_id, name in Customer.objects.order_by("customer_id").values_list("customer_id", "name"):
        yield Guess(name or customer_id, customer_path(customer_id)), (customer_id, name)
