import pytest
from tests.build import NOW, app_entry, incoming, make_customer, record
from tests.telemetry.hours import app, store

from felhom_hub.telemetry.fresh import Fresh, is_waiting, read_fresh
from felhom_hub.telemetry.summarise import summarise

pytestmark = pytest.mark.django_db


def test_an_app_is_known_before_it_is_summed_up() -> None:
    store(make_customer("a"), NOW, app(display_name="Immich"))
    store(make_customer("b"), NOW, app(display_name="Immich"), app(1, "gitea"))

    assert read_fresh("immich") == Fresh("immich", "Immich", 2)
    assert read_fresh("other") is None
    summarise(NOW)
    assert read_fresh("immich") is None


def test_an_app_is_known_from_its_first_report_on() -> None:
    assert is_waiting() is False

    record([incoming("a", app_telemetry=[app_entry(app_name="gitea", display_name="Gitea")]), incoming("b")])

    assert is_waiting() is True
    assert read_fresh("gitea") == Fresh("gitea", "Gitea", 1)
    assert read_fresh("other") is None
    summarise(NOW)
    assert (read_fresh("gitea"), is_waiting()) == (None, False)


def test_an_app_is_found_behind_many_reports_that_came_one_by_one() -> None:
    record([incoming("a", app_telemetry=[app_entry(app_name="gitea")])])
    for number in range(60):
        record([incoming(f"c{number}")])

    assert read_fresh("gitea") == Fresh("gitea", "Immich", 1)
