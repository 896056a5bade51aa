"""A long form that takes seconds.

Runs are made on SQLite, as the command does: a run is one transaction, in which PostgreSQL looks through all former
versions of a row that it changes. That both databases come to the same is in test_receipts.py and test_hub.py.
"""

import pytest

from felhom_hub.simulation import sizes
from felhom_hub.simulation.plan import Size


@pytest.fixture
def small_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """All runs of the long form are tiny."""
    monkeypatch.setattr(sizes, "LONG", Size(nodes=3, days=2, haste=30))
    monkeypatch.setattr(sizes, "ABLATION", Size(nodes=2, days=1, haste=30))
    monkeypatch.setattr(sizes, "FAULTLESS", Size(nodes=2, days=2))
    monkeypatch.setattr(sizes, "HUB_OFF_NODES", 4)
    monkeypatch.setattr(sizes, "HALF_CUT_NODES", 12)
    monkeypatch.setattr(sizes, "MAIL_AWAY_NODES", 10)
