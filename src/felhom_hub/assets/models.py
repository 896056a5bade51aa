"""What the database remembers of the assets; the assets themselves are files."""

from django.db import models

from felhom_hub.base.fields import InstantField


class Store(models.Model):
    """One row, with the key 1: which contents have which version, and when the image was compared last.

    The version is here and not in the store: it has to survive a restart and to grow once for all replicas.
    """

    digest = models.CharField(max_length=64, blank=True)  # of the names and hashes; "" until a manifest was made
    version = models.PositiveBigIntegerField(default=0)
    changed_at = InstantField()  # when the contents of this version were seen first
    seeded_at = InstantField(null=True)
    seeded_words = models.CharField(max_length=200, blank=True)  # what became of it

    def __str__(self) -> str:
        return f"version {self.version} of the assets"
