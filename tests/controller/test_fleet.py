import threading
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from tests.controller.loopback import LoopbackHub, Told, running_hub

from felhom_controller.blueprint import build_fleet
from felhom_controller.fleet import Fleet, FleetPlan, Tally
from felhom_controller.happenings import events_within
from felhom_controller.retry import Backoff
from felhom_controller.synthetic import Dealt
from felhom_controller.troubles import Window

KEY = "k"
QUICK = Backoff(first_seconds=0.02, limit_seconds=0.1)


def _run(fleet: Fleet, hub: LoopbackHub, count: int) -> Tally:
    """The fleet's tally once the hub has had so many requests."""

    def stop() -> None:
        hub.wait_until(lambda sent: len(sent) >= count)
        fleet.stop()

    threading.Thread(target=stop).start()
    return fleet.run()


def test_two_hundred_controllers_report_once_each(hub: LoopbackHub) -> None:
    plan = FleetPlan(hub.url, interval_seconds=900, spread_seconds=0.5)
    tally = _run(Fleet(plan, build_fleet(1, 200), lambda _: KEY), hub, 200)
    assert tally == Tally({200: 200}, events=0, silences=0)
    names = {request.members["customer_id"] for request in hub.requests}
    assert names == {machine.customer_id for machine in build_fleet(1, 200)}
    assert hub.connections <= plan.connections


def test_each_controller_uses_its_own_key(hub: LoopbackHub) -> None:
    plan = FleetPlan(hub.url, interval_seconds=900, spread_seconds=0)
    _run(Fleet(plan, build_fleet(1, 5), lambda customer_id: f"key-of-{customer_id}"), hub, 5)
    assert all(request.authorization == f"Bearer key-of-{request.members['customer_id']}" for request in hub.requests)


def test_snapshots_are_sent_at_first_and_after_a_change_only(hub: LoopbackHub) -> None:
    live = {"a": b"first"}
    plan = FleetPlan(hub.url, interval_seconds=0.05, spread_seconds=0, sends_snapshots=True)
    fleet = Fleet(plan, build_fleet(1, 1), lambda _: KEY, live_config_of=lambda _: live["a"])

    def change() -> None:
        hub.wait_until(lambda sent: len(sent) >= 5)
        live["a"] = b"second"

    threading.Thread(target=change).start()
    _run(fleet, hub, 10)
    sent = [request for request in hub.requests if request.path == "/api/v1/infra-backup"]
    assert [request.members["controller_yaml"] for request in sent] == ["Zmlyc3Q=", "c2Vjb25k"]


def test_a_controller_too_old_for_snapshots_sends_none(hub: LoopbackHub) -> None:
    old = [machine for machine in build_fleet(1, 24) if not machine.behaviour.sends_snapshots]
    plan = FleetPlan(hub.url, interval_seconds=0.05, spread_seconds=0, sends_snapshots=True)
    _run(Fleet(plan, old, lambda _: KEY), hub, 3)
    assert {request.path for request in hub.requests} == {"/api/v1/report"}


def test_reports_go_on_every_interval(hub: LoopbackHub) -> None:
    plan = FleetPlan(hub.url, interval_seconds=0.1, spread_seconds=0)
    _run(Fleet(plan, build_fleet(1, 2), lambda _: KEY), hub, 12)
    assert min(Counter(request.members["customer_id"] for request in hub.requests).values()) >= 4


def test_a_failed_report_is_sent_again_after_a_wait(hub: LoopbackHub) -> None:
    hub.next_answers.extend([Told(503), Told(0), Told(500)])
    plan = FleetPlan(hub.url, interval_seconds=900, spread_seconds=0, backoff=QUICK)
    fleet = Fleet(plan, build_fleet(1, 3), lambda _: KEY)
    assert _run(fleet, hub, 6) == Tally({0: 1, 200: 3, 500: 1, 503: 1}, events=0, silences=0)
    assert fleet.last_error


def test_retry_after_holds_for_its_controller_alone(hub: LoopbackHub) -> None:
    hub.next_answers.append(Told(503, b"", {"Retry-After": "3600"}))
    plan = FleetPlan(hub.url, interval_seconds=0.05, spread_seconds=0, connections=1, backoff=QUICK)
    _run(Fleet(plan, build_fleet(1, 2), lambda _: KEY), hub, 9)
    told_to_wait = hub.requests[0].members["customer_id"]
    assert [request.members["customer_id"] for request in hub.requests].count(told_to_wait) == 1


def test_a_refused_controller_waits_for_its_next_interval(hub: LoopbackHub) -> None:
    hub.usual = Told(403)
    plan = FleetPlan(hub.url, interval_seconds=900, spread_seconds=0, backoff=QUICK, duration_seconds=3)
    assert Fleet(plan, build_fleet(1, 4), lambda _: KEY).run() == Tally({403: 4}, events=0, silences=0)


def test_a_fleet_without_a_hub_counts_what_nobody_answered() -> None:
    with running_hub() as gone:
        url = gone.url
    plan = FleetPlan(url, interval_seconds=900, spread_seconds=0, duration_seconds=3)
    tally = Fleet(plan, build_fleet(1, 3), lambda _: KEY).run()
    assert set(tally.answers) == {0}


def test_a_stop_does_not_wait_for_a_hub_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_controller.fleet._STOP_SECONDS", 0.1)
    asked, release = threading.Event(), threading.Event()

    class Hanging(LoopbackHub):
        def take(self, request: object) -> Told:
            del request
            asked.set()
            release.wait(30)
            return Told()

    with running_hub(kind=Hanging) as hub:
        plan = FleetPlan(hub.url, interval_seconds=900, spread_seconds=0, connections=2)
        fleet = Fleet(plan, build_fleet(1, 2), lambda _: KEY)

        def stop() -> None:
            asked.wait(30)
            fleet.stop()

        threading.Thread(target=stop).start()
        assert fleet.run() == Tally({}, events=0, silences=0)
        release.set()


def test_events_of_the_time_since_the_start_are_sent_with_the_reports(hub: LoopbackHub) -> None:
    machine = build_fleet(1, 8)[7]  # flapping: its health changes every 17 minutes
    plan = FleetPlan(hub.url, interval_seconds=900, spread_seconds=0, sends_events=True)
    fleet = Fleet(plan, [machine], lambda _: KEY)
    started = time.time() - 2 * 86_400
    fleet._members[0].events_until = started
    expected = [event for _, event in events_within(machine, Window(started, time.time()))]
    assert len(expected) > 20
    refusal = Told(422, b'{"ok": false, "error": "event_type is the hub\'s own"}')
    hub.next_answers.extend([Told(), Told(), refusal])  # the second event is refused for good, and not sent again
    tally = _run(fleet, hub, 1 + len(expected))
    sent = [request.members for request in hub.requests if request.path == "/api/v1/event"]
    assert sent[: len(expected)] == expected
    assert tally.answers[422] == 1


def test_the_address_that_a_hub_can_reach_is_reported(hub: LoopbackHub) -> None:
    plan = FleetPlan(hub.url, interval_seconds=900, spread_seconds=0)
    fleet = Fleet(plan, build_fleet(1, 1), lambda _: KEY, dealt_of=lambda _: Dealt("http://127.0.0.1:9/x", "f00", None))
    _run(fleet, hub, 1)
    members = hub.requests[0].members
    assert (members["controller_url"], members["config_hash"]) == ("http://127.0.0.1:9/x", "f00")
    assert (datetime.now(UTC) - datetime.fromisoformat(members["timestamp"])).total_seconds() < 60
