from dataclasses import replace
from typing import Any

import pytest
from tests.build import NOW

from felhom_hub.base.configured import Origin
from felhom_hub.base.models import Job
from felhom_hub.fleet.configuration import ConfigurationPage, configuration_page
from felhom_hub.operators.digests import digest
from felhom_hub.operators.sessions import open_session

pytestmark = pytest.mark.django_db


def page_of(settings: Any, session: str = "") -> ConfigurationPage:
    return configuration_page(session=session, now=NOW, zone=settings.HUB.server.time_zone)


def test_sections_are_hub_yamls_in_its_order_and_no_secret_is_in_them(settings: Any) -> None:
    page = page_of(settings)

    assert [section for section, _ in page.sections] == [
        "auth", "api", "notifications", "retention", "alerting", "registry", "server", "database", "backup",
        "recovery", "controllers", "assets", "secrets",
    ]  # fmt: skip
    api = {setting.name: (setting.value, setting.origin) for setting in dict(page.sections)["api"]}
    assert api == {
        "report_api_key": ("set, hidden", Origin.ENVIRONMENT),
        "strict_event_types": ("false", Origin.DEFAULT),
    }
    assert settings.HUB.api.report_api_key not in repr(page)
    origins = [setting.origin for _, of_section in page.sections for setting in of_section]
    assert (page.settings, page.changed) == (len(origins), len(origins) - origins.count(Origin.DEFAULT))


def test_the_headline_is_the_worst_there_is(settings: Any) -> None:
    fine = page_of(settings)
    warned = replace(fine, warnings=("hub.yaml:3: unknown key api.kye is ignored",))
    Job.objects.create(name="operators.clean_up_sign_ins", next_at=NOW, started_at=NOW, last_error="OSError: full")
    failed = page_of(settings)

    assert fine.finding == "The hub is doing its work"
    assert warned.finding == "1 warning about the settings"
    assert failed.finding == f"1 of {len(failed.jobs)} background jobs failed"
    assert (failed.failed, failed.fine, failed.is_busy) == (1, len(failed.jobs) - 1, False)


@pytest.mark.usefixtures("known_password")
def test_this_browsers_session_is_told_from_the_others(settings: Any) -> None:
    tokens = [
        open_session(password_hash=settings.HUB.auth.password_hash, address=address, user_agent="", now=NOW)
        for address in ("192.0.2.1", "192.0.2.2")
    ]

    page = page_of(settings, digest(tokens[1]))

    assert [session.address for session in page.sessions] == ["192.0.2.2", "192.0.2.1"]
    assert page.current == page.sessions[0]


def test_without_sign_in_there_are_no_sessions(settings: Any) -> None:
    page = page_of(settings)

    assert (page.sessions, page.current) == ([], None)
