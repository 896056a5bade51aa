import django.db.models.deletion
import felhom_hub.base.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_key_overlap_and_use"),
        ("recovery", "0004_recovery_check"),
    ]

    operations = [
        migrations.CreateModel(
            name="DrillTry",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="drill_try",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("tried_at", felhom_hub.base.fields.InstantField()),
            ],
        ),
    ]
