from datetime import timedelta

import pytest
from tests.build import NOW, make_customer

from felhom_hub.base import portions
from felhom_hub.base.db import Db
from felhom_hub.events.models import Event
from felhom_hub.notify.models import Delivery, Told
from felhom_hub.notify.prune import prune_deliveries, prune_told
from felhom_hub.notify.queries import needed_events

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BEFORE = NOW - 90 * DAY


def make_delivery(days: float, **columns: object) -> Delivery:
    return Delivery.objects.create(
        **{
            "event_type": "node_down",
            "audience": "operator",
            "channel": "email",
            "result": Delivery.Result.SENT,
            "at": NOW - days * DAY,
            **columns,
        }
    )


def make_event(days: float) -> Event:
    return Event.objects.create(
        customer=make_customer(f"c{days:g}"),
        event_type="node_down",
        severity="error",
        source="hub",
        created_at=NOW - days * DAY,
    )


def test_messages_beyond_the_edge_go_with_what_was_skipped_and_all_others_stay() -> None:
    old, young = make_event(91), make_event(89)
    make_delivery(91, event=old)
    make_delivery(91, event=old, result=Delivery.Result.SKIPPED)
    make_delivery(91, event=None)
    stay = [make_delivery(89, event=young), make_delivery(89, event=None), make_delivery(1, event=old)]

    assert sum(prune_deliveries(BEFORE)) == 3

    assert list(Delivery.objects.order_by("pk")) == stay
    assert needed_events([old.pk, young.pk]) == {old.pk, young.pk}


def test_a_message_that_waits_to_be_sent_stays() -> None:
    waiting = make_delivery(200, result=Delivery.Result.QUEUED, key="k")

    assert list(prune_deliveries(BEFORE)) == []
    assert list(Delivery.objects.all()) == [waiting]


def test_younger_messages_that_refer_to_old_ones_go_on_without_them() -> None:
    failed = make_delivery(100, event=make_event(100), result=Delivery.Result.FAILED)
    again = make_delivery(50, event=failed.event, again_of=failed)
    summary = make_delivery(100)
    gathered = make_delivery(80, gathered_in=summary)

    assert sum(prune_deliveries(BEFORE)) == 2

    again.refresh_from_db()
    gathered.refresh_from_db()
    assert (again.again_of_id, gathered.gathered_in_id) == (None, None)


def make_told(subject: int, days: float | None, **columns: object) -> Told:
    told_at = None if days is None else NOW - days * DAY
    return Told.objects.create(subject=subject, audience="operator", event_type="x", told_at=told_at, **columns)


def test_what_was_told_is_forgotten_when_no_cooldown_alarm_or_count_depends_on_it() -> None:
    make_told(1, 91)
    make_told(2, None)
    stay = [make_told(3, 89), make_told(4, 91, is_alarmed=True), make_told(5, 91, held_back=1)]

    assert sum(prune_told(BEFORE, now=NOW)) == 2
    assert list(Told.objects.order_by("subject")) == stay


def test_no_cooldown_is_forgotten_however_short_messages_are_kept() -> None:
    make_told(1, 7.1)
    stays = make_told(2, 6.9)

    assert sum(prune_told(NOW - DAY, now=NOW)) == 1
    assert list(Told.objects.all()) == [stays]


def test_what_is_told_again_in_the_meantime_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    make_told(1, 91)
    again = make_told(2, 91)

    def tell_again() -> Db:
        Told.objects.filter(pk=again.pk).update(told_at=NOW)
        return Db()

    monkeypatch.setattr(portions, "Db", tell_again)

    assert list(prune_told(BEFORE, now=NOW)) == [1]
    assert list(Told.objects.all()) == [again]


def test_what_was_told_outlives_the_message() -> None:
    told = make_told(1, 100, is_alarmed=True)
    make_delivery(100)

    assert sum(prune_deliveries(BEFORE)) == 1
    assert list(Told.objects.all()) == [told]
