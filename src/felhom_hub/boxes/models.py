"""What was asked of controllers, one row a call: who asked, where it stands, and what came of it."""

from django.db import models
from django.db.models import Q

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer


class Call(models.Model):
    """One call to a customer's controller. Of each kind only one is open at a time."""

    class Kind(models.TextChoices):
        COMPARE = "compare"  # reads the live configuration
        PUSH = "push"
        UPDATE = "update"

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNCERTAIN = "uncertain"  # it may have been done
        LEFT = "left"  # the box was not reached, and is told in the answer to its next report
        WITHDRAWN = "withdrawn"

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="calls", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = InstantField()
    asked_by = models.CharField(max_length=100)
    address = models.CharField(max_length=45, blank=True)  # of who asked
    sha256 = models.CharField(max_length=64, blank=True)  # of the file to push, as it was when it was asked for
    version = models.CharField(max_length=100, blank=True)  # to which it is to be updated, where that is known
    lease_until = InstantField(null=True, blank=True)
    lease_holder = models.CharField(max_length=36, blank=True)
    started_at = InstantField(null=True, blank=True)
    finished_at = InstantField(null=True, blank=True)
    sentence = models.TextField(blank=True)  # what came of it
    answer = models.TextField(blank=True)  # of the controller, at most 2 KB and without secrets
    # The live file that a comparison has read, sealed; emptied after a day.
    envelope = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=("customer", "kind", "id"), name="call_of_customer")]
        constraints = [
            models.UniqueConstraint(
                fields=("customer", "kind"), condition=Q(state__in=("waiting", "running")), name="one_open_call"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of customer {self.customer_id}: {self.state}"
