from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0002_job_results_and_database_size"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="timetable",
            field=models.CharField(blank=True, db_default="", max_length=100),
        ),
    ]
