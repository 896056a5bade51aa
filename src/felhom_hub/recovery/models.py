"""The infrastructure backups that boxes sent, one row a version, what their check came to, and the drills of a loss."""

from django.db import models

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer
from felhom_hub.recovery.drill_outcome import Result


class InfraBackup(models.Model):
    """One version of a customer's infrastructure backup; a deleted customer's stay, as its reports do."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="infra_backups", db_index=False)
    version = models.PositiveIntegerField()  # 1, 2, 3 …; never given out twice, since the newest one is never deleted
    received_at = InstantField()
    renewed_at = InstantField()  # when the same bytes came for the last time
    sha256 = models.CharField(max_length=64)  # of the bytes as they came
    size_bytes = models.PositiveIntegerField()  # likewise
    # Last, since it is long: who asks for the columns before it does not read it.
    envelope = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("customer", "version"), name="infra_backup_version")]

    def __str__(self) -> str:
        return f"infrastructure backup {self.version} of customer {self.customer_id}"


class RecoveryCheck(models.Model):
    """What the newest check of a customer's recovery came to; one row a customer, made at its first check."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="recovery_check")
    checked_at = InstantField(db_index=True)
    version = models.PositiveIntegerField()  # the newest one then; 0 where there was none
    states = models.CharField(max_length=8)  # a letter for each check: checks.py
    rank = models.PositiveSmallIntegerField(db_index=True)  # of the verdict: 0 cannot be rebuilt, 2 can
    since_at = InstantField()  # when the verdict became this one
    rank_before = models.PositiveSmallIntegerField()  # of the verdict before it
    reason = models.CharField(max_length=300)  # the first thing that is wrong
    folded_reason = models.CharField(max_length=300)  # for the search
    examination = models.TextField()  # JSON of checks.Examination
    good = models.TextField(blank=True)  # JSON of examine.Measures, of the last good version

    def __str__(self) -> str:
        return f"recovery check of customer {self.customer_id}"


class Drill(models.Model):
    """One rehearsal of a loss, from the passphrase to the plan; written when it is over, and never changed."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="drills", db_index=False)
    started_at = InstantField()
    duration_ms = models.PositiveIntegerField()
    actor = models.CharField(max_length=40)  # as the audit names who acts: "command line", "schedule"
    result = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Result])
    gaps = models.JSONField(default=list)  # sentences without their full stop
    snapshot_version = models.PositiveIntegerField(null=True, blank=True)
    disks_matched = models.PositiveIntegerField()
    disks_described = models.PositiveIntegerField()
    stacks_planned = models.PositiveIntegerField()
    stacks_all = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=("customer", "-started_at"), name="drill_of_customer"),
            models.Index(fields=("started_at",), name="drill_started_at"),
        ]

    def __str__(self) -> str:
        return f"drill of customer {self.customer_id}: {self.result}"


class DrillTry(models.Model):
    """When a customer's drill was begun for the last time by the schedule and not held: such wait behind the others."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="drill_try")
    tried_at = InstantField()

    def __str__(self) -> str:
        return f"try of a drill of customer {self.customer_id}"
