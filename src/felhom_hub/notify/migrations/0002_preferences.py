import django.db.models.deletion
import felhom_hub.base.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_deleted_customers_and_tokens"),
        ("notify", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Preferences",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="preferences",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("email", models.CharField(blank=True, max_length=254)),
                ("enabled_events", models.TextField(default="[]")),
                ("cooldown_hours", models.IntegerField(default=6)),
                (
                    "set_by",
                    models.CharField(choices=[("controller", "Controller"), ("operator", "Operator")], max_length=10),
                ),
                ("updated_at", felhom_hub.base.fields.InstantField()),
            ],
            options={
                "verbose_name_plural": "preferences",
            },
        ),
    ]
