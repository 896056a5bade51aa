import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import transaction
from tests.build import NOW, incoming_event, make_customer, record_all_events
from tests.notify.inputs import OPERATOR
from tests.silences.silences import made

from felhom_hub.base.db import Db
from felhom_hub.events.consequences import RecordedEvent
from felhom_hub.events.models import Event
from felhom_hub.notify.deciding import count_silenced, decided, store_rows
from felhom_hub.notify.models import Delivery
from felhom_hub.silences.models import Silence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_two_channels(notifications: Callable[..., None]) -> None:
    notifications(
        operator_email="operator@example.org",
        resend_api_key="re_key",
        webhook_url="https://chat.example.org/hook",
        webhook_secret="s",
    )


def recorded() -> RecordedEvent:
    record_all_events([incoming_event("a", event_type="disk_critical")])
    event = Event.objects.get()
    Delivery.objects.all().delete()
    return RecordedEvent(event.pk, event.customer_id, "disk_critical", "error", "", "", "controller", NOW)


def test_each_channel_has_its_row_and_marks_are_kept_beside_the_inputs() -> None:
    found = decided(recorded(), OPERATOR, suppressed={}, now=NOW, marks={"later": "reminder"})
    with transaction.atomic():
        store_rows(Db(), found.rows)

    rows = list(Delivery.objects.order_by("pk"))
    assert [(row.channel, row.result, row.at) for row in rows] == [("email", "queued", NOW), ("webhook", "queued", NOW)]
    assert {json.loads(row.inputs)["later"] for row in rows} == {"reminder"}
    assert len({row.key for row in rows}) == 2


def test_where_one_channel_tells_the_audience_is_told(notifications: Callable[..., None]) -> None:
    notifications(operator_email="")

    found = decided(recorded(), OPERATOR, suppressed={}, now=NOW)

    assert found.decision.is_sent
    assert found.inputs.provider != "resend"


def test_a_silence_knows_how_many_messages_it_held_back() -> None:
    event, number = recorded(), made()
    silenced = [
        decided(event, replace(OPERATOR, silenced="so", silence=number), suppressed={}, now=NOW) for _ in range(2)
    ]
    count_silenced([*silenced, decided(event, OPERATOR, suppressed={}, now=NOW)])

    assert Silence.objects.get().held_back == 4


def test_a_silence_counts_what_its_events_held_back() -> None:
    number = made()
    make_customer("b")
    told_of_nobody = incoming_event("b", event_type="app_deployed", severity="info")
    record_all_events([incoming_event("a"), incoming_event("b"), told_of_nobody])

    causes = Counter(json.loads(row.inputs).get("cause") for row in Delivery.objects.all())
    assert causes["silenced"] == Silence.objects.get(pk=number).held_back == 4
