"""For whom, of what and when nobody is to be told, who has said so, and why."""

from django.db import models

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer


class Silence(models.Model):
    """One silence. Without weekdays it holds from `from_at` to `until_at`; with them in each of their windows between.

    A kept decision points to it and has the words that were true then, so it may be changed until it ends.
    """

    class Reach(models.TextChoices):
        ALL = "all"
        CUSTOMERS = "customers"
        TAG = "tag"

    id = models.BigAutoField(primary_key=True)
    why = models.CharField(max_length=200)
    reach = models.CharField(max_length=9, choices=Reach.choices)
    tag = models.CharField(max_length=40, blank=True)
    event_types = models.TextField(default="[]")  # a JSON list of choices (choices.py); empty: every type
    is_for_customers = models.BooleanField(default=True)  # false: only the operator is spared
    from_at = InstantField()
    until_at = InstantField(null=True)  # None: until somebody ends it
    weekdays = models.PositiveSmallIntegerField(default=0)  # a bit each, Monday's is 1; 0: it does not repeat
    # Of each window, in minutes of the hub's local day; an end that is not later is on the next day.
    from_minute = models.PositiveSmallIntegerField(default=0)
    to_minute = models.PositiveSmallIntegerField(default=0)
    made_at = InstantField()
    made_by = models.CharField(max_length=100)
    ended_at = InstantField(null=True)  # ended early
    ended_by = models.CharField(max_length=100, blank=True)
    held_back = models.PositiveIntegerField(default=0)  # messages

    class Meta:
        constraints = [
            models.CheckConstraint(name="silence_weekdays", condition=models.Q(weekdays__lte=127)),
            models.CheckConstraint(
                name="silence_minutes", condition=models.Q(from_minute__lt=1440, to_minute__lte=1440)
            ),
            models.CheckConstraint(name="silence_has_tag", condition=models.Q(reach="tag") ^ models.Q(tag="")),
        ]
        # Every decision asks for those that may hold, which are few.
        indexes = [models.Index(fields=("until_at",), name="silence_not_ended", condition=models.Q(ended_at=None))]

    def __str__(self) -> str:
        return f"silence {self.pk}: {self.why}"


class SilencedCustomer(models.Model):
    """One customer of a silence that is for some."""

    id = models.BigAutoField(primary_key=True)
    silence = models.ForeignKey(Silence, on_delete=models.CASCADE, related_name="customers")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="silences")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("silence", "customer"), name="silenced_once")]

    def __str__(self) -> str:
        return f"customer {self.customer_id} in silence {self.silence_id}"
