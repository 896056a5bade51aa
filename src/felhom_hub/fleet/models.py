"""When operators last looked at the fleet, and at what."""

from django.db import models

from felhom_hub.base.fields import InstantField


class Visit(models.Model):
    """The present look of one browser at the overview, and what it saw before. fleet/visits.py reads and writes it."""

    viewer = models.CharField(max_length=64, primary_key=True)  # the session's digest; empty without login
    began_at = InstantField()
    seen_at = InstantField(db_index=True)
    seen = models.TextField()  # who needed attention then: fleet/changes.py
    before_at = InstantField(null=True)  # when the look before this one ended
    before = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"visit of {self.seen_at}"
