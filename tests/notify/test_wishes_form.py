from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.notify.wishes_form import Choice, form_of


def test_every_type_that_a_customer_can_be_told_of_is_a_choice() -> None:
    form = form_of({}, ["node_down"])

    choices = {choice.event_type: choice for _, choices in form.groups for choice in choices}
    of_customers = {entry.name for entry in CATALOGUE.values() if entry.category not in {"hub", "test"}}
    assert set(choices) == of_customers
    assert [each.event_type for each in choices.values() if each.is_enabled] == ["node_down"]
    assert form.groups[0] == (
        "Server",
        [
            Choice("node_stale", "Reports are late", is_enabled=False),
            Choice("node_down", "Node is silent", is_enabled=True),
            Choice("node_recovered", "Node reports again", is_enabled=False),
            Choice("node_unsteady", "Node is unsteady", is_enabled=False),
            Choice("node_steady", "Node is steady again", is_enabled=False),
        ],
    )


def test_what_a_newer_box_has_named_is_kept() -> None:
    assert form_of({}, ["fan_too_loud", "node_down"]).groups[-1] == (
        "Unknown to this hub",
        [Choice("fan_too_loud", "Fan too loud", is_enabled=True)],
    )


def test_a_form_has_what_was_entered_and_what_is_wrong_with_it() -> None:
    form = form_of({"email": "x", "cooldown_hours": "900"}, [], problems={"email": "Must be one address."})

    assert (form.email.value, form.email.problem, form.cooldown.value, form.cooldown.problem) == (
        "x",
        "Must be one address.",
        "900",
        "",
    )
    assert form.problems == [("E-mail", "f-email", "Must be one address.")]


def test_a_customer_that_has_said_nothing_begins_with_the_default() -> None:
    form = form_of({}, [])

    assert (form.email.value, form.cooldown.value, form.problems) == ("", "6", [])
