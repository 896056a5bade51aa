import pytest

from felhom_hub.simulation.document import render
from felhom_hub.simulation.long_form import run_long_form
from felhom_hub.simulation.switches import RULES

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]


@pytest.mark.usefixtures("small_sizes")
def test_the_long_form_runs_the_year_every_rule_switched_off_and_every_scenario() -> None:
    progress: list[float] = []
    form = run_long_form(3, progress.append)

    assert (form.seed, form.year.nodes, form.with_all.nodes) == (3, 3, 2)
    assert list(form.without) == list(RULES)
    assert [(each.without, each.result.nodes) for each in form.alone] == [
        ("", 2), ("", 4), ("ledger", 4), ("", 12), ("incidents", 12), ("held", 12), ("", 10), ("gathering", 10),
    ]  # fmt: skip
    assert [each.result.mail.deaf_time_told for each in form.alone] == [0, 1, 1, 0, 0, 0, 0, 0]
    assert progress == sorted(progress)
    assert round(progress[-1], 3) == 1
    assert form.processor_seconds > 0
    written = render(form)
    assert "Seed **3**" in written
    assert "| hub off for 6 hours, 4 nodes | no alarm, one summary | 0 | 0 | 0 | 1 | 0, 0 | 0 in 0 | 0 |\n" in written
