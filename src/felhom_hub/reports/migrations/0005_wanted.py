from django.db import migrations, models

import felhom_hub.base.fields


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0004_report_allowance"),
    ]

    operations = [
        migrations.AddField("nodestate", "expected_hash", models.CharField(max_length=64, null=True)),
        migrations.AddField("nodestate", "same_hash", models.CharField(max_length=64, null=True)),
        migrations.AddField("nodestate", "compared_at", felhom_hub.base.fields.InstantField(null=True)),
        migrations.AddField("nodestate", "push_wanted_at", felhom_hub.base.fields.InstantField(null=True)),
        migrations.AddField("nodestate", "update_to", models.CharField(max_length=64, null=True)),
        migrations.AddField("nodestate", "update_wanted_at", felhom_hub.base.fields.InstantField(null=True)),
    ]
