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
    # YAML as it was typed, comments included: sealed, for it may hold passwords. An empty one holds none.
    envelope = models.TextField(blank=True, default="")
    overrides = models.TextField(blank=True)  # in the clear, as until 0007; read where there is no envelope
    report_minutes = models.PositiveIntegerField(null=True)  # how often it reports; NULL is as the fleet does
    changed_at = InstantField()

    def __str__(self) -> str:
        return f"configuration of customer {self.customer_id}"


class ConfigVersion(models.Model):
    """What the form had after one change: details and settings, sealed; tokens and keys are not among them."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="config_versions")
    number = models.PositiveIntegerField()  # from 1 on, without a gap
    at = InstantField()
    by = models.CharField(max_length=100, blank=True)  # as in the audit; empty for what was there before the first one
    address = models.CharField(max_length=45, blank=True)
    changed = models.JSONField(default=list)  # names of the form's fields, "cf_api_token removed"
    restored = models.PositiveIntegerField(null=True)  # the version that was brought back by this one
    envelope = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("customer", "number"), name="config_version_number")]

    def __str__(self) -> str:
        return f"version {self.number} of customer {self.customer_id}"


class FetchedTemplate(models.Model):
    """The template from `registry.template_url`, in one row: the text that holds, and the newest one beside it."""

    text = models.TextField(blank=True, default="")  # holds; empty until one has passed
    adopted_at = InstantField(null=True)
    candidate = models.TextField(blank=True, default="")  # has not passed; empty where the newest holds
    refusal = models.CharField(max_length=500, blank=True, default="")  # of the candidate; empty while it waits
    trial = models.JSONField(default=dict)  # the last dry run
    url = models.CharField(max_length=2000, blank=True, default="")  # where the newest came from, with what tells it
    etag = models.CharField(max_length=200, blank=True, default="")
    last_modified = models.CharField(max_length=200, blank=True, default="")
    asked_at = InstantField(null=True)
    worked_at = InstantField(null=True)
    failure = models.CharField(max_length=500, blank=True, default="")  # of the last fetch

    def __str__(self) -> str:
        return f"template adopted at {self.adopted_at}"


class RetrievalTry(models.Model):
    """One wrong retrieval password, or one that is being compared; rows older than a day are deleted."""

    id = models.BigAutoField(primary_key=True)
    customer_id = models.CharField(max_length=128)  # as it was asked for: such a customer need not exist
    address = models.CharField(max_length=45)
    at = InstantField(db_index=True)

    class Meta:
        verbose_name_plural = "retrieval tries"
        indexes = [
            models.Index(fields=("customer_id", "at"), name="retrieval_try_for"),
            models.Index(fields=("address", "at"), name="retrieval_try_from"),
        ]

    def __str__(self) -> str:
        return f"try for {self.customer_id}"
