from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_events_of_the_fleet"),
        ("notify", "0003_outbox"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="is_ordinary",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("is_ordinary", False)), fields=["at", "id"], name="delivery_is_news"
            ),
        ),
    ]
