"""Looks at pages as a strict reader: well-formed, no id twice, one h1, no inline style or handler."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from tests.build import NOW, incoming, record

VOID = {"meta", "link", "input", "path", "rect", "circle", "use", "br"}


class Balance(HTMLParser):
    """Fails on a tag that is closed where it was not opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        assert not {name for name, _ in attrs} & {"style", "onclick", "onload"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def checked(browser: Client, path: str, status: int = 200) -> str:
    """The page's HTML; it is well-formed, has no id twice, one h1, and no inline style or handler."""
    answer = browser.get(path)
    assert answer.status_code == status, path
    html: str = answer.content.decode()
    balance = Balance()
    balance.feed(html)
    assert balance.open == []
    assert len(balance.ids) == len(set(balance.ids))
    assert html.count("<h1") == 1
    return html


def title(html: str) -> str:
    found = re.search(r"<title>(.*?) · felhom hub</title>", html)
    assert found is not None
    return found[1]


def report(customer_id: str = "kovacs-peter", *, minutes: float = 4, **members: Any) -> None:
    record([incoming(customer_id, received_at=NOW - timedelta(minutes=minutes), **members)])
