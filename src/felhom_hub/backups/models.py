"""What is known of the hub's own backups, and which alarms about the hub itself stand."""

from django.db import models

from felhom_hub.base.fields import InstantField


class HubBackup(models.Model):
    """A backup of the hub that was made. The file may be gone by now."""

    id = models.BigAutoField(primary_key=True)
    path = models.TextField()
    made_at = InstantField(db_index=True)
    size_bytes = models.BigIntegerField()
    database_bytes = models.BigIntegerField()
    row_count = models.BigIntegerField()
    took_ms = models.BigIntegerField()
    looked_at = InstantField(null=True)  # when its proof came to an end
    fault = models.TextField(blank=True, db_default="")  # what the proof has found; "" for none

    def __str__(self) -> str:
        return self.path


class OwnAlarm(models.Model):
    """What the hub has to say of itself: its backup, its volume."""

    name = models.CharField(max_length=20, primary_key=True)
    event_type = models.CharField(max_length=64, blank=True)  # of the alarm that stands; "" where none does
    since_at = InstantField()  # since when that is so

    def __str__(self) -> str:
        return f"{self.name}: {self.event_type}"
