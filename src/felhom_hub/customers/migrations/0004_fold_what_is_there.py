from typing import Any

from django.db import migrations

from felhom_hub.base.folding import folded

_AT_A_TIME = 1000


def fold(apps: Any, _editor: object) -> None:
    """Customers that are stored already have their folded texts."""
    customers = apps.get_model("customers", "Customer").objects
    rows = list(customers.exclude(name="", town=""))
    for row in rows:
        row.folded_name, row.folded_town = folded(row.name), folded(row.town)
    customers.bulk_update(rows, ["folded_name", "folded_town"], batch_size=_AT_A_TIME)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_folded_texts"),
    ]

    operations = [
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
