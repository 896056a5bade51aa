from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import Settings
from tests.build import NOW, incoming, record
from tests.servers.pages import Page, running_pages

from felhom_hub.base.models import Job
from felhom_hub.configs.jobs import fetch_newest_template, learn_report_intervals, try_newest_template
from felhom_hub.configs.template import built_in, current_template, template_facts
from felhom_hub.configs.template_ask import TRIAL_JOB
from felhom_hub.reports.allowance import allowances

pytestmark = pytest.mark.django_db


def test_intervals_are_learned_where_the_file_says_so(settings: Settings) -> None:
    record([incoming("a", received_at=NOW + timedelta(hours=hour)) for hour in range(10)])
    settings.HUB = replace(settings.HUB, alerting=replace(settings.HUB.alerting, learn_interval=True))

    assert learn_report_intervals(NOW) == "1 server changed"
    assert list(allowances().values()) == [timedelta(minutes=45)]


def test_the_template_is_fetched_then_tried_and_left_alone_while_it_stays(settings: Settings) -> None:
    assert fetch_newest_template(NOW) == "the hub's own"
    later = built_in().replace("15m", "30m")
    with running_pages() as pages:
        url = f"{pages.url}/controller.yaml.example"
        settings.HUB = replace(settings.HUB, registry=replace(settings.HUB.registry, template_url=url, image=""))
        pages.answer = lambda _path, headers: (
            Page(304) if headers.get("if-none-match") == '"1"' else Page(200, later.encode(), {"ETag": '"1"'})
        )

        assert fetch_newest_template(NOW) == "fetched, to be tried"
        assert Job.objects.get(name=TRIAL_JOB).next_at == NOW
        assert try_newest_template(NOW) == "adopted: 0 of 0 files changed"
        assert current_template() == later
        assert fetch_newest_template(NOW) == "unchanged"

        pages.answer = lambda _path, _headers: Page(404)
        assert str(fetch_newest_template(NOW)).startswith("not fetched: 127.0.0.1")
        assert template_facts().failure.endswith("has no template at that address (404).")
        assert current_template() == later
