"""The long form: a fleet's year, every rule switched off in turn, and what goes wrong alone."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from felhom_hub.simulation import sizes
from felhom_hub.simulation.plan import make_plan
from felhom_hub.simulation.run import Result, simulate
from felhom_hub.simulation.scenarios import Scenario, half_cut_off, hub_off, mail_away, without_faults
from felhom_hub.simulation.switches import RULES, Switches, without_rule

OnProgress = Callable[[float], None]


@dataclass(frozen=True)
class Alone:
    """What came of one scenario, with all rules or without the named one."""

    scenario: Scenario
    without: str
    result: Result


@dataclass(frozen=True)
class LongForm:
    """What came of all runs of one seed, and what they took."""

    seed: int
    year: Result
    with_all: Result
    without: Mapping[str, Result]
    alone: Sequence[Alone]
    processor_seconds: float


def scenarios(seed: int) -> list[tuple[Scenario, str]]:
    """All of them, in the sizes of the long form; each followed by itself without a rule that it is about."""
    return [
        (without_faults(seed, sizes.FAULTLESS), ""),
        *_with_and_without(hub_off(seed, sizes.HUB_OFF_NODES), "ledger"),
        *_with_and_without(half_cut_off(seed, sizes.HALF_CUT_NODES), "incidents", "held"),
        *_with_and_without(mail_away(seed, sizes.MAIL_AWAY_NODES), "gathering"),
    ]


def _with_and_without(scenario: Scenario, *rules: str) -> list[tuple[Scenario, str]]:
    return [(scenario, rule) for rule in ("", *rules)]


def run_long_form(seed: int, on_progress: OnProgress) -> LongForm:
    """Everything has been run; progress goes from 0 to 1."""
    began = time.process_time()
    progress = _Shares(on_progress)
    year = simulate(make_plan(seed, sizes.LONG), Switches(), on_progress=progress.part(0.7))
    small = make_plan(seed, sizes.ABLATION)
    share = 0.2 / (len(RULES) + 1)
    with_all = simulate(small, Switches(), on_progress=progress.part(share))
    without = {name: simulate(small, without_rule(name), on_progress=progress.part(share)) for name in RULES}
    asked = scenarios(seed)
    alone = [
        Alone(
            each,
            rule,
            simulate(
                each.plan, without_rule(rule) if rule else Switches(), on_progress=progress.part(0.1 / len(asked))
            ),
        )
        for each, rule in asked
    ]
    return LongForm(seed, year, with_all, without, alone, time.process_time() - began)


class _Shares:
    """Puts the progress of several runs together, each of which has its share of the whole."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self._done = 0.0

    def part(self, share: float) -> OnProgress:
        begin = self._done
        self._done += share

        def tell(progress: float) -> None:
            self._on_progress(begin + share * progress)

        return tell
