"""A hub whose writer is a process of its own: killed under load, killed itself, and told to stop."""

from collections import Counter
from collections.abc import Callable

import psutil
import pytest
from tests.faults.test_kill import CLIENTS, Load, check, wait_for_answers
from tests.servers.clients import Reporter
from tests.servers.hub import API_KEY, Hub

pytestmark = pytest.mark.sqlite_only


def wait_for_more(hub: Hub, reporters: list[Reporter]) -> None:
    def answered() -> int:
        return sum(reporter.statuses[200] for reporter in reporters)

    before = answered()
    hub.wait_until(lambda: answered() > before + CLIENTS, "it stores again")


@pytest.fixture
def hub(new_hub: Callable[..., Hub]) -> Hub:
    hub = new_hub(settings={"database.writer_process": "true"})
    hub.start()
    return hub


def writer_of(hub: Hub) -> psutil.Process:
    """Its writer's process."""
    (writer,) = psutil.Process(hub.pid).children()
    return writer


def test_what_was_answered_200_is_stored_whichever_process_is_killed(hub: Hub) -> None:
    accepted: list[tuple[str, bytes]] = []
    for number, victim in enumerate(("writer", "writer", "hub")):
        load = Load(number)
        reporters = [Reporter(hub.port, API_KEY, load.next_request) for _ in range(CLIENTS)]
        for reporter in reporters:
            reporter.start()
        wait_for_answers(reporters)
        writer = writer_of(hub)
        if victim == "writer":
            writer.kill()
            wait_for_more(hub, reporters)
        else:
            hub.kill()
        for reporter in reporters:
            reporter.stop()
            accepted += reporter.accepted
        statuses = sum((reporter.statuses for reporter in reporters), Counter())
        assert set(statuses) <= {200, 503}
        if victim == "writer":
            assert [reporter.unanswered for reporter in reporters] == [[]] * CLIENTS
            assert '"writer_process_ended"' in hub.log
        else:
            writer.wait(60)  # nobody is left at its pipe
            hub.start()
        check(hub, accepted)


def test_a_hub_that_is_told_to_stop_takes_its_writer_along(hub: Hub) -> None:
    assert hub.post("/api/v1/report", b'{"customer_id": "last"}').status == 200
    writer = writer_of(hub)

    hub.terminate()

    assert not writer.is_running()
    assert hub.rows("SELECT count(*) FROM reports_report") == [(1,)]
    assert "Traceback" not in hub.log
