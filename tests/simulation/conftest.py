"""A long form that takes seconds."""

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
