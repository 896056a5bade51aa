from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, make_customer
from tests.flows.hostile import PAYLOADS
from tests.notify.messages import make_message

from felhom_hub.notify import message_log
from felhom_hub.notify.message_log import PAGE_ROWS, UNASKED, View, counts_of, messages_page, view_of
from felhom_hub.notify.models import Delivery

pytestmark = pytest.mark.django_db

DAY = 24 * 60


def some_messages() -> None:
    szabo, kiss = make_customer("szabo-peter", name="Szabó Péter"), make_customer("kiss-anna", name="Kiss Anna")
    make_message(minutes=1, event_type="hub_deaf")
    make_message(minutes=2, customer=szabo, event_type="disk_warning", result="queued", attempts=2)
    make_message(minutes=3, customer=szabo, event_type="disk_critical", audience="customer", recipient="p@szabo.hu")
    make_message(minutes=4, customer=kiss, event_type="node_down", result="failed", channel="webhook", recipient="chat")
    make_message(minutes=5, customer=kiss, event_type="node_stale", result="skipped", reason="the customer is blocked")
    make_message(minutes=6, customer=kiss, event_type="app_deployed", result="skipped", is_ordinary=True)
    make_message(minutes=2 * DAY, customer=kiss, event_type="update_failed")
    make_message(minutes=100 * DAY, customer=kiss, event_type="test")


def listed(**written: str) -> list[str]:
    messages, _ = messages_page(view_of(written), now=NOW)
    return [message.event_type for message in messages]


NEWEST = ["hub_deaf", "disk_warning", "disk_critical", "node_down", "node_stale"]


@pytest.mark.parametrize(
    ("written", "types"),
    [
        ({}, NEWEST),
        ({"period": "7d"}, [*NEWEST, "update_failed"]),
        ({"period": "90d"}, [*NEWEST, "update_failed"]),
        ({"period": "for ever"}, NEWEST),
        ({"result": "failed"}, ["node_down"]),
        ({"result": "waiting"}, ["disk_warning"]),
        ({"result": "skipped"}, ["node_stale"]),
        ({"result": "sent"}, ["hub_deaf", "disk_critical"]),
        ({"result": "queued"}, NEWEST),
        ({"result": UNASKED}, NEWEST),
        ({"result": UNASKED, "customer": "kiss-anna"}, ["app_deployed"]),
        ({"audience": "customer"}, ["disk_critical"]),
        ({"audience": "everybody"}, NEWEST),
        ({"channel": "webhook"}, ["node_down"]),
        ({"channel": "pigeon"}, NEWEST),
        ({"customer": "szabo-peter"}, ["disk_warning", "disk_critical"]),
        ({"customer": "nobody"}, []),
        ({"q": "SZABO"}, ["disk_warning", "disk_critical"]),
        ({"q": "szabo.hu"}, ["disk_critical"]),
        ({"q": "disk_w"}, ["disk_warning"]),
        ({"q": "drive is nearly"}, ["disk_critical"]),
        ({"q": "nothing at all"}, []),
        ({"q": "szabo", "audience": "operator", "result": "waiting"}, ["disk_warning"]),
    ],
)
def test_the_address_says_what_is_listed(written: dict[str, str], types: list[str]) -> None:
    some_messages()

    assert listed(**written) == types


def test_every_message_is_on_one_page_and_those_of_one_moment_keep_their_order() -> None:
    for number in range(PAGE_ROWS * 2 + 1):
        make_message(minutes=number // 7, attempts=number)

    view, seen, pages = View(), list[int](), 0
    while True:
        messages, following = messages_page(view, now=NOW)
        seen += [message.pk for message in messages]
        pages += 1
        if following is None:
            break
        view = view_of(dict([pair.split("=") for pair in view.older_path(following).partition("?")[2].split("&")]))

    assert pages == 3
    newest_first = Delivery.objects.order_by("-at", "-pk").values_list("pk", flat=True)
    assert seen == list(newest_first)


def test_chips_count_what_all_else_fits_and_no_more_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    some_messages()

    counts = counts_of(view_of({"result": "failed", "audience": "operator"}), now=NOW)
    assert (counts.of(), counts.of(result="sent"), counts.of(result="skipped")) == (5, 2, 1)
    assert (counts.of(audience="customer"), counts.of(channel="webhook"), counts.is_bounded) == (1, 1, False)
    assert counts_of(view_of({"q": "szabo"}), now=NOW).of() == 2

    monkeypatch.setattr(message_log, "COUNTED", 3)
    bounded = counts_of(View(), now=NOW)
    assert (bounded.of(), bounded.of(result="failed"), bounded.is_bounded) == (3, 0, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_takes_one_query_however_many_rows_it_has(rows: int) -> None:
    for number in range(rows):
        make_message(customer=make_customer(f"c{number}"), minutes=number)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        messages, _ = messages_page(View(), now=NOW)
        assert [(message.customer_id, getattr(message, "again", None)) for message in messages] != []
        assert all(message.customer for message in messages)
    assert len(queries) == 1


def test_the_log_is_read_along_its_index() -> None:
    """No page walks through the decisions that are no news, which are most."""
    newest = message_log._matching(View(), NOW).order_by("-at", "-pk")[:51]

    # What a table of ten rows is worth no index to PostgreSQL.
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "delivery_is_news" in newest.explain()


def test_a_view_is_written_as_it_is_read() -> None:
    view = View(text="kő & fa", result="failed", audience="customer", customer="kiss-anna", period="7d")

    assert view.own_path == (
        "/notifications?q=k%C5%91+%26+fa&result=failed&audience=customer&customer=kiss-anna&period=7d"
    )
    assert view.path(result="", text="", audience="", customer="", period="24h") == "/notifications"
    assert (view.is_narrowed, View(period="7d").is_narrowed) == (True, False)
    assert replace(view, before=(NOW, 7)).own_path.endswith("&period=7d&before=1795435200000.7")


@pytest.mark.parametrize("text", PAYLOADS)
def test_whatever_an_address_says_can_be_asked(text: str) -> None:
    names = ("q", "result", "audience", "channel", "customer", "period", "before")
    view = view_of(dict.fromkeys(names, text))

    messages_page(view, now=NOW)
    counts_of(view, now=NOW)
    assert (view.result, view.audience, view.channel, view.period, view.before) == ("", "", "", "24h", None)
