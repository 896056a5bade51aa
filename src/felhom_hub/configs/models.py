"""What the operator entered for a customer's box; who the customer is, its keys and its tokens are `customers`'."""

from django.db import models

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer


class CustomerConfig(models.Model):
    """One customer's settings; a customer without a row has none."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="config")
    is_monitored = models.BooleanField(null=True)  # NULL is the template's
    log_level = models.CharField(max_length=10, blank=True)
    thresholds = models.JSONField(default=dict)  # "disk_high" → 90; what is missing has the hub's default
    ping_uuids = models.JSONField(default=dict)  # deprecated; name → UUID
    overrides = models.TextField(blank=True)  # YAML as it was typed, comments included
    report_minutes = models.PositiveIntegerField(null=True)  # how often it reports; NULL is as the fleet does
    changed_at = InstantField()

    def __str__(self) -> str:
        return f"configuration of customer {self.customer_id}"
