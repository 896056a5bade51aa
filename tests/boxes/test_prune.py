from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.boxes.models import Call
from felhom_hub.boxes.prune import LIVE_FILES, ROWS, prune_calls
from felhom_hub.customers.models import Customer

pytestmark = pytest.mark.django_db

MOMENT = timedelta(seconds=1)


def test_live_files_go_after_a_day_and_rows_after_a_season(customer: Customer) -> None:
    def call(state: str, ended: timedelta) -> Call:
        values = {"kind": "compare", "asked_at": NOW - ended, "finished_at": NOW - ended, "envelope": "sealed"}
        return Call.objects.create(customer=customer, state=state, **values)

    young, old = call("done", LIVE_FILES), call("done", LIVE_FILES + MOMENT)
    ancient, left = call("failed", ROWS + MOMENT), call("left", ROWS + MOMENT)

    assert prune_calls(NOW) == (2, 1)
    assert dict(Call.objects.values_list("pk", "envelope")) == {young.pk: "sealed", old.pk: "", left.pk: "sealed"}
    assert ancient.pk not in dict(Call.objects.values_list("pk", "envelope"))
