import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import a_day, app

from felhom_hub.telemetry.queries import KnownApp, known_apps
from felhom_hub.telemetry.summarise import summarise

pytestmark = pytest.mark.django_db


def test_an_app_is_known_with_its_name_and_its_boxes() -> None:
    a_day(make_customer("a"), app(900, "photo view", display_name="Fotók"))
    a_day(make_customer("b"), app(800, "photo view", display_name="Fotók"))
    assert known_apps() == []
    summarise(NOW)

    assert known_apps() == [KnownApp("photo view", "Fotók", 2)]
    assert known_apps()[0].path == "/apps/photo%20view"
