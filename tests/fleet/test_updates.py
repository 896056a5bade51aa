from typing import Any

import pytest
from tests.build import NOW, make_customer, make_node

from felhom_hub.controllers.releases import note_tags
from felhom_hub.fleet.updates import Updates, servers_behind, updates_now

pytestmark = pytest.mark.django_db


def test_servers_behind_the_newest_release_are_counted_by_version(django_assert_num_queries: Any) -> None:
    versions = ("v0.30.1", "0.30.1", "v0.30.1", "v0.31.0", "v0.32.0-rc.1", "v0.31.0-rc.1", "dev", None)
    customers = [make_customer(f"c{number}") for number in range(len(versions))]
    for customer, version in zip(customers, versions, strict=True):
        make_node(customer, controller_version=version)
    make_node(make_customer("blocked", blocked_at=NOW), controller_version="v0.1.0")
    make_customer("waits")
    note_tags(["latest", "0.31.0", "v0.32.0-rc.2"], now=NOW)

    with django_assert_num_queries(2):
        updates = updates_now()

    assert updates == Updates("v0.31.0", {"v0.30.1": 2, "0.30.1": 1, "v0.31.0-rc.1": 1}, current=2, running=8)
    assert updates.servers == 4
    assert servers_behind(updates) == {customers[number].pk for number in (0, 1, 2, 5)}
    told = [updates.newer_than(version) for version in ("v0.30.1", "v0.31.0", None)]
    assert told == ["v0.31.0", "", ""]


def test_where_no_release_is_known_nobody_is_behind(django_assert_num_queries: Any) -> None:
    make_node(make_customer(), controller_version="v0.1.0")

    with django_assert_num_queries(1):
        assert updates_now() == Updates()
