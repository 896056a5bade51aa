from datetime import timedelta

import pytest
from tests.build import NOW, make_customer
from tests.silences.silences import KATA, made

from felhom_hub.operators.models import AuditEntry
from felhom_hub.silences.models import Silence, SilencedCustomer
from felhom_hub.silences.prune import prune_silences
from felhom_hub.silences.record import end_silence
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
OLD = NOW - 90 * DAY


def test_what_ended_long_ago_is_gone_and_the_audit_stays() -> None:
    customer = make_customer("a")
    long_ago = Schedule(OLD - 9 * DAY, OLD - 3 * DAY)
    made({customer.pk: "a"}, why="over", schedule=long_ago)
    end_silence(made(why="ended", schedule=Schedule(OLD, None)), now=OLD - DAY, by=KATA)
    made(why="over a moment ago", schedule=Schedule(OLD - DAY, OLD))
    made(why="endless", schedule=Schedule(OLD - 9 * DAY, None))
    made(why="nights", schedule=Schedule(OLD - 9 * DAY, None, frozenset((0,)), 0, 60))
    end_silence(made(why="ended lately", schedule=long_ago), now=OLD + DAY, by=KATA)

    assert sum(prune_silences(OLD)) == 2
    assert sorted(Silence.objects.values_list("why", flat=True)) == [
        "ended lately", "endless", "nights", "over a moment ago",
    ]  # fmt: skip
    assert not SilencedCustomer.objects.exists()
    assert AuditEntry.objects.count() == 8
