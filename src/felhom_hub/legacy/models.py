"""How far each of a Go hub's tables is moved in, and what of it was not understood."""

from django.db import models

from felhom_hub.base.fields import InstantField


class MovedTable(models.Model):
    """One of the Go hub's tables: rows beyond `through` are still to come, the counts are of all rows so far."""

    name = models.CharField(max_length=200, unique=True)
    through = models.BigIntegerField(default=0)  # the number of the last row
    last_row = models.CharField(max_length=64, blank=True, default="")  # SHA-256 of that row: tells another database
    rows_in = models.BigIntegerField(default=0)
    stored = models.BigIntegerField(default=0)
    present = models.BigIntegerField(default=0)  # was in the hub already
    refused = models.BigIntegerField(default=0)  # not understood, and kept
    moved_at = InstantField()

    def __str__(self) -> str:
        return f"table {self.name} through row {self.through}"


class KeptRows(models.Model):
    """What was not understood of some rows of one table, sealed: nobody knows what stands in it."""

    id = models.BigAutoField(primary_key=True)
    table = models.CharField(max_length=200)
    first = models.BigIntegerField()  # the number of the first row
    rows = models.PositiveIntegerField()
    envelope = models.TextField()

    class Meta:
        verbose_name_plural = "kept rows"
        constraints = [models.UniqueConstraint(fields=("table", "first"), name="kept_rows_once")]

    def __str__(self) -> str:
        return f"{self.rows} rows of table {self.table}"
