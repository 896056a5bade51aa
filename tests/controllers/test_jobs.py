from dataclasses import replace

import pytest
from pytest_django import Settings
from tests.build import NOW
from tests.servers.image_registry import NAME
from tests.servers.pages import Page, Pages

from felhom_hub.controllers.jobs import look_for_releases
from felhom_hub.controllers.releases import offer_now

pytestmark = pytest.mark.django_db


def set_image(settings: Settings, image: str) -> None:
    registry = replace(settings.HUB.registry, image=image, username="", token="")
    settings.HUB = replace(settings.HUB, registry=registry)


def test_what_the_registry_has_is_known_and_told(pages: Pages, settings: Settings) -> None:
    set_image(settings, f"127.0.0.1:{pages.port}/{NAME}")
    pages.answer = lambda _path, _headers: Page(200, b'{"tags": ["latest", "v0.30.2", "v0.30.1"]}')

    assert look_for_releases(NOW) == "v0.30.2 of 3 tags"
    assert offer_now().newest == "v0.30.2"

    pages.answer = lambda _path, _headers: Page(503)
    place = f"127.0.0.1:{pages.port}"
    assert look_for_releases(NOW) == f"not known: {place} answered 503 in place of the tags of {NAME}."
    assert (offer_now().newest, offer_now().failure != "") == ("v0.30.2", True)


def test_without_an_image_nobody_is_asked(settings: Settings) -> None:
    set_image(settings, "")

    assert look_for_releases(NOW) == "switched off"
    assert offer_now().asked_at is None
