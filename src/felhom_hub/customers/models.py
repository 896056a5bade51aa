"""Who the operator looks after: the customer, and the keys and passphrases that belong to it."""

from django.db import models

from felhom_hub.base.fields import FoldedField, FoldingQuerySet, InstantField


class AllCustomers(models.Manager["Customer"]):
    """Every customer, whose folded texts are kept true."""

    def get_queryset(self) -> models.QuerySet["Customer"]:
        """What `Customer.everyone` begins with."""
        return FoldingQuerySet(self.model, using=self._db)


class PresentCustomers(AllCustomers):
    """Every customer but the deleted ones."""

    def get_queryset(self) -> models.QuerySet["Customer"]:
        """What `Customer.objects` begins with."""
        return super().get_queryset().filter(deleted_at=None)


class Customer(models.Model):
    """One customer with one box. `is_managed` is false for those that only ever reported with the shared key.

    A deleted customer's row stays for its reports and events, empty but for its id and times, and is found by
    `everyone` alone: `objects`, and with it every list, page and answer, is without it.
    """

    customer_id = models.CharField(max_length=128, unique=True)
    name = models.CharField(max_length=200, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    email = models.CharField(max_length=254, blank=True)
    town = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    note = models.TextField(blank=True)
    tags = models.CharField(max_length=200, blank=True, default="", db_default="")  # as tags.py writes them
    is_managed = models.BooleanField(default=False)
    created_at = InstantField()
    blocked_at = InstantField(null=True, blank=True)
    deleted_at = InstantField(null=True, blank=True)
    # Lists of ten thousand are ordered and searched by these in the database (docs/decisions/0018).
    folded_name = FoldedField(of="name")
    folded_town = FoldedField(of="town")

    objects = PresentCustomers()
    everyone = AllCustomers()

    class Meta:
        ordering = ("customer_id",)

    def __str__(self) -> str:
        return self.customer_id


class Credential(models.Model):
    """A secret of one customer: sealed for showing it again, and by digest for recognising it."""

    class Kind(models.TextChoices):
        API_KEY = "api_key"
        RETRIEVAL_PASSWORD = "retrieval_password"  # noqa: S105 - a kind, not a secret
        SESSION_SECRET = "session_secret"  # noqa: S105 - likewise
        CF_TUNNEL_TOKEN = "cf_tunnel_token"  # noqa: S105 - likewise
        CF_API_TOKEN = "cf_api_token"  # noqa: S105 - likewise

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # SHA-256 in hex. Only API keys are looked up by it; a key has 256 random bits, so no salt is needed.
    digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    envelope = models.TextField()
    created_at = InstantField()
    revoked_at = InstantField(null=True, blank=True)
    holds_until = InstantField(null=True, blank=True)  # of an API key that a newer one replaces; NULL is until revoked

    class Meta:
        indexes = [models.Index(fields=("customer", "kind"), name="credential_of_customer")]
        constraints = [
            models.CheckConstraint(
                name="api_key_has_digest", condition=~models.Q(kind="api_key") | models.Q(digest__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of customer {self.customer_id}"


class KeyUse(models.Model):
    """When and from where an API key was borne last, five minutes true; a key that nobody has used has no row."""

    credential = models.OneToOneField(Credential, on_delete=models.CASCADE, primary_key=True, related_name="use")
    used_at = InstantField()
    address = models.CharField(max_length=45, blank=True)

    def __str__(self) -> str:
        return f"last use of credential {self.credential_id}"
