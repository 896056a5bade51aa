import html
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from felhom_hub.project.openapi import pages
from felhom_hub.project.openapi.document import OPERATIONS, SCHEMAS, refusals_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(browser: Any) -> str:
    """The page, with everything unfolded."""
    page: str = browser.get("/api?show=all").content.decode()
    return page


def part_of(page: str, anchor: str) -> str:
    """The text of one folding section, without its elements."""
    found = re.search(rf'<details class="card sect" id="{anchor}" open>(.*?)</details>', page, re.DOTALL)
    assert found is not None, anchor
    return html.unescape(re.sub(r"<[^>]+>", "", found[1]))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.operation_id)
def test_every_endpoint_is_there_with_all_that_is_said_of_it(written: str, operation: Any) -> None:
    part = part_of(written, operation.operation_id)

    assert f"{operation.method} {operation.path}" in part
    assert "curl " in part
    assert [each.name for each in operation.parameters if each.name not in part] == []
    assert [status for status, when in refusals_of(operation).items() if f"{status} " not in part] == []
    for example in (operation.answer.example, *([operation.body.example] if operation.body else [])):
        shown = example.strip() if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2)
        assert shown in part


def test_each_endpoint_is_in_one_group() -> None:
    grouped = [each.operation.operation_id for group in pages.groups_of("https://a") for each in group.endpoints]

    assert sorted(grouped) == sorted(each.operation_id for each in OPERATIONS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_shape_is_there_with_its_members(written: str, name: str) -> None:
    part = part_of(written, f"shape-{name}")

    assert [member for member in SCHEMAS[name].get("properties", {}) if member not in part] == []


def test_every_link_within_the_page_leads_somewhere(written: str) -> None:
    linked = set(re.findall(r'href="#([^"]+)"', written)) - {"main"}

    assert linked
    assert linked <= set(re.findall(r' id="([^"]+)"', written))


def test_commands_ask_the_hub_under_its_own_address(browser: Any, settings: Settings) -> None:
    server = replace(settings.HUB.server, public_url="https://hub.felhom.example")
    settings.HUB = replace(settings.HUB, server=server)

    assert "curl https://hub.felhom.example/livez" in browser.get("/api").content.decode()


def test_it_is_folded_until_all_is_asked_for(browser: Any) -> None:
    assert 'sect" id="sendReport">' in browser.get("/api").content.decode()
