import threading
from pathlib import Path

import pytest
from tests.controller.loopback import LoopbackHub, Told, running_hub

from felhom_controller.client import HubClient, HubError
from felhom_controller.outbox import run_outbox, send_oldest
from felhom_controller.retry import Backoff
from felhom_controller.spool import Spool

KEY = "k"
QUICK = Backoff(first_seconds=0.01, limit_seconds=0.05)


def _spool(directory: Path, count: int) -> Spool:
    spool = Spool(directory)
    for number in range(count):
        spool.add(b'{"number": %d}' % number)
    return spool


def test_an_event_is_removed_only_after_the_hubs_yes(hub: LoopbackHub, tmp_path: Path) -> None:
    spool, client = _spool(tmp_path, 1), HubClient(hub.url)
    hub.next_answers.append(Told(503))
    with pytest.raises(HubError):
        send_oldest(spool, client, KEY)
    assert len(spool) == 1
    assert send_oldest(spool, client, KEY) is True
    assert len(spool) == 0
    assert send_oldest(spool, client, KEY) is False


def test_a_refused_event_does_not_hold_up_the_others(hub: LoopbackHub, tmp_path: Path) -> None:
    spool, client = _spool(tmp_path, 3), HubClient(hub.url)
    hub.next_answers.append(Told(422, b'{"ok": false, "error": "event_type is the hub\'s own"}'))
    while send_oldest(spool, client, KEY):
        pass
    assert [request.members["number"] for request in hub.requests] == [0, 1, 2]
    reasons = [path.read_text() for path in (tmp_path / "refused").glob("*.reason.txt")]
    assert reasons == ["the hub answered 422: event_type is the hub's own\n"]


def test_events_of_an_outage_arrive_in_order_once_the_hub_is_back(tmp_path: Path) -> None:
    with running_hub() as first:
        port = int(first.url.rpartition(":")[2])
    spool, stop = _spool(tmp_path, 5), threading.Event()
    sender = threading.Thread(
        target=run_outbox,
        args=(spool, HubClient(f"http://127.0.0.1:{port}"), lambda: KEY),
        kwargs={"stop": stop, "backoff": QUICK},
    )
    sender.start()
    try:
        # From its first moment on: the sender tries a hundred times a second.
        with running_hub(port, answers=[Told(0), Told(503), Told(500), Told(200, b"<html>")]) as hub:
            requests = hub.wait_until(lambda requests: len(requests) >= 9)
            stop.set()
            sender.join(10)
    finally:
        stop.set()
        sender.join(10)
    assert [request.members["number"] for request in requests] == [0, 0, 0, 0, 0, 1, 2, 3, 4]
    assert len(spool) == 0


@pytest.mark.parametrize(
    "told",
    [
        Told(401, b'{"ok": false, "error": "there is no such key"}'),
        Told(404, b"404 page not found"),
        Told(403, b"<html>"),
        Told(405, b'{"ok": false, "error": "POST is not possible here"}'),
    ],
)
def test_events_outlast_a_wrong_key_and_a_proxy_without_its_hub(hub: LoopbackHub, tmp_path: Path, told: Told) -> None:
    spool, client = _spool(tmp_path, 2), HubClient(hub.url)
    hub.next_answers.append(told)
    with pytest.raises(HubError):
        send_oldest(spool, client, KEY)
    assert len(spool) == 2
    while send_oldest(spool, client, KEY):
        pass
    assert [request.members["number"] for request in hub.requests] == [0, 0, 1]
