from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import Settings
from tests.build import NOW, incoming, record

from felhom_hub.configs.jobs import learn_report_intervals
from felhom_hub.reports.allowance import allowances

pytestmark = pytest.mark.django_db


def test_intervals_are_learned_where_the_file_says_so(settings: Settings) -> None:
    record([incoming("a", received_at=NOW + timedelta(hours=hour)) for hour in range(10)])
    settings.HUB = replace(settings.HUB, alerting=replace(settings.HUB.alerting, learn_interval=True))

    assert learn_report_intervals(NOW) == "1 server changed"
    assert list(allowances().values()) == [timedelta(minutes=45)]
