"""Notes that a file with another hash says the same: what differs is its formatting (contract 9)."""

from datetime import datetime
from hashlib import sha256

from felhom_hub.base.errors import Conflict
from felhom_hub.boxes.diff import compare
from felhom_hub.boxes.live_file import read_live
from felhom_hub.configs.documents import DocumentError, read_plain
from felhom_hub.configs.generate import generate
from felhom_hub.customers.models import Customer
from felhom_hub.reports.wanted import note_same_values


def note_if_same(customer: Customer, live: bytes, *, now: datetime) -> bool:
    """True where the live file is another one than the hub's and has its values; that is noted then."""
    if not customer.is_managed:
        return False
    try:
        generated = generate(customer)
        live_hash, values = sha256(live).hexdigest(), read_live(live)
        if live_hash == generated.sha256 or compare(read_plain(generated.yaml), values, template={}).differences:
            return False
    except (Conflict, DocumentError):
        return False
    return note_same_values(customer.pk, live_hash=live_hash, expected_hash=generated.sha256, now=now)
