from tests.simulation.forms import result, score

from felhom_hub.simulation.document import fault_lines, render, size_words
from felhom_hub.simulation.long_form import Alone, LongForm
from felhom_hub.simulation.mix import FAULTS
from felhom_hub.simulation.plan import Size
from felhom_hub.simulation.run import Result
from felhom_hub.simulation.scenarios import hub_off
from felhom_hub.simulation.switches import RULES


def rendered(year: Result) -> str:
    without = dict.fromkeys(RULES, result(score(alarms=77, false=55)))
    off = hub_off(5, 3)
    alone = [Alone(off, "", result()), Alone(off, "ledger", result(score(alarms=9), untold=3))]
    return render(LongForm(5, year, result(), without, alone, 600.0))


def test_every_number_of_the_run_is_in_the_document() -> None:
    written = rendered(result())

    assert "Seed **5**. The run took 10 minutes of one processor." in written
    assert "| felhom-hub | 12 | 0 | 2 | 3 | 0 | 20.0 min | 31.0 min |\n" in written
    assert "| plain threshold | 5,000 | 0 | 4,000 | 0 | 0 | – | – |\n" in written
    assert "| grace time | 6,000 | 0 | 4,500 | 0 | 0 | – | – |\n" in written
    assert "| hub off for 6 hours, 3 nodes | no alarm, one summary | 12 | 2 | 0 | 9 | 0, 0 | 30 in 2 | 0 |\n" in written
    assert "| the same without `ledger` |  | 9 | 0 | 0 | 9 | 0, 0 | 30 in 2 | 3 |\n" in written
    assert "30 were told in 2 summaries" in " ".join(written.split())
    # Tables apart, nothing is wider than the other documents.
    assert [line for line in written.splitlines() if len(line) > 120 and not line.startswith("|")] == []
    for name, words in RULES.items():
        assert f"| `{name}` | 77 | 0 | 55 | 0 | 0 | – | – | 0 | 1,000 |\n" in written
        assert f"- `{name}`: {words}.\n" in written


def test_a_goal_that_was_not_reached_says_so() -> None:
    reached = rendered(result(score(false=80), plain=score(false=4000)))
    missed = rendered(result(score(false=81, missed=1), plain=score(false=4000)))

    assert "fewer false alarms than the plain rule | yes | 4,000 : 80, 50 × fewer |" in reached
    assert "fewer false alarms than the plain rule | **no** | 4,000 : 81, 49 × fewer |" in missed
    assert "down threshold and one check | yes | 0 |" in reached
    assert "down threshold and one check | **no** | 1 |" in missed
    assert "| yes | 4,000 : 0 |" in rendered(result(score(), plain=score(false=4000)))


def test_every_fault_of_the_mix_is_a_line() -> None:
    written = list(fault_lines())

    assert [each.words for each in FAULTS if not any(line.endswith(f" | {each.words} |") for line in written)] == []
    assert "| each node | 10 | 1 min | 25 min | the line is gone for a moment |" in written


def test_a_size_says_how_often_faults_come_where_that_is_another() -> None:
    assert size_words(Size(1000, 365)) == "1,000 nodes, 365 days"
    assert size_words(Size(40, 14, 3)) == "40 nodes, 14 days, faults 3 times as often"
