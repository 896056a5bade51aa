"""What the apps used: one packed row a customer and hour, and the log issues seen."""

from django.db import models

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer


class TelemetryHour(models.Model):
    """All apps of one customer in one hour. Packed, since a row an app and report would cost ten writes a report."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="telemetry_hours", db_index=False)
    hour = models.IntegerField()  # hours since 1970
    packed = models.BinaryField()  # telemetry/pack.py reads it

    class Meta:
        constraints = [models.UniqueConstraint(fields=("customer", "hour"), name="telemetry_hour_of_customer")]

    def __str__(self) -> str:
        return f"hour {self.hour} of customer {self.customer_id}"


class LogIssue(models.Model):
    """A kind of message in an app's log, recognised by its fingerprint."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="log_issues", db_index=False)
    app_name = models.CharField(max_length=200)
    container_name = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=128)
    severity = models.CharField(max_length=16)
    message = models.TextField(blank=True)
    count = models.IntegerField()
    first_seen_at = InstantField()
    last_seen_at = InstantField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("customer", "app_name", "container_name", "fingerprint"), name="log_issue_of_container"
            )
        ]

    def __str__(self) -> str:
        return f"{self.app_name}: {self.message[:40]}"
