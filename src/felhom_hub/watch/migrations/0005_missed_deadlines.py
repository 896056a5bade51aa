import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_deleted_customers_and_tokens"),
        ("watch", "0004_unsteady"),
    ]

    operations = [
        migrations.CreateModel(
            name="MissedDeadline",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("day", models.IntegerField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="missed_deadlines",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "kind", "day"), name="deadline_missed_once")
                ],
            },
        ),
    ]
