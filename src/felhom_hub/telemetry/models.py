"""What the apps used: one packed row a customer and hour, the log issues seen, and what is summed up from the hours."""

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
        indexes = [models.Index(fields=("app_name",), name="log_issue_of_app")]

    def __str__(self) -> str:
        return f"{self.app_name}: {self.message[:40]}"


class ChangedHour(models.Model):
    """Says that hours of some customers have to be summed up anew; written with them, one row a batch and hour."""

    id = models.BigAutoField(primary_key=True)
    hour = models.IntegerField()
    customers = models.BinaryField()  # their numbers, as msgpack

    def __str__(self) -> str:
        return f"changes of hour {self.hour}"


class CustomerDay(models.Model):
    """All apps of one customer on one day (UTC), summed up from its hours."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.IntegerField()  # days since 1970
    packed = models.BinaryField()  # telemetry/spans.py reads it

    class Meta:
        constraints = [models.UniqueConstraint(fields=("customer", "day"), name="telemetry_day_of_customer")]

    def __str__(self) -> str:
        return f"day {self.day} of customer {self.customer_id}"


class FleetHour(models.Model):
    """One app on all boxes in one hour; memory in 0.1 MB."""

    id = models.BigAutoField(primary_key=True)
    app_name = models.CharField(max_length=200)
    hour = models.IntegerField(db_index=True)
    installations = models.IntegerField()
    samples = models.IntegerField()
    total = models.BigIntegerField()
    peak = models.BigIntegerField(null=True)
    sketch = models.BinaryField()  # telemetry/sketch.py reads it

    class Meta:
        constraints = [models.UniqueConstraint(fields=("app_name", "hour"), name="fleet_hour_of_app")]

    def __str__(self) -> str:
        return f"{self.app_name} in hour {self.hour}"


class _Figures(models.Model):
    """What an app used in one of the periods of periods.py, and what its newest report said; memory in MB."""

    id = models.BigAutoField(primary_key=True)
    app_name = models.CharField(max_length=200)
    period = models.CharField(max_length=8)
    display_name = models.CharField(max_length=200, blank=True)
    memory_request_mb = models.BigIntegerField(null=True)
    memory_limit_mb = models.BigIntegerField(null=True)
    log_errors_24h = models.BigIntegerField(null=True)
    log_warnings_24h = models.BigIntegerField(null=True)
    last_hour = models.IntegerField()
    samples = models.IntegerField()
    average_mb = models.FloatField(null=True)
    p95_mb = models.FloatField(null=True)
    peak_mb = models.FloatField(null=True)

    class Meta:
        abstract = True


class AppUsage(_Figures):
    """An app on one box in one period."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    summed_at_hour = models.IntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("app_name", "period", "customer"), name="usage_of_app")]

    def __str__(self) -> str:
        return f"{self.app_name} of customer {self.customer_id} in {self.period}"


class AppFigures(_Figures):
    """An app on all boxes in one period; the row with the empty name counts the boxes that reported any app."""

    installations = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("period", "app_name"), name="figures_of_app")]

    def __str__(self) -> str:
        return f"{self.app_name} in {self.period}"
