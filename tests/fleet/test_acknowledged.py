from datetime import timedelta

import pytest
from tests.fleet.summaries import NOW

from felhom_hub.fleet.acknowledged import Acknowledgement, acknowledgements
from felhom_hub.notify.taken import Taken
from felhom_hub.reports.status import Status, Verdict

AT = NOW - timedelta(hours=2)


def taken(event_type: str, incident: str = "") -> Taken:
    return Taken(event_type, incident, "kata", "ordered", AT)


@pytest.mark.parametrize(
    ("status", "is_silent", "alarms", "whats"),
    [
        (Status.DOWN, True, [taken("node_down")], [""]),
        (Status.WARN, True, [taken("node_stale")], [""]),
        (Status.WARN, False, [taken("health_degraded")], [""]),
        (Status.DOWN, True, [taken("node_down", "7")], ["incident 7"]),
        (Status.DOWN, True, [taken("backup_failed")], ["Backup failed:"]),
        (Status.DOWN, True, [taken("health_degraded"), taken("node_down")], ["", "Health degraded:"]),
        (Status.DOWN, False, [taken("node_unsteady"), taken("health_degraded")], ["", "Node is unsteady:"]),
        (Status.DOWN, True, [], []),
        (Status.OK, False, [taken("backup_failed")], []),
        (Status.DISABLED, False, [taken("health_degraded")], []),
    ],
)
def test_what_a_server_needs_him_for_comes_first_and_all_else_is_named(
    status: Status, is_silent: bool, alarms: list[Taken], whats: list[str]
) -> None:
    found = acknowledgements(alarms, Verdict(status, is_silent=is_silent))

    assert found == [Acknowledgement(what, "kata", "ordered", AT) for what in whats]
