import pytest

from felhom_hub.customers.models import Customer
from felhom_hub.simulation import sizes
from felhom_hub.simulation.plan import Size, make_plan
from felhom_hub.simulation.run import simulate
from felhom_hub.simulation.shown import as_document, faults_of
from felhom_hub.simulation.switches import Switches

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]


def test_the_short_form_misses_nothing_doubles_nothing_and_cries_wolf_far_less_than_the_plain_rule() -> None:
    result = simulate(make_plan(sizes.SEED, sizes.SHORT), Switches())

    assert result.hub.outages >= 5
    assert faults_of(result) == []
    assert len(result.plain.false) >= 30
    assert len(result.hub.false) * 50 <= len(result.plain.false)
    assert Customer.objects.count() == 0  # nothing of it stays


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_likewise_for_other_seeds_and_more_faults(seed: int) -> None:
    result = simulate(make_plan(seed, Size(nodes=60, days=60, haste=4)), Switches())

    assert result.hub.outages >= 20
    assert faults_of(result) == []
    assert len(result.hub.false) * 50 <= len(result.plain.false)


def test_the_same_seed_gives_the_same_result_and_progress_is_told() -> None:
    plan = make_plan(3, Size(nodes=3, days=6, haste=20))
    told: list[float] = []
    first, second = simulate(plan, Switches(), on_progress=told.append), simulate(plan, Switches())

    assert as_document(first) == as_document(second)
    assert (first.hub, first.mail) == (second.hub, second.mail)
    assert [round(each, 2) for each in told] == [0.83, 1]
