from typing import Any

from django.db import migrations, models

from felhom_hub.configs.sealed import seal_overrides


def seal_what_is_there(apps: Any, schema_editor: Any) -> None:
    """No override lies in the clear; SQLite overwrites what it lets go, instead of keeping it in a free page."""
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    rows = apps.get_model("configs", "CustomerConfig").objects.exclude(overrides="")
    for pk, text, customer_id in list(rows.values_list("pk", "overrides", "customer__customer_id")):
        rows.filter(pk=pk).update(envelope=seal_overrides(text, customer_id), overrides="")


class Migration(migrations.Migration):
    dependencies = [
        ("configs", "0005_fetched_template"),
    ]

    operations = [
        migrations.AddField("customerconfig", "envelope", models.TextField(blank=True, default="")),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop),
    ]
