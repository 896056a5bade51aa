"""The faults of the simulated fleet: how often each comes, and how long it lasts. Pure.

To add one: an entry here, and what it does in plan.py. The document of a long form is rendered from these.
"""

from dataclasses import dataclass
from typing import Literal

from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, SECOND

Whose = Literal["node", "hub", "fleet", "mail"]

PERIOD = 15 * MINUTE
JITTER = 4 * SECOND  # a report leaves up to so much after its time
LATEST = 3 * HOUR  # no report is under way for longer


@dataclass(frozen=True)
class Fault:
    """`per_year` is for each node, or for the one hub, fleet or provider; lengths are spread evenly on a log scale."""

    name: str
    whose: Whose
    per_year: float
    shortest: int
    longest: int
    words: str


FAULTS = (
    Fault("blip", "node", 10, MINUTE, 25 * MINUTE, "the line is gone for a moment"),
    Fault("line", "node", 0.5, 25 * MINUTE, 12 * HOUR, "the line is gone"),
    Fault("power", "node", 0.5, 2 * MINUTE, 24 * HOUR, "the box is off; it reports as soon as it is on again"),
    Fault("away", "node", 0.1, DAY, 20 * DAY, "the box is off for long"),
    Fault("flapping", "node", 0.02, 12 * HOUR, 48 * HOUR, "a bout in which the line goes for 20 to 70 minutes and comes for 16 to 50, again and again"),  # noqa: E501
    Fault("restart", "hub", 40, 3 * SECOND, 45 * SECOND, "restarted, as for an upgrade"),
    Fault("storm", "hub", 1, HOUR, 2 * HOUR, "a bout of restarts, 4 to 9 minutes apart"),
    Fault("off", "hub", 6, 2 * MINUTE, 6 * HOUR, "not running"),
    Fault("asleep", "hub", 4, 5 * MINUTE, 4 * HOUR, "its machine sleeps"),
    Fault("refused", "hub", 4, MINUTE, HOUR, "the intake refuses everything, while the checks go on"),
    Fault("unwritable", "hub", 3, MINUTE, HOUR, "the database cannot be written: neither reports nor checks"),
    Fault("stalled", "hub", 12, 16 * SECOND, 90 * SECOND, "the process stands still"),
    Fault("ahead", "hub", 3, 10 * MINUTE, 6 * HOUR, "its clock is set ahead by 20 minutes to 30 hours, and right again"),  # noqa: E501
    Fault("behind", "hub", 3, 10 * MINUTE, 6 * HOUR, "its clock is set back by 20 minutes to 30 hours, and right again"),  # noqa: E501
    Fault("partition", "fleet", 6, 10 * MINUTE, 5 * HOUR, "half of the nodes do not reach the hub"),
    Fault("region", "fleet", 10, 20 * MINUTE, 6 * HOUR, "2 to 12 % of the nodes do not reach the hub"),
    Fault("away from mail", "mail", 3, 10 * MINUTE, 6 * HOUR, "the provider accepts nothing"),
    Fault("six hours", "mail", 1, 6 * HOUR, 6 * HOUR, "the provider accepts nothing"),
)  # fmt: skip

# Of so many reports one is …
LATE_ONE_OF = 500  # late by 20 seconds to 8 minutes
OVERTAKEN_ONE_OF = 20_000  # late by 20 minutes to 3 hours, and so behind reports that were sent after it
LOST_ONE_OF = 50_000
DOUBLED_ONE_OF = 300
# Of so many messages one is …
ANSWER_LOST_ONE_OF = 200  # accepted, and the provider's answer lost
KILLED_ONE_OF = 300  # accepted, and the worker killed before it could note that


def fault(name: str) -> Fault:
    """The entry of that name."""
    return next(each for each in FAULTS if each.name == name)
