from datetime import timedelta

import pytest
from tests.build import NOW, make_customer, make_node
from tests.notify.alarms import hub_event

from felhom_hub.base.schedule import JOBS, Lane, load_jobs
from felhom_hub.base.timetable import Interval
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.fleet.passing_alarms import end_what_passed
from felhom_hub.notify.models import Alarm
from felhom_hub.reports.models import NodeState

HOUR = timedelta(hours=1)


def standing() -> list[str]:
    return list(Alarm.objects.order_by("event_type").values_list("event_type", flat=True))


@pytest.mark.django_db
def test_each_alarm_stands_until_its_reading_is_below_the_customers_line() -> None:
    customer = make_customer("a")
    make_node(customer, disk_percent=93.0, temperature_celsius=79.0, position_at=NOW + HOUR)
    CustomerConfig.objects.create(customer=customer, thresholds={"temperature_high": 70}, changed_at=NOW)
    for event_type in ("disk_critical", "temperature_high", "container_unhealthy"):
        hub_event(customer, event_type, "warning", at=NOW)

    assert end_what_passed(NOW + HOUR) == 1
    assert standing() == ["container_unhealthy", "temperature_high"]

    NodeState.objects.update(temperature_celsius=69.0)
    assert end_what_passed(NOW + HOUR) == 1
    assert end_what_passed(NOW + 24 * HOUR) == 1
    assert standing() == []


@pytest.mark.django_db
def test_who_reports_no_reading_or_nothing_at_all_is_asked_for_a_day() -> None:
    silent, plain = make_customer("silent"), make_customer("plain")
    make_node(plain, position_at=NOW + HOUR)
    for customer in (silent, plain):
        hub_event(customer, "disk_warning", "warning", at=NOW)

    assert [end_what_passed(NOW + hours * HOUR) for hours in (2, 24)] == [0, 2]


def test_it_is_looked_at_every_few_minutes() -> None:
    load_jobs()

    job = JOBS["fleet.end_passed_alarms"]
    assert (job.timetable, job.lane, job.label) == (
        Interval(timedelta(minutes=5)),
        Lane.PROMPT,
        "Alarms that have passed",
    )
