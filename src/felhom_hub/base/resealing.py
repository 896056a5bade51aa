"""Seals what lies in the database anew with the active key, so that an older key can be retired.

Each room says where its envelopes are and what each is bound to (`register_envelopes`). A row changes only if its
envelope is still the one that was opened: whatever a hub that serves meanwhile writes wins. What was resealed is
recognised by its envelope, so a run that was killed is simply run again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Substr

from felhom_hub.base.secrets import SecretsError, head_of, keyring

_ROWS, _CHARACTERS = 50, 1 << 20  # of a transaction, for whose end the intake waits


@dataclass(frozen=True)
class Envelopes:
    """A model whose field `envelope` is sealed for `purpose_of(*values of columns)`; an empty one holds nothing."""

    model: type[models.Model]
    columns: tuple[str, ...]
    purpose_of: Callable[..., str]


@dataclass(frozen=True)
class Portion:
    """What one transaction did: rows resealed, and rows that no key opens, by model and primary key."""

    resealed: int
    unreadable: tuple[str, ...]


_rooms: dict[type[models.Model], Envelopes] = {}


def register_envelopes(model: type[models.Model], columns: tuple[str, ...], purpose_of: Callable[..., str]) -> None:
    """The model's envelopes are among those that are sealed anew."""
    _rooms[model] = Envelopes(model, columns, purpose_of)


def sealed_models() -> set[type[models.Model]]:
    """The models whose envelopes are known here."""
    return set(_rooms)


def count_sealed_with(key_id: str) -> int:
    """How many envelopes in the database were sealed with the key."""
    head = head_of(key_id)
    return sum(_rows(room, head).filter(head=head).count() for room in _rooms.values())


def count_to_reseal() -> int:
    """How many envelopes in the database were sealed with another key than the active one."""
    head = head_of(keyring().keys[0].key_id)
    return sum(_rows(room, head).exclude(head=head).count() for room in _rooms.values())


def reseal() -> Iterator[Portion]:
    """Every envelope that a key of ours opens was sealed with the active key; one portion to a transaction.

    Raises SecretsError when there are no keys.
    """
    head = head_of(keyring().keys[0].key_id)
    for room in _rooms.values():
        waiting = _rows(room, head).exclude(head=head).order_by("pk").values_list("pk", flat=True)
        keys = list(waiting[:_ROWS])
        while keys:
            last, portion = _reseal_some(room, keys)
            yield portion
            keys = list(waiting.filter(pk__gt=last)[:_ROWS])


def _reseal_some(room: Envelopes, keys: list[int]) -> tuple[int, Portion]:
    """The rows of these keys, as far as they fit a transaction; the last key, and what was done."""
    changes, unreadable, size, last = [], [], 0, keys[0]
    for pk in keys:
        last = pk
        found = room.model._default_manager.filter(pk=pk).values_list("envelope", *room.columns).first()
        if found is None or not found[0]:
            continue
        envelope, *values = found
        purpose = room.purpose_of(*values)
        try:
            changes.append((pk, envelope, keyring().seal(keyring().open(envelope, purpose=purpose), purpose=purpose)))
        except SecretsError:
            unreadable.append(f"{room.model._meta.verbose_name} {pk}")
        size += len(envelope)
        if size >= _CHARACTERS:
            break
    with transaction.atomic():
        resealed = sum(
            room.model._default_manager.filter(pk=pk, envelope=before).update(envelope=after)
            for pk, before, after in changes
        )
    return last, Portion(resealed, tuple(unreadable))


def _rows(room: Envelopes, head: str) -> Any:
    """Those that hold something, with their envelope's `head`: SQLite's LIKE would not tell K1 from k1."""
    rows = room.model._default_manager.exclude(envelope="")
    return rows.annotate(head=Substr("envelope", 1, len(head)))
