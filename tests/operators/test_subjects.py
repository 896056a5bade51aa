from collections.abc import Collection, Mapping

import pytest

from felhom_hub.operators import subjects
from felhom_hub.operators.subjects import names_now, register_names


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "_sources", {})


def test_what_is_there_has_its_name_or_its_id() -> None:
    asked: list[Collection[str]] = []

    def names_of(ids: Collection[str]) -> Mapping[str, str]:
        asked.append(ids)
        return {"a": "Ágnes", "b": ""}

    register_names("customers", names_of)

    assert names_now(["a", "b", "gone"]) == {"a": "Ágnes", "b": "b"}
    assert names_now([]) == {}
    assert asked == [["a", "b", "gone"]]


def test_without_anybody_to_ask_nothing_is_there() -> None:
    assert names_now(["a"]) == {}
