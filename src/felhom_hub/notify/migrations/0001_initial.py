import django.db.models.deletion
import felhom_hub.base.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0002_deleted_customers_and_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("event_type", models.CharField(max_length=64)),
                (
                    "audience",
                    models.CharField(choices=[("operator", "Operator"), ("customer", "Customer")], max_length=8),
                ),
                ("channel", models.CharField(max_length=32)),
                ("recipient", models.CharField(blank=True, max_length=320)),
                (
                    "result",
                    models.CharField(
                        choices=[("queued", "Queued"), ("sent", "Sent"), ("skipped", "Skipped"), ("failed", "Failed")],
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("at", felhom_hub.base.fields.InstantField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "indexes": [models.Index(fields=["customer", "at"], name="delivery_of_customer")],
            },
        ),
    ]
