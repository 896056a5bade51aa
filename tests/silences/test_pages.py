import re
from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.silences.silences import made

from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.silences.choices import NEVER_SILENCED
from felhom_hub.silences.models import Silence
from felhom_hub.silences.recurrence import Schedule

PLAIN = {"why": "House move", "reach": "all", "types": "all", "repeats": "once", "until": "16:00"}
HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}'


def post(browser: Any, path: str = "/silences", **fields: Any) -> Any:
    return browser.post(path, {"_csrf": browser.csrf, **fields})


def test_the_empty_page_says_what_silences_are_for(browser: Any) -> None:
    page = browser.get("/silences").content.decode()

    assert "<h1>No silence is active</h1>" in page
    assert "Nothing is silent, and nothing is planned" in page
    assert sorted(re.findall(r'name="event_types" value="(\w+)"', page)) == sorted(set(CATALOGUE) - NEVER_SILENCED)


def test_what_is_entered_is_made_and_the_page_says_so(browser: Any) -> None:
    anna = make_customer("kiss-anna", name="Kiss Anna")

    answer = post(
        browser,
        **{**PLAIN, "reach": "customers", "customers": "Kiss Anna", "types": "some"},
        event_types=["group:node"],
    )

    silence = Silence.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/silences#s-{silence.pk}")
    assert (silence.why, silence.made_by, silence.until_at) == ("House move", "operator", NOW + timedelta(hours=3))
    assert [each.customer_id for each in silence.customers.all()] == [anna.pk]
    page = browser.get("/silences").content.decode()
    assert "<h1>1 silence is active</h1>" in page
    assert "The silence is made." in page
    assert '<a href="/customers/kiss-anna"><bdi>Kiss Anna</bdi></a>, server silent' in page


def test_what_cannot_be_is_not_made_and_nothing_typed_is_lost(browser: Any) -> None:
    answer = post(
        browser, why="", reach="tag", tag=HOSTILE, types="some", repeats="weekly", weekdays=["6"], window_from=HOSTILE,
        window_to="04:00", event_types=["disk_critical", "group:node"],
    )  # fmt: skip
    page = answer.content.decode()

    assert (answer.status_code, Silence.objects.exists()) == (422, False)
    assert re.findall(r'<li><a href="#(f-\w+)">', page) == ["f-why", "f-tag", "f-window_from"]
    assert page.count('aria-invalid="true"') == 3
    assert set(re.findall(r'value="([\w:]+)" checked', page)) == {
        "tag", "some", "disk_critical", "group:node", "weekly", "6",
    }  # fmt: skip
    assert "<script>alert" not in page
    assert page.count("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}") == 2
    assert 'name="window_to" type="text" value="04:00"' in page


def test_the_next_windows_are_shown_before_anything_is_made(browser: Any) -> None:
    texts = {**PLAIN, "repeats": "weekly", "window_from": "01:30", "window_to": "03:30", "check": "yes"}
    answer = post(browser, **texts, weekdays=["6"])
    page = answer.content.decode()

    assert (answer.status_code, Silence.objects.exists()) == (200, False)
    assert "Sun 29 Nov 2026, 01:30 to 03:30" in page
    assert 'value="House move"' in page


def test_an_address_fills_the_form_in(browser: Any) -> None:
    page = browser.get("/silences?customers=kiss-anna&type=group:node&type=node_down").content.decode()

    assert 'name="customers" type="text" value="kiss-anna"' in page
    assert set(re.findall(r'name="event_types" value="([\w:]+)" checked', page)) == {"group:node", "node_down"}


def test_a_silence_is_ended_by_a_post_alone(browser: Any) -> None:
    number = made(schedule=Schedule(NOW, None))

    assert browser.get(f"/silences/{number}/end").status_code == 405
    answer = post(browser, f"/silences/{number}/end")
    assert (answer.status_code, answer["Location"]) == (303, "/silences")
    assert (Silence.objects.get().ended_at, Silence.objects.get().ended_by) == (NOW, "operator")
    page = browser.get("/silences").content.decode()
    assert "The silence is ended." in page
    assert "ended early by operator" in page


@pytest.mark.parametrize("number", [7, 10**30])
def test_a_silence_that_there_is_not(browser: Any, number: int) -> None:
    answer = post(browser, f"/silences/{number}/end")

    assert answer.status_code == 404
    assert "There is no such silence" in answer.content.decode()


def test_a_silence_comes_filled_in_and_is_changed(browser: Any) -> None:
    anna = make_customer("kiss-anna", name="Kiss Anna")
    number = made({anna.pk: "kiss-anna"}, choices=("group:node",), schedule=Schedule(NOW, NOW + timedelta(hours=3)))
    assert f'href="/silences/{number}/edit"' in browser.get("/silences").text

    page = browser.get(f"/silences/{number}/edit").text
    assert "<h1>Change the silence “<bdi>House move</bdi>”</h1>" in page
    assert "It is for <bdi>Kiss Anna</bdi>." in page
    assert re.findall(r'name="(?:why|from|until)" type="text" value="(.*?)"', page) == [
        "House move", "2026-11-23 13:00", "2026-11-23 16:00",
    ]  # fmt: skip
    assert set(re.findall(r'value="([\w:]+)" checked', page)) == {"some", "group:node", "yes", "once"}
    assert 'name="reach"' not in page

    answer = post(browser, f"/silences/{number}/edit", why="New drive", types="all", repeats="once", until="18:00")
    assert (answer.status_code, answer["Location"]) == (303, f"/silences#s-{number}")
    row = Silence.objects.get()
    assert (row.why, row.event_types, row.is_for_customers, row.from_at, row.until_at) == (
        "New drive", "[]", False, NOW, NOW + timedelta(hours=5),
    )  # fmt: skip
    assert "The silence is changed." in browser.get("/silences").text
    assert "Silence changed" in browser.get("/audit").text


def test_a_change_that_cannot_be_loses_nothing_that_was_typed(browser: Any) -> None:
    number = made()
    fields = {"why": HOSTILE, "types": "some", "repeats": "once", "until": "11:00", "from": HOSTILE}

    answer = post(browser, f"/silences/{number}/edit", **fields)
    page = answer.text

    assert (answer.status_code, Silence.objects.get().why) == (422, "House move")
    assert re.findall(r'<li><a href="#(f-\w+)">', page) == ["f-event_types", "f-from", "f-until"]
    assert "<script>alert" not in page
    assert page.count("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}") == 2
    assert 'name="until" type="text" value="11:00"' in page


def test_the_next_windows_of_a_change_are_shown_before_it_is_made(browser: Any) -> None:
    number = made()
    texts = {**PLAIN, "repeats": "weekly", "window_from": "01:30", "window_to": "03:30", "check": "yes"}

    answer = post(browser, f"/silences/{number}/edit", **texts, weekdays=["6"])

    assert (answer.status_code, Silence.objects.get().weekdays) == (200, 0)
    assert "Sun 29 Nov 2026, 01:30 to 03:30" in answer.text


def test_one_that_has_ended_has_no_form(browser: Any) -> None:
    number = made()
    post(browser, f"/silences/{number}/end")

    answers = [browser.get(f"/silences/{number}/edit"), post(browser, f"/silences/{number}/edit", **PLAIN)]
    for answer in answers:
        assert answer.status_code == 404
        assert f"There is no silence {number}, or it has ended." in answer.text
