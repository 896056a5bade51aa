"""Customers as lists order and search them, without case and accents, as expressions of the database."""

from typing import Final

from django.db.models import Case, F, Func, TextField, Value, When
from django.db.models.functions import Lower

from felhom_hub.base.statements import ByCodePoint

# An id is ASCII (`identity.py`).
FOLDED_ID: Final = Lower("customer_id", output_field=TextField())
# Of the name that is shown: the id's where there is none.
BY_NAME: Final = ByCodePoint(Case(When(name="", then=FOLDED_ID), default=F("folded_name"), output_field=TextField()))
# Name, id and town, a line each.
FOLDED_TEXT: Final = Func(
    F("folded_name"), Value("\n"), FOLDED_ID, Value("\n"), F("folded_town"),
    template="%(expressions)s", arg_joiner=" || ", output_field=TextField(),
)  # fmt: skip
