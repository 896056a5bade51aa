"""What the boxes said: every report byte for byte, and the newest state of each node in one row."""

from django.db import models

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer


class Report(models.Model):
    """One stored report. The columns beside the body are what the history draws."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="reports", db_index=False)
    position_at = InstantField()  # its place in the node's history: reports/state.py
    received_at = InstantField()
    reported_at = InstantField(null=True)
    digest = models.BigIntegerField()  # the body's fingerprint, to recognise a repeated report
    health = models.CharField(max_length=4, null=True)  # noqa: DJ001 - NULL is "not reported"
    cpu_percent = models.FloatField(null=True)
    memory_percent = models.FloatField(null=True)
    disk_percent = models.FloatField(null=True)
    temperature_celsius = models.FloatField(null=True)
    controller_version = models.CharField(max_length=64, null=True)  # noqa: DJ001 - NULL is "not reported"
    body = models.BinaryField()  # reports/body.py reads it

    class Meta:
        indexes = [models.Index(fields=("customer", "position_at"), name="report_history")]
        # The time stands first: the reports of all customers meet at the end of this index, in pages that are at hand.
        # Beginning with the customer, it is written in as many places as there are customers (docs/performance.md).
        constraints = [models.UniqueConstraint(fields=("reported_at", "customer", "digest"), name="report_stored_once")]

    def __str__(self) -> str:
        return f"report of customer {self.customer_id}"


class NodeState(models.Model):
    """The newest that is known of one node: all that the overview shows, one row a customer."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="node")
    first_received_at = InstantField()
    last_received_at = InstantField(db_index=True)
    arrivals = models.BinaryField()  # which 5-minute cells of the last 25 hours brought a report: reports/arrivals.py
    arrivals_cell = models.BigIntegerField()
    allowance_ms = models.IntegerField(default=0, db_default=0)  # its reports may come so much later: allowance.py
    # What the operator wants of the box: reports/wanted.py. No report writes over these.
    expected_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001 - of the file that the hub would make now
    same_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001 - its values were compared with that file's
    compared_at = InstantField(null=True)
    push_wanted_at = InstantField(null=True)
    update_to = models.CharField(max_length=64, null=True)  # noqa: DJ001 - NULL is no update wanted
    update_wanted_at = InstantField(null=True)
    # From here on: of the report with the latest position.
    position_at = InstantField()
    latest_digest = models.BigIntegerField()
    reported_at = InstantField(null=True)
    clock_skew_seconds = models.FloatField(null=True)
    reported_name = models.CharField(max_length=200, null=True)  # noqa: DJ001 - NULL is "not reported", here and below
    controller_version = models.CharField(max_length=64, null=True)  # noqa: DJ001
    controller_url = models.CharField(max_length=500, null=True)  # noqa: DJ001
    config_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001
    monitoring_paused = models.BooleanField(null=True)
    health = models.CharField(max_length=4, null=True)  # noqa: DJ001
    health_since_at = InstantField(null=True)
    health_messages = models.TextField(default="[]")  # JSON list of sentences: issues first, then warnings
    cpu_percent = models.FloatField(null=True)
    memory_percent = models.FloatField(null=True)
    disk_percent = models.FloatField(null=True)  # of the fullest drive
    disk_name = models.CharField(max_length=200, null=True)  # noqa: DJ001
    temperature_celsius = models.FloatField(null=True)
    uptime_seconds = models.FloatField(null=True)
    last_backup_at = InstantField(null=True)
    last_backup_ok = models.BooleanField(null=True)
    last_db_dump_at = InstantField(null=True)
    last_db_dump_ok = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"node of customer {self.customer_id}"


class Waiting(models.Model):
    """Reports whose apps have not been read yet; written with them, a few rows a batch, and deleted once they are."""

    id = models.BigAutoField(primary_key=True)
    reports = models.BinaryField()  # their numbers: reports/backlog.py

    def __str__(self) -> str:
        return f"reports that wait, row {self.pk}"
