from typing import Any

import pytest
from django.test import RequestFactory

from felhom_hub.operators import kept_forms
from felhom_hub.operators.kept_forms import Entries, entries_of, lost_secrets, register_kept_form

PATH = "/configs/new"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_forms, "_FORMS", {})
    register_kept_form("new", fields=("name", "note"), secrets=("token", "code"))


def entries(body: str, path: str = PATH, content_type: str = FORM, method: str = "POST") -> Entries | None:
    request: Any = RequestFactory().generic(method, path, body, content_type=content_type)
    return entries_of(request, path)


def test_named_fields_come_back_and_secrets_are_only_named() -> None:
    found = entries("name=Anna+%3Cb%3E&note=a%0D%0Ab&token=T0K&_csrf=x&other=1&code=")

    assert found == Entries(PATH, [("name", "Anna <b>"), ("note", "a\r\nb"), ("lost_secrets", "token")])


def test_a_secret_that_was_lost_stays_named_through_a_second_try() -> None:
    assert entries("name=A&lost_secrets=token+name+%3Cb%3E") == Entries(
        PATH, [("name", "A"), ("lost_secrets", "token")]
    )
    assert lost_secrets({"lost_secrets": "code token"}) == ["code", "token"]
    assert lost_secrets({}) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"body": "", "path": PATH},
        {"body": "name=", "path": PATH},
        {"body": "token=T0K", "path": PATH},
        {"body": "name=A", "path": "/configs/check"},
        {"body": "name=A", "path": "/no-such-page"},
        {"body": "name=A", "content_type": "text/plain"},
        {"body": "name=A", "method": "PUT"},
        {"body": f"name={'a' * 100_001}"},
    ],
)
def test_nothing_else_comes_back(asked: dict[str, str]) -> None:
    assert entries(**asked) is None
