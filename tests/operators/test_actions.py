import ast

import pytest
from tests.structure.files import ROOT, python_files

from felhom_hub.operators.actions import ACTIONS, KIND_LABELS, ActionKind, action_words, actions_like, actions_of


def recorded() -> dict[str, str]:
    """Every action that the source records, with a place of it."""
    found: dict[str, str] = {}
    for path in python_files("src"):
        module = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record_audit":
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                names = names_in(module, node.args[0])
                # A name that is chosen elsewhere is nothing that this test can read: it has to be written out.
                assert names, place
                found |= dict.fromkeys(names, place)
    return found


def names_in(module: ast.Module, argument: ast.expr) -> list[str]:
    """The action, or those of the module's own table from which one is taken."""
    if isinstance(argument, ast.Constant):
        return [str(argument.value)]
    table = getattr(getattr(argument, "value", None), "id", "")
    return [
        str(value.value)
        for statement in module.body
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == table
        if isinstance(statement.value, ast.Dict)
        for value in statement.value.values
        if isinstance(value, ast.Constant)
    ]


def test_every_recorded_action_has_plain_words() -> None:
    missing = {name: where for name, where in recorded().items() if name not in ACTIONS}

    assert len(recorded()) > 8
    assert missing == {}


def test_no_name_is_longer_than_its_column() -> None:
    assert [name for name in ACTIONS if len(name) > 64] == []


def test_words_are_told_apart() -> None:
    words = [action.words for action in ACTIONS.values()]

    assert sorted(set(words)) == sorted(words)


def test_every_kind_has_a_label_and_actions() -> None:
    assert list(KIND_LABELS) == list(ActionKind)
    assert sorted(name for kind in ActionKind for name in actions_of(kind)) == sorted(ACTIONS)
    assert [kind for kind in ActionKind if not actions_of(kind)] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("customer_blocked", "Customer blocked"), ("from_a_newer_hub", "From a newer hub"), ("", "")],
)
def test_an_action_reads_as_words_even_where_it_is_unknown(name: str, words: str) -> None:
    assert action_words(name) == words


def test_actions_are_found_by_their_words() -> None:
    assert actions_like("BLOCKED") == ["customer_blocked", "customer_unblocked"]
    assert actions_like("nothing like it") == []
