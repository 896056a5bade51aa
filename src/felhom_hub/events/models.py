"""What happened: one row an event, and the counts of the last 24 hours kept beside them."""

from django.db import models

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer


class Event(models.Model):
    """One event as it was accepted. `created_at` is the hub's clock; without a customer it is the whole fleet's."""

    class Severity(models.TextChoices):
        INFO = "info"
        WARNING = "warning"
        ERROR = "error"

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="events", null=True, db_index=False)
    event_type = models.CharField(max_length=64)
    severity = models.CharField(max_length=7, choices=Severity.choices)
    message = models.TextField(blank=True)
    details_json = models.TextField(blank=True)
    source = models.CharField(max_length=64)
    created_at = InstantField(db_index=True)

    class Meta:
        # The page of the whole fleet's events is read along one of these, whatever narrows it.
        indexes = [
            models.Index(fields=("customer", "created_at"), name="event_of_customer"),
            models.Index(fields=("event_type", "created_at"), name="event_of_type"),
            models.Index(fields=("severity", "created_at"), name="event_of_severity"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} of {f'customer {self.customer_id}' if self.customer_id else 'the fleet'}"


class EventCount(models.Model):
    """Errors and warnings of one customer within the counted window (`CountedWindow`), for the overview's badges."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="event_count")
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.errors} errors, {self.warnings} warnings"


class CountedWindow(models.Model):
    """One row: the counts hold exactly the events from `counted_from` on."""

    counted_from = InstantField()

    def __str__(self) -> str:
        return f"from {self.counted_from}"
