import django.db.models.deletion
from django.db import migrations, models

import felhom_hub.base.fields


class Migration(migrations.Migration):
    dependencies = [
        ("configs", "0007_sealed_overrides"),
        ("customers", "0006_key_overlap_and_use"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConfigVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("at", felhom_hub.base.fields.InstantField()),
                ("by", models.CharField(blank=True, max_length=100)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("changed", models.JSONField(default=list)),
                ("restored", models.PositiveIntegerField(null=True)),
                ("envelope", models.TextField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="config_versions",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("customer", "number"), name="config_version_number")],
            },
        ),
    ]
