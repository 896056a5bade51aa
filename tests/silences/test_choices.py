import pytest

from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.silences.choices import NEVER_SILENCED, choice_words, groups, is_chosen, possible

SILENCED = sorted(set(CATALOGUE) - NEVER_SILENCED)


def test_every_type_that_tells_of_something_can_be_chosen_those_of_the_hub_too() -> None:
    offered = [each.name for group in groups() for each in group.types]

    assert sorted(offered) == SILENCED
    assert possible() >= set(SILENCED)
    assert {"hub_deaf", "hub_incident_began", "hub_incident_ended", "node_down"} <= set(offered)


def test_a_test_is_never_silenced_whatever_was_chosen() -> None:
    assert sorted(NEVER_SILENCED) == ["hub_alarm_test", "test"]
    assert NEVER_SILENCED.isdisjoint(possible())
    assert "group:test" not in possible()
    for event_type in NEVER_SILENCED:
        chosen: tuple[list[str], ...] = ([], ["group:hub"], ["group:test"], [event_type])
        assert [is_chosen(choices, event_type) for choices in chosen] == [False] * 4


@pytest.mark.parametrize("event_type", SILENCED)
def test_a_type_is_covered_by_itself_its_group_and_all_and_by_no_other(event_type: str) -> None:
    category = CATALOGUE[event_type].category
    others = set(possible()) - {event_type, f"group:{category}"}

    assert [is_chosen(chosen, event_type) for chosen in ([event_type], [f"group:{category}"], [])] == [True] * 3
    assert not is_chosen(others, event_type)


def test_an_older_name_is_covered_as_what_it_means() -> None:
    assert is_chosen(["backup_completed"], "backup_ok")
    assert is_chosen(["group:backup"], "backup_ok")
    assert not is_chosen(["group:uncatalogued"], "backup_ok")


def test_what_no_catalogue_knows_is_covered_by_its_own_group_and_by_all() -> None:
    assert [is_chosen(chosen, "fan_stuck") for chosen in (["group:uncatalogued"], [], ["group:health"])] == [
        True,
        True,
        False,
    ]
    assert not is_chosen(["group:uncatalogued"], "node_down")


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ([], "all types"),
        (["group:node"], "server silent"),
        (["disk_critical", "group:node", "node_down"], "server silent, Drive is nearly full"),
        (["group:uncatalogued"], "types unknown to this hub"),
    ],
)
def test_choices_in_words(choices: list[str], words: str) -> None:
    assert choice_words(choices) == words
