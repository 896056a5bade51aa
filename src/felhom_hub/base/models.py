"""What the machinery remembers across restarts: the jobs' times, and the pulse of the health checks."""

from django.db import models

from felhom_hub.base.fields import InstantField


class Job(models.Model):
    """One recurring job: when it runs next, who runs it now, and how it went."""

    name = models.CharField(max_length=100, primary_key=True)
    next_at = InstantField()
    lease_until = InstantField(null=True)
    lease_holder = models.CharField(max_length=100, blank=True)
    started_at = InstantField(null=True)
    succeeded_at = InstantField(null=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Pulse(models.Model):
    """One row that every health check writes."""

    at = InstantField()

    def __str__(self) -> str:
        return f"pulse at {self.at}"
