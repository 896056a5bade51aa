import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from felhom_hub.reports.app_telemetry import read_apps
from felhom_hub.reports.detail import (
    Backups,
    Container,
    ContainerCounts,
    Detail,
    Drive,
    Machine,
    Stack,
    read_detail,
)

NOTHING = Detail(
    machine=Machine(None, None, None, None, None, None, None, None),
    drives=(),
    containers=(),
    counts=None,
    stacks=(),
    apps=(),
    backups=Backups(None, None, None, None, None, None, None, None),
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
MEMBERS = ("system", "storage", "containers", "stacks", "backup", "app_telemetry", "health")


def detail(**members: Any) -> Detail:
    return read_detail(json.dumps(members).encode())


def test_the_canonical_report_is_read_whole() -> None:
    app = {"app_name": "immich", "catalog_memory_limit_mb": 2048}

    found = detail(
        system={
            "hostname": "box", "os": "Debian 13", "kernel": "6.12", "cpu_cores": 4, "load_1": 0.4, "swap_percent": 0,
            "memory_used_mb": 9800, "memory_total_mb": 16000,
        },
        storage=[
            {
                "name": "Rendszer", "path": "/", "device": "/dev/sda1", "total_gb": 238.0, "used_gb": 97.6,
                "percent": 41.0, "mounted": True, "role": "system", "state": "ok",
            }
        ],
        containers=[
            {
                "name": "immich-server", "stack": "immich", "image": "immich:v2", "state": "Running",
                "health": "healthy", "restarts": 0, "cpu_percent": 1.2, "memory_mb": 512.0,
            }
        ],
        stacks=[{"name": "immich", "display_name": "Immich", "state": "running", "version": "v2.3.1"}],
        backup={
            "last_backup_at": "2026-11-23T02:00:00Z", "last_backup_ok": True,
            "last_db_dump_at": "2026-11-23T03:00:00Z", "last_db_dump_ok": False,
            "last_integrity_check_at": "2026-11-20T03:00:00Z", "last_integrity_ok": True,
            "repository_size_mb": 52000, "snapshot_count": 37,
        },
        app_telemetry=[app],
    )  # fmt: skip

    assert found == Detail(
        machine=Machine("box", "Debian 13", "6.12", 4, 0.4, 0.0, 9.8e9, 16e9),
        drives=(Drive("Rendszer", "/", "/dev/sda1", "system", "ok", True, 41.0, 97.6e9, 238e9),),
        containers=(Container("immich-server", "immich", "immich:v2", "running", "healthy", 0, 1.2, 512e6),),
        counts=None,
        stacks=(Stack("immich", "Immich", "v2.3.1"),),
        apps=read_apps([app]),
        backups=Backups(
            last_backup_at=datetime(2026, 11, 23, 2, tzinfo=UTC),
            last_backup_ok=True,
            last_db_dump_at=datetime(2026, 11, 23, 3, tzinfo=UTC),
            last_db_dump_ok=False,
            last_integrity_at=datetime(2026, 11, 20, 3, tzinfo=UTC),
            last_integrity_ok=True,
            snapshot_count=37,
            repository_bytes=52e9,
        ),
    )


@pytest.mark.parametrize("member", ["paths", "disks", "drives"])
def test_storage_may_be_an_object_around_the_list(member: str) -> None:
    found = detail(storage={member: [{"name": "hdd1", "used_bytes": 25, "total_bytes": 100}]})

    assert found.drives == (Drive("hdd1", None, None, None, None, None, 25.0, 25.0, 100.0),)


def test_objects_of_names_are_lists() -> None:
    found = detail(
        storage={"hdd1": {"percent": "41 %"}},
        containers={"web": {"state": "exited", "restart_count": 3}},
        stacks={"immich": {"version": "v2"}},
    )

    assert found.drives == (Drive("hdd1", None, None, None, None, None, 41.0, None, None),)
    assert found.containers == (Container("web", None, None, "exited", None, 3, None, None),)
    assert found.stacks == (Stack("immich", None, "v2"),)


@pytest.mark.parametrize(
    ("containers", "counts"),
    [
        ({"total": 17, "running": 16, "stopped": 1, "unhealthy": 0}, ContainerCounts(17, 16, 0)),
        ({"total": 17}, ContainerCounts(17, None, None)),
        ({"unhealthy": 1}, None),
        ({}, None),
        ("17", None),
    ],
)
def test_containers_may_be_counts(containers: object, counts: ContainerCounts | None) -> None:
    assert detail(containers=containers) == Detail(**{**_members(NOTHING), "counts": counts})


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"system": 5, "storage": "full", "backup": [1]}', b"[" * 5000]
)
def test_what_says_nothing_is_nothing(body: bytes) -> None:
    assert read_detail(body) == NOTHING


@pytest.mark.parametrize("percent", [-1, 101, "many", None, [], True])
def test_a_percentage_that_cannot_be_is_not_reported(percent: object) -> None:
    assert detail(storage=[{"name": "hdd1", "percent": percent}]).drives[0].percent is None


def test_lists_without_end_are_cut() -> None:
    found = detail(storage=[{"name": "a"}] * 600, containers=[{"name": "a"}] * 600)

    assert (len(found.drives), len(found.containers)) == (50, 500)


@given(st.dictionaries(st.sampled_from(MEMBERS), ANYTHING), st.dictionaries(st.text(max_size=12), ANYTHING))
def test_nothing_that_json_can_say_breaks_the_reader(members: dict[str, Any], entry: dict[str, Any]) -> None:
    for document in (members, dict.fromkeys(MEMBERS, entry), {member: [entry] for member in MEMBERS}):
        assert isinstance(read_detail(json.dumps(document).encode()), Detail)


def _members(of: Detail) -> dict[str, Any]:
    return {name: getattr(of, name) for name in Detail.__dataclass_fields__}
