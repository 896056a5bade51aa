from django.db import migrations, models

import felhom_hub.base.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="MovedTable",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
                ("through", models.BigIntegerField(default=0)),
                ("last_row", models.CharField(blank=True, default="", max_length=64)),
                ("rows_in", models.BigIntegerField(default=0)),
                ("stored", models.BigIntegerField(default=0)),
                ("present", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("moved_at", felhom_hub.base.fields.InstantField()),
            ],
        ),
        migrations.CreateModel(
            name="KeptRows",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=200)),
                ("first", models.BigIntegerField()),
                ("rows", models.PositiveIntegerField()),
                ("envelope", models.TextField()),
            ],
            options={
                "verbose_name_plural": "kept rows",
                "constraints": [models.UniqueConstraint(fields=("table", "first"), name="kept_rows_once")],
            },
        ),
    ]
