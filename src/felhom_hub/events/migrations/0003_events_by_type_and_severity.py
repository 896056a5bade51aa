from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_events_of_the_fleet"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["event_type", "created_at"], name="event_of_type"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["severity", "created_at"], name="event_of_severity"),
        ),
    ]
