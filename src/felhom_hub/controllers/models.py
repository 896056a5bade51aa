"""The hosts that the operator has confirmed for a customer's controller, and which versions of it are on offer."""

from django.db import models

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer


class ConfirmedHost(models.Model):
    """One host and port to which this customer's key and configuration may go; in the form of `base/targets.py`."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="confirmed_hosts")
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    confirmed_at = InstantField()
    confirmed_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("customer", "host", "port"), name="host_confirmed_once"),
            models.CheckConstraint(
                name="confirmed_port", condition=models.Q(port__gte=1, port__lte=65535) & ~models.Q(host="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port} of customer {self.customer_id}"


class Releases(models.Model):
    """What the registry has said last, in one row."""

    newest = models.CharField(max_length=64, blank=True, default="")
    newest_pre_release = models.CharField(max_length=64, blank=True, default="")
    tags = models.PositiveIntegerField(default=0)
    worked_at = InstantField(null=True)
    asked_at = InstantField()
    failure = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        verbose_name_plural = "releases"

    def __str__(self) -> str:
        return f"newest release {self.newest or 'not known'}"
