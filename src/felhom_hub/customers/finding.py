"""Customers as lists order and search them, without case and accents, as expressions of the database."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.expressions import Expression
from django.db.models.functions import Lower, StrIndex
from django.db.models.lookups import GreaterThan

from felhom_hub.base.statements import ByCodePoint

# An id is ASCII (`identity.py`).
FOLDED_ID: Final = Lower("customer_id", output_field=TextField())
# Of the name that is shown: the id's where there is none.
BY_NAME: Final = ByCodePoint(Case(When(name="", then=FOLDED_ID), default=F("folded_name"), output_field=TextField()))

FOLDED_NAMES: Final = (F("folded_name"), FOLDED_ID)


def hold(texts: Iterable[Expression | F], wanted: str) -> Q:
    """True of a customer one of whose texts holds the folded one; an empty text is held by all."""
    return reduce(or_, (Q(GreaterThan(StrIndex(text, Value(wanted)), 0)) for text in texts))
