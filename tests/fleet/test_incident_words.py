from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW

from felhom_hub.fleet.banner import Reason
from felhom_hub.fleet.incident_words import causes, ending, finding, progress, time_words
from felhom_hub.watch.incident_queries import KnownIncident, Share

ZONE = ZoneInfo("Europe/Budapest")
HOUR = timedelta(hours=1)
OPEN = KnownIncident(
    7, NOW - HOUR, None, NOW - 2 * HOUR, nodes=1212, fleet=1240, trait="on controller v0.30.2", silent=1180, back=31
)
ENDED = replace(OPEN, ended_at=NOW, silent=0, back=1210)


def words(incident: KnownIncident) -> str:
    return finding(incident, now=NOW, zone=ZONE)


def test_the_finding_can_be_checked() -> None:
    assert words(OPEN) == "1,212 of 1,240 servers silent since 11:00"
    assert words(replace(OPEN, nodes=5, fleet=5, silent_since_at=NOW - 26 * HOUR)) == (
        "5 of 5 servers silent since 22 Nov 2026, 11:00"
    )
    assert words(ENDED) == "1,212 of 1,240 servers were silent for 2 h from 11:00 on"


def test_the_progress_counts_who_is_back() -> None:
    assert progress(OPEN) == "31 of 1,212 report again, 1,180 are silent still"
    assert progress(replace(OPEN, silent=1)) == "31 of 1,212 report again, 1 is silent still"
    assert progress(ENDED) == "1,210 of 1,212 report again"


@pytest.mark.parametrize(
    ("trait", "fact"),
    [
        ("on controller v0.30.2", "Suspect the software rather than the sites."),
        ("in Győr", "Suspect power or internet of the town."),
        ("under felhom.eu", "Suspect the domain or its tunnel."),
        (
            "on controller v1 and in Pécs",
            "Suspect the software rather than the sites or power or internet of the town.",
        ),
        ("", "Suspect what the hub does not know of:"),
    ],
)
def test_what_they_share_says_what_to_suspect(trait: str, fact: str) -> None:
    assert causes(replace(OPEN, trait=trait), (), deaf=timedelta(), heard=28)[0].fact == fact


def test_what_tells_them_from_the_others_is_said_in_numbers() -> None:
    shares = [
        Share("Under felhom.eu", 1180, 1180, 9, 28),
        Share("Controller v0.30.2", 1180, 1180, 2, 28),
        Share("Town Győr", 40, 1180, 1, 28),
    ]

    assert causes(OPEN, shares, deaf=timedelta(), heard=28)[0] == Reason(
        "Suspect the software rather than the sites.",
        " They fell silent together",
        "All 1,180 silent ones share it, and 2 of 28 others.",
    )


@pytest.mark.parametrize(
    ("deaf", "heard", "reason"),
    [
        (timedelta(), 28, Reason("The hub itself hears.", " 28 other servers reported in the last 15 min")),
        (timedelta(), 0, Reason("The hub hears nobody:", " 0 other servers reported in the last 15 min")),
        (timedelta(), None, Reason("The hub itself heard all the time.", " It was not deaf meanwhile")),
        (
            timedelta(minutes=9),
            28,
            Reason("The hub itself did not hear all the time:", " it was deaf for 9 min"),
        ),
    ],
)
def test_the_hub_says_whether_it_heard_itself(deaf: timedelta, heard: int | None, reason: Reason) -> None:
    assert causes(OPEN, (), deaf=deaf, heard=heard)[1] == reason


def test_the_servers_that_are_back_come_last_and_can_be_seen() -> None:
    assert causes(OPEN, (), deaf=timedelta(), heard=1)[2] == Reason(f"{progress(OPEN)}.", section="servers")
    assert causes(ENDED, (), deaf=timedelta(), heard=None)[2] == Reason(
        "1,210 of 1,212 report again.", hint="2 servers did not come back before it ended.", section="servers"
    )
    assert causes(replace(ENDED, back=1212), (), deaf=timedelta(), heard=None)[2].hint == ""


@pytest.mark.parametrize(
    ("nodes", "part"),
    [(5, "when all of them report again."), (12, "no more than one is still"), (212, "no more than 4 are still")],
)
def test_the_end_is_told_by_the_rule(nodes: int, part: str) -> None:
    assert part in ending(nodes)


def test_a_time_of_today_needs_no_day() -> None:
    assert time_words(NOW, NOW, ZONE) == "13:00"
    assert time_words(NOW - 14 * HOUR, NOW, ZONE) == "22 Nov 2026, 23:00"
