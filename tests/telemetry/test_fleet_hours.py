import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import NOW_HOUR, app, store

from felhom_hub.telemetry import fleet_hours
from felhom_hub.telemetry.fleet_hours import sum_up_hour
from felhom_hub.telemetry.models import FleetHour
from felhom_hub.telemetry.sketch import unpack_sketch

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[object, ...]]:
    return list(
        FleetHour.objects.order_by("hour", "app_name").values_list(
            "app_name", "hour", "installations", "samples", "total", "peak"
        )
    )


def test_an_hour_is_summed_up_over_all_boxes_and_again_without_counting_twice() -> None:
    a, b = make_customer("a"), make_customer("b")
    store(a, NOW, app(10, memory_peak_mb=50), app(7, "gitea"))
    store(b, NOW, app(30))
    sum_up_hour(NOW_HOUR)
    store(b, NOW, app(20))

    sum_up_hour(NOW_HOUR)

    assert rows() == [("gitea", NOW_HOUR, 1, 1, 70, 70), ("immich", NOW_HOUR, 2, 3, 600, 500)]
    sketch = FleetHour.objects.values_list("sketch", flat=True).get(app_name="immich")
    assert sum(unpack_sketch(bytes(sketch)).values()) == 3


def test_what_a_deleted_customer_reported_leaves_the_hour() -> None:
    customer = make_customer("a")
    store(customer, NOW, app(10))
    sum_up_hour(NOW_HOUR)
    customer.delete()

    sum_up_hour(NOW_HOUR)

    assert rows() == []


def test_many_names_are_cut_to_those_of_most_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet_hours, "MOST_APPS", 2)
    monkeypatch.setattr(fleet_hours, "_CHUNK", 1)
    for customer_id in ("a", "b"):
        store(make_customer(customer_id), NOW, app(1, "of both"), app(2, f"only of {customer_id}"))

    sum_up_hour(NOW_HOUR)

    assert [row[0] for row in rows()] == ["of both", "only of a"]
