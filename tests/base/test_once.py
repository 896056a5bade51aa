from datetime import timedelta

import pytest
from django.db import transaction
from tests.build import NOW

from felhom_hub.base.db import Db
from felhom_hub.base.models import Call
from felhom_hub.base.once import REMEMBERED, Taken, prune_calls, take_once

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def take(call_id: str = "resend:1", seconds: int = 0) -> Taken:
    with transaction.atomic():
        return take_once(Db(), call_id, signed_at=NOW + seconds * SECOND, now=NOW + seconds * SECOND)


def test_a_call_is_new_once() -> None:
    assert take() is Taken.NEW
    assert take() is Taken.REPLAYED
    assert take(seconds=60) is Taken.REPEATED
    assert take() is Taken.REPLAYED
    assert take("resend:2") is Taken.NEW
    assert Call.objects.count() == 2


def test_calls_are_forgotten_after_three_days() -> None:
    take("resend:1")
    take("resend:2", seconds=3600)

    assert sum(prune_calls(NOW + REMEMBERED + SECOND)) == 1

    assert [each.call_id for each in Call.objects.all()] == ["resend:2"]
