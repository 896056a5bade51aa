"""Who may look and act: sessions, failed sign-ins, and the record of what was done."""

from typing import Any

from django.db import models

from felhom_hub.base.fields import InstantField


class Session(models.Model):
    """A signed-in browser. The token itself is in the cookie only."""

    token_digest = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the cookie's token, hex
    csrf_token = models.CharField(max_length=64)
    password_digest = models.CharField(max_length=64)  # of the hash signed in with: a new password ends all sessions
    created_at = InstantField()
    expires_at = InstantField(db_index=True)
    last_seen_at = InstantField()
    address = models.CharField(max_length=45)
    user_agent = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"session from {self.address}"


class SignInFailure(models.Model):
    """One wrong password, kept as long as it makes the next try from its address wait."""

    address = models.CharField(max_length=45)
    failed_at = InstantField()

    class Meta:
        indexes = [models.Index(fields=("address", "failed_at"), name="failure_by_address")]

    def __str__(self) -> str:
        return f"failed sign-in from {self.address}"


class GeneratedPassword(models.Model):
    """The password that the first start made, where hub.yaml names none; at most one row, its key is ONLY."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    bcrypt_hash = models.CharField(max_length=60)
    created_at = InstantField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_generated_password")]

    def __str__(self) -> str:
        return "generated operator password"


class AppendOnlyError(TypeError):
    """An entry of the audit stays as it was written."""


class AppendOnly(models.QuerySet["AuditEntry"]):
    """Rows can be read and added; there is no way to change or remove one."""

    def update(self, **_columns: Any) -> int:
        raise AppendOnlyError("the audit is never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("the audit is never shortened")


class AuditEntry(models.Model):
    """Who did what, from where. A customer is kept as text: the entry outlives it."""

    at = InstantField(db_index=True)
    actor = models.CharField(max_length=100)  # "operator", "command line", or a customer's key
    action = models.CharField(max_length=64)
    customer_id = models.CharField(max_length=128, blank=True, db_index=True)
    detail = models.TextField(blank=True)
    address = models.CharField(max_length=45, blank=True)

    objects = AppendOnly.as_manager()

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.customer_id}".rstrip()

    def save(self, *args: Any, **options: Any) -> None:
        if self.pk is not None:
            raise AppendOnlyError("the audit is never changed")
        super().save(*args, **options)

    def delete(self, *_args: Any, **_options: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("the audit is never shortened")
