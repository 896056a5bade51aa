import pytest

from felhom_hub.simulation import sizes
from felhom_hub.simulation.plan import Size
from felhom_hub.simulation.run import Result, simulate
from felhom_hub.simulation.scenarios import Scenario, half_cut_off, hub_off, mail_away, without_faults
from felhom_hub.simulation.shown import faults_of
from felhom_hub.simulation.spans import MINUTE
from felhom_hub.simulation.switches import Switches, without_rule

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]

SEED = sizes.SEED


def result_of(scenario: Scenario, without: str = "") -> Result:
    return simulate(scenario.plan, without_rule(without) if without else Switches())


@pytest.mark.parametrize("nodes", [60, pytest.param(sizes.HUB_OFF_NODES, marks=pytest.mark.long)])
def test_a_hub_that_was_off_tells_that_once_and_nothing_false(nodes: int) -> None:
    result = result_of(hub_off(SEED, nodes))

    assert (result.hub.alarms, result.mail.to_operator, dict(result.events)) == (0, 1, {"hub_deaf": 1})
    assert len(result.plain.false) == nodes


def test_without_the_ledger_it_would_cry_wolf() -> None:
    assert [alarm.kind for alarm in result_of(hub_off(SEED, 60), "ledger").hub.false] == ["incident"]


@pytest.mark.parametrize("nodes", [40, pytest.param(sizes.HALF_CUT_NODES, marks=pytest.mark.long)])
def test_half_a_fleet_that_is_cut_off_is_one_incident_and_who_stays_away_is_told_alone(nodes: int) -> None:
    result = result_of(half_cut_off(SEED, nodes))

    assert dict(result.hub.kinds) == {"incident": 1, "down": 2}
    assert (result.hub.outages, result.left, faults_of(result)) == (nodes // 2, 2, [])
    assert (result.events["hub_incident_ended"], result.events["node_down"]) == (1, nodes // 2)


def test_what_an_incident_held_back_would_never_be_told_without_the_rule_for_it() -> None:
    result = result_of(half_cut_off(SEED, 40), "held")

    assert (result.left, result.untold, dict(result.hub.kinds)) == (2, 2, {"incident": 1})


def test_without_incidents_every_node_is_a_message() -> None:
    assert dict(result_of(half_cut_off(SEED, 20), "incidents").hub.kinds) == {"stale": 10, "down": 10}


@pytest.mark.parametrize("size", [Size(20, 60), pytest.param(sizes.FAULTLESS, marks=pytest.mark.long)])
def test_without_faults_nobody_is_told_anything(size: Size) -> None:
    result = result_of(without_faults(SEED, size))

    assert (result.hub.alarms, result.mail.messages, dict(result.events)) == (0, 0, {})


@pytest.mark.parametrize("nodes", [40, pytest.param(sizes.MAIL_AWAY_NODES, marks=pytest.mark.long)])
def test_a_mail_provider_that_is_away_loses_and_doubles_nothing_and_makes_one_summary_for_each_recipient(
    nodes: int,
) -> None:
    scenario = mail_away(SEED, nodes)
    result = result_of(scenario)
    gone = nodes // 10
    # Who comes back when the provider does, or ten minutes before, is told alone.
    (away,) = scenario.plan.mail
    alone = sum(run.begin >= away.end - 10 * MINUTE for node in scenario.plan.nodes for run in node.runs)

    assert dict(result.events) == {"node_stale": gone, "node_down": gone, "node_recovered": gone}
    assert (result.hub.alarms, result.hub.missed, faults_of(result)) == (2 * gone, [], [])
    assert result.mail.gatherings == 1  # the operator's; a customer has no more than two messages
    assert result.mail.to_operator == 2 + alone  # one that goes ahead, and the summary of the others
    assert result.mail.gathered == 3 * gone - 1 - alone


def test_without_gathering_it_would_be_a_flood() -> None:
    result = result_of(mail_away(SEED, 40), "gathering")

    assert (result.mail.to_operator, result.mail.gatherings) == (12, 0)
