"""Fills a hub's database with a life as the Go hub had it, and then every table that is still empty with odd rows.

`python filling.py` with FELHOM_HUB_CONFIG: a process of its own, whose database is no test's.
"""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import django

ODD_TEXT = "Őrült 😀 \\N \\. '\"\t\r\n\x01 =1+1"
_BYTES = bytes(range(256))
_VALUES: dict[str, Any] = {
    "BigIntegerField": 2**63 - 1,
    "BinaryField": _BYTES,
    "BooleanField": True,
    "DateField": date(2026, 11, 23),
    "FloatField": 0.1 + 0.2,
    "IntegerField": -(2**31),
    "JSONField": {"b": [1e22, -0.0, 1.10, None, True], "a": ODD_TEXT},
    "PositiveBigIntegerField": 2**63 - 1,
    "PositiveIntegerField": 7,
    "PositiveSmallIntegerField": 7,
}
# What the table's own rules ask for.
_DUE: dict[str, dict[str, Any]] = {
    "operators_generatedpassword": {"id": 1},
    "silences_silence": {"reach": "all", "tag": ""},
}


def main() -> None:
    django.setup()
    from django.apps import apps  # noqa: PLC0415 - after Django is set up
    from tests.legacy.go_hub import LAST  # noqa: PLC0415 - likewise
    from tests.legacy.test_move import filled, moved  # noqa: PLC0415 - likewise

    from felhom_hub.project.migrate import migrate_alone  # noqa: PLC0415 - likewise

    migrate_alone()
    with tempfile.TemporaryDirectory() as directory:
        moved(filled(Path(directory), LAST))
    for model in apps.get_models(include_auto_created=True):
        if not model._default_manager.exists():
            add_row(model)


def add_row(model: Any) -> None:
    """One row with a value in each column, of the widest kind that it takes."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        kind = field.get_internal_type()
        if field.is_relation:
            values[field.attname] = field.related_model._base_manager.values_list("pk", flat=True).first()
        elif kind in {"CharField", "TextField"}:
            values[field.attname] = ODD_TEXT[: field.max_length]
        elif kind not in {"AutoField", "BigAutoField"}:
            values[field.attname] = _VALUES[kind]
    # Written as they are: what a field makes of a value on its way is not the matter here.
    model._base_manager.bulk_create([model(**values | _DUE.get(model._meta.db_table, {}))])


if __name__ == "__main__":
    main()
