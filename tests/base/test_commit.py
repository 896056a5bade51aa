from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError
from tests.base.recorders import store

from felhom_hub.base.broadcast import Broadcast
from felhom_hub.base.commit import store_groups
from felhom_hub.base.db import Db
from felhom_hub.base.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


def count(_db: Db, values: Sequence[int]) -> list[int]:
    return [Job.objects.count() + value for value in values]


class Heard(Broadcast):
    def __init__(self) -> None:
        super().__init__()
        self.recorders: list[Any] = []

    def stored(self, recorders: Any) -> None:
        self.recorders += recorders


def test_every_recorder_stores_its_values_in_one_transaction_which_tells_of_them() -> None:
    heard = Heard()

    assert store_groups([(store, ["a", "b"]), (count, [10])], heard) == [["stored a", "stored b"], [12]]
    assert heard.recorders == [store, count]


def test_where_one_fails_nothing_of_the_others_stays() -> None:
    with pytest.raises(IntegrityError):
        store_groups([(store, ["a"]), (store, ["b", "b"])])

    assert not Job.objects.exists()
