"""Results that nobody ran, for what is made of results."""

from typing import Any

from felhom_hub.simulation.judge import Alarm, Outage, Score
from felhom_hub.simulation.outcome import Mail
from felhom_hub.simulation.run import Result
from felhom_hub.simulation.spans import MINUTE, Span

ALARM = Alarm("down", (1,), (0,), 5, 6)
OUTAGE = Outage(1, Span(0, 1), Span(0, 2))
MAIL = Mail(
    messages=1234,
    to_operator=1000,
    lost=0,
    doubled=0,
    gathered=30,
    gatherings=2,
    reminders=7,
    deaf_time_told=9,
    tries=1300,
)


def score(*, missed: int = 0, false: int = 0, doubled: int = 0, **more: Any) -> Score:
    return Score(missed=[OUTAGE] * missed, false=[ALARM] * false, doubled=[ALARM] * doubled, **more)


def result(hub: Score | None = None, *, plain: Score | None = None, mail: Mail = MAIL, untold: int = 0) -> Result:
    return Result(
        seed=5,
        nodes=1000,
        hub=hub or score(alarms=12, outages=8, over=3, false=2, delays=[20 * MINUTE, 31 * MINUTE]),
        plain=plain or score(alarms=5000, false=4000),
        grace=score(alarms=6000, false=4500),
        mail=mail,
        left=4,
        untold=untold,
        events={"node_stale": 8, "node_down": 4},
    )
