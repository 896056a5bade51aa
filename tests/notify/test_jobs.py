from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings
from tests.build import NOW, incoming_event, make_customer, record_all_events
from tests.notify.alarms import fall
from tests.servers.resend import Provider

from felhom_hub.base.schedule import JOBS, Lane, load_jobs, run_due
from felhom_hub.base.storage import watch_intake
from felhom_hub.base.timetable import Daily, Interval
from felhom_hub.notify import heartbeat as heartbeat_module
from felhom_hub.notify.heartbeat import HeartbeatError
from felhom_hub.notify.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def jobs() -> None:
    load_jobs()


def test_the_job_says_what_it_did(resend: Provider) -> None:
    job = JOBS["notify.deliver_messages"]
    record_all_events([incoming_event("a"), incoming_event("b"), incoming_event("c")])
    resend.behave("ok", 422, 500)

    assert job.run(NOW) == "1 message sent, 1 message postponed, 1 message failed"
    assert job.run(NOW) == "nothing to send"
    assert (job.label, job.lane) == ("Deliver messages", Lane.REMOTE)


def test_the_alarm_path_is_proven_once_a_day(resend: Provider) -> None:
    job = JOBS["notify.prove_alarm_path"]

    assert job.run(NOW) == "sent through 1 channel"
    assert Delivery.objects.get().event_type == "hub_alarm_test"
    assert (job.timetable, job.label) == (Daily(time(6), ZoneInfo("Europe/Budapest")), "Prove the alarm path")
    assert resend.requests == []  # the job that delivers sends it, as it does every alarm


def test_nothing_is_told_because_a_hub_starts(resend: Provider) -> None:
    run_due(NOW)
    assert resend.requests == []

    next_morning = NOW + timedelta(hours=17)
    run_due(next_morning)
    run_due(next_morning + timedelta(seconds=5))

    assert [each["subject"] for each in resend.accepted.values()] == ["[ALARM TEST] The hub: the alarm path works"]


def test_without_a_channel_no_alarm_is_made_up() -> None:
    assert JOBS["notify.prove_alarm_path"].run(NOW) == "no channel is set up"
    assert not Delivery.objects.exists()


def test_the_heartbeat_is_pinged_while_the_hub_is_well(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat_module, "_last", [])
    monkeypatch.setattr("felhom_hub.base.storage._watched", [])
    job = JOBS["notify.ping_heartbeat"]
    assert job.run(NOW) == "no address is set"

    alerting = replace(settings.HUB.alerting, heartbeat_url="http://127.0.0.1:1/ping")
    settings.HUB = replace(settings.HUB, alerting=alerting)
    with pytest.raises(HeartbeatError):
        job.run(NOW)
    watch_intake(lambda: "it is read-only")
    assert job.run(NOW) == "not pinged: reports are refused, it is read-only"
    assert (job.timetable, job.label) == (Interval(timedelta(minutes=1)), "Ping the outside heartbeat")


@pytest.mark.usefixtures("resend")
def test_what_was_held_back_and_what_stands_are_told_by_jobs(settings: Settings) -> None:
    customer = make_customer("a")
    fall(customer, incident=318)
    held, reminders = JOBS["notify.tell_what_was_held"], JOBS["notify.remind_of_alarms"]

    assert [held.run(NOW), held.run(NOW)] == ["1 message on the way", "nothing to tell"]
    day = timedelta(days=1)
    assert [reminders.run(NOW + day), reminders.run(NOW + day)] == ["reminded of 1 alarm", "nothing to remind of"]
    settings.HUB = replace(settings.HUB, alerting=replace(settings.HUB.alerting, remind_every=timedelta()))
    assert reminders.run(NOW + 9 * day) == "reminders are off"
    assert (held.timetable, reminders.timetable) == (Interval(timedelta(minutes=1)), Interval(timedelta(minutes=5)))
