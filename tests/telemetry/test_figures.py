from datetime import timedelta

import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import NOW_HOUR, app, figures, store

from felhom_hub.telemetry import figures as tested
from felhom_hub.telemetry.models import AppFigures
from felhom_hub.telemetry.summarise import summarise

pytestmark = pytest.mark.django_db


def test_an_app_has_a_row_in_each_period_in_which_it_was_reported() -> None:
    a, b = make_customer("a"), make_customer("b")
    store(a, NOW, app(100, memory_peak_mb=150))
    store(b, NOW - timedelta(days=2), app(300))

    summarise(NOW)

    names = ("installations", "samples", "average_mb", "peak_mb", "last_hour")
    assert figures("24h", *names) == [("immich", 1, 1, 100.0, 150.0, NOW_HOUR)]
    assert figures("7d", *names) == [("immich", 2, 2, 200.0, 300.0, NOW_HOUR)]
    boxes = AppFigures.objects.filter(app_name="").order_by("period").values_list("period", "installations")
    assert list(boxes) == [("24h", 1), ("30d", 2), ("7d", 2)]


def test_settings_and_name_are_those_of_most_boxes() -> None:
    for customer_id, limit in (("a", 512), ("b", 1024), ("c", 1024)):
        store(make_customer(customer_id), NOW, app(100, display_name="Immich", catalog_memory_limit_mb=limit))

    summarise(NOW)

    assert figures("24h", "display_name", "memory_limit_mb", "installations") == [("immich", "Immich", 1024, 3)]


def test_logs_are_those_of_the_last_24_hours_in_every_period() -> None:
    a, b = make_customer("a"), make_customer("b")
    store(a, NOW, app(1, log_errors_24h=3, log_warnings_24h=0), app(1, "gitea"))
    store(b, NOW, app(1, log_errors_24h=4))
    store(make_customer("c"), NOW - timedelta(days=3), app(1, log_errors_24h=100))

    summarise(NOW)

    expected = [("gitea", None, None), ("immich", 7, 0)]
    assert figures("24h", "log_errors_24h", "log_warnings_24h") == expected
    assert figures("7d", "log_errors_24h", "log_warnings_24h") == expected


def test_the_fleets_p95_is_over_all_reports() -> None:
    many, one = make_customer("a"), make_customer("b")
    for minute in range(16):
        store(many, NOW + timedelta(minutes=minute), app(100 + minute))
    store(one, NOW, app(5000))

    summarise(NOW)

    [(_, p95)] = figures("24h", "p95_mb")
    assert p95 == pytest.approx(5000, rel=0.01)
    [(_, average)] = figures("24h", "average_mb")
    assert average == pytest.approx((sum(range(100, 116)) + 5000) / 17)


def test_names_beyond_the_most_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "MOST_APPS", 1)
    store(make_customer("a"), NOW, app(1, "both"), app(1, "alone"))
    store(make_customer("b"), NOW, app(1, "both"))

    summarise(NOW)

    assert figures("24h") == [("both", 2, 2)]
