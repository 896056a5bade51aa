from dataclasses import replace
from pathlib import Path

import pytest
from tests.servers.image_registry import NAME, PASSWORD, USERNAME, running_image_registry
from tests.servers.pages import Page, Pages

from felhom_hub.configs.template import built_in
from felhom_hub.project.checks.findings import Finding, Level
from felhom_hub.project.checks.registry import check_registry, check_template
from felhom_hub.project.hubfile import load
from felhom_hub.project.options import Registry


def registry(*, image: str = "", token: str = "", template_url: str = "") -> Registry:
    chosen = load(None, {}).options.registry
    return replace(chosen, image=image, username=USERNAME, token=token, template_url=template_url)


def test_what_is_not_asked_for_is_no_warning() -> None:
    assert check_registry(registry()) == Finding(
        "registry", Level.OK, "registry.image is empty: the newest version is not looked up"
    )
    assert check_template(registry()) == Finding(
        "template", Level.OK, "registry.template_url is empty: the hub's own holds"
    )


def test_a_real_registry_says_the_newest_release_or_why_not(tmp_path: Path) -> None:
    with running_image_registry(tmp_path) as running:
        asked = registry(image=running.image, token=PASSWORD)
        place = f"127.0.0.1:{running.port}"
        unknown = check_registry(asked)
        running.push("latest", "edge")
        without = check_registry(asked)
        running.push("v0.30.1", "0.31.0", "v0.32.0-rc.1")

        assert check_registry(asked) == Finding("registry", Level.OK, f"{place} answers, the newest release is v0.31.0")
        assert unknown == Finding(
            "registry", Level.WARN, f"the newest version is not known: {place} knows no image {NAME}."
        )
        assert without == Finding("registry", Level.WARN, f"{place} has no release of {running.image} among 2 tags")
        wrong = check_registry(registry(image=running.image, token="wr0ng-t0ken"))
        assert wrong.level is Level.WARN
        assert wrong.message.endswith("look at registry.username and registry.token.")
        assert "wr0ng-t0ken" not in wrong.message
    gone = check_registry(asked)
    assert (gone.level, PASSWORD in gone.message) == (Level.WARN, False)
    assert gone.message.startswith(f"the newest version is not known: {place} ")


def test_a_template_that_can_be_used_is_told_with_its_lines(pages: Pages) -> None:
    pages.answer = lambda _path, _headers: Page(200, built_in().encode())

    found = check_template(registry(template_url=f"{pages.url}/controller.yaml.example"))

    lines = built_in().count("\n")
    assert found == Finding("template", Level.OK, f"registry.template_url answers with {lines} lines")


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (Page(404), "it was not fetched, and the last good one holds: 127.0.0.1:{} has no template at that address"),
        (Page(200, b"a: [1"), "what registry.template_url gives cannot be used: Line "),
        (Page(200, b"- a"), "what registry.template_url gives cannot be used: It is no mapping of keys to values."),
        (Page(200, b"a: 1"), "what registry.template_url gives cannot be used: "),
    ],
)  # fmt: skip
def test_a_template_that_is_not_there_or_is_none_is_a_warning(pages: Pages, page: Page, sentence: str) -> None:
    pages.answer = lambda _path, _headers: page

    found = check_template(registry(template_url=f"{pages.url}/controller.yaml.example"))

    assert (found.check, found.level) == ("template", Level.WARN)
    assert found.message.startswith(sentence.format(pages.port))
