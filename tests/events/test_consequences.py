import pytest
from django.db import transaction
from tests.build import NOW, incoming_event, make_customer, record_all_events

from felhom_hub.base.db import Db
from felhom_hub.events import consequences
from felhom_hub.events.consequences import Consequence, RecordedEvent, register_consequence
from felhom_hub.events.models import Event
from felhom_hub.events.record import HubEvent, record_hub_events

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[RecordedEvent]:
    """What a room above was told."""
    told: list[RecordedEvent] = []
    monkeypatch.setattr(consequences, "_rooms", dict[str, Consequence]())
    register_consequence("above", lambda _db, events: told.extend(events))
    return told


def test_a_room_above_is_told_each_event_with_its_row(followed: list[RecordedEvent]) -> None:
    record_all_events([incoming_event("a", message=str(number)) for number in range(70)])

    rows = Event.objects.order_by("pk").values_list("pk", "customer_id", "message", "source")
    assert [(each.pk, each.customer_pk, each.message, each.source) for each in followed] == list(rows)
    assert len(followed) == 70
    assert {each.created_at for each in followed} == {NOW}


def test_the_hubs_own_events_are_followed_too(followed: list[RecordedEvent]) -> None:
    customer = make_customer("a")
    with transaction.atomic():
        record_hub_events(Db(), [HubEvent(customer.pk, "node_down", "error", "Silent", '{"a": 1}')], now=NOW)

    event = Event.objects.get()
    assert followed == [RecordedEvent(event.pk, customer.pk, "node_down", "error", "Silent", '{"a": 1}', "hub", NOW)]


def test_nothing_is_said_where_nothing_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(consequences, "_rooms", dict[str, Consequence]())
    register_consequence("above", lambda _db, events: calls.append(len(events)))

    record_hub_events(Db(), [], now=NOW)

    assert calls == []


@pytest.mark.django_db(transaction=True)
def test_an_event_whose_consequence_fails_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_db: Db, _events: object) -> None:
        raise RuntimeError

    make_customer("a")
    monkeypatch.setattr(consequences, "_rooms", dict[str, Consequence]())
    register_consequence("above", fail)

    with pytest.raises(RuntimeError):
        record_all_events([incoming_event("a")])

    assert not Event.objects.exists()
