import ast

import pytest
from tests.structure.files import ROOT, python_files

from felhom_hub.operators.actions import ACTIONS, KIND_LABELS, ActionKind, action_words, actions_like, actions_of


def recorded() -> dict[str, str]:
    """Every action that the source records, with a place of it."""
    found = {}
    for path in python_files("src"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record_audit":
                # A name that is chosen elsewhere is nothing that this test can read: it has to be written out.
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"
                found[str(node.args[0].value)] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


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
