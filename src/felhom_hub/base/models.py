"""What the machinery remembers across restarts: jobs, pulse, the database's size by day, calls."""

from django.db import models

from felhom_hub.base.fields import InstantField


class Job(models.Model):
    """One recurring job: when it runs next, who runs it now, and how it went."""

    name = models.CharField(max_length=100, primary_key=True)
    next_at = InstantField()
    timetable = models.CharField(max_length=100, blank=True, db_default="")  # the one that set `next_at`
    lease_until = InstantField(null=True)
    lease_holder = models.CharField(max_length=100, blank=True)
    started_at = InstantField(null=True)
    succeeded_at = InstantField(null=True)
    last_error = models.TextField(blank=True)
    duration_ms = models.PositiveIntegerField(null=True)  # of the last run, whether it failed or not
    last_result = models.CharField(
        max_length=200, blank=True, db_default=""
    )  # what the last run says of itself; "" where it failed

    def __str__(self) -> str:
        return self.name


class DatabaseSize(models.Model):
    """How large the database was on a day, so that its growth is a fact."""

    day = models.DateField(primary_key=True)  # in UTC
    size_bytes = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.size_bytes} bytes on {self.day}"


class Pulse(models.Model):
    """One row that every health check writes."""

    at = InstantField()

    def __str__(self) -> str:
        return f"pulse at {self.at}"


class Call(models.Model):
    """A signed call from outside that was taken: the same one again changes nothing (once.py)."""

    id = models.BigAutoField(primary_key=True)
    call_id = models.CharField(max_length=100, unique=True)  # the sender's name and its own id
    signed_at = InstantField()
    at = InstantField()

    def __str__(self) -> str:
        return f"call {self.call_id}"
