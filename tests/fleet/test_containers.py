from typing import Any

import pytest

from felhom_hub.fleet.containers import AppRow, Containers, containers_of
from felhom_hub.reports.app_telemetry import read_apps
from felhom_hub.reports.detail import Container, ContainerCounts, Detail, Stack, read_detail

EMPTY = read_detail(b"{}")


def container(name: str = "immich-server", **members: Any) -> Container:
    values = {
        "stack": "immich",
        "image": None,
        "state": "running",
        "health": "healthy",
        "restarts": 0,
        "cpu_percent": 1.5,
        "memory_bytes": 500e6,
    }
    return Container(name, **{**values, **members})


def detail(*containers: Container, **members: Any) -> Detail:
    values = {
        "machine": EMPTY.machine,
        "drives": (),
        "counts": None,
        "stacks": (),
        "apps": (),
        "backups": EMPTY.backups,
    }
    return Detail(**{**values, "containers": containers, **members})


def only_row(*containers: Container, **members: Any) -> AppRow:
    found = containers_of(detail(*containers, **members), is_old=False)
    assert found is not None
    return found.rows[0]


def test_nothing_reported_has_no_section() -> None:
    assert containers_of(EMPTY, is_old=False) is None


def test_an_app_sums_up_its_containers_against_its_limit() -> None:
    apps = read_apps(
        [
            {
                "app_name": "Immich",
                "catalog_memory_limit_mb": 1000,
                "log_errors_24h": 1,
                "log_warnings_24h": 11,
            }
        ]
    )

    found = containers_of(
        detail(
            container(),
            container("immich-ml", cpu_percent=2.0, memory_bytes=350e6, restarts=2),
            stacks=(Stack("immich", "Immich", "v2.3.1"),),
            apps=apps,
        ),
        is_old=False,
    )

    assert found == Containers(
        "2 of 2 containers run",
        [
            AppRow(
                name="Immich",
                version="v2.3.1",
                state="Running, 2 of 2",
                state_tone="",
                cpu_percent=3.5,
                memory="850 MB of 1 GB limit",
                memory_percent=85,
                memory_tone="warn",
                restarts=2,
                log_issues="1 error, 11 warnings",
            )
        ],
        "warn",
    )


@pytest.mark.parametrize(
    ("states", "state", "tone"),
    [
        (["running", "up 3 days (healthy)"], "Running, 2 of 2", ""),
        (["running", "exited"], "Running, 1 of 2: c1 exited", "warn"),
        (["running", None], "Running, 1 of 2: c1 not reported", "warn"),
        (["running", "restarting"], "c1 restarting", "down"),
        (["exited", "exited"], "Stopped, 2 containers", "idle"),
        ([None, None], "", ""),
    ],
)
def test_the_state_names_what_does_not_run(states: list[str | None], state: str, tone: str) -> None:
    row = only_row(*(container(f"c{number}", state=each) for number, each in enumerate(states)))

    assert (row.state, row.state_tone) == (state, tone)


def test_an_unhealthy_container_is_named() -> None:
    row = only_row(container(), container("immich-ml", health="unhealthy"))

    assert (row.state, row.state_tone) == ("immich-ml unhealthy", "warn")


def test_what_is_not_reported_is_never_0() -> None:
    bare = container(stack=None, state=None, health=None, restarts=None, cpu_percent=None, memory_bytes=None)

    assert only_row(bare) == AppRow("immich-server", "", "", "", None, "", None, "", None, None)


def test_problems_come_first_then_names() -> None:
    containers = [
        container("b", stack="b"),
        container("a", stack="A"),
        container("stopped", stack="stopped", state="exited"),
        container("loop", stack="loop", state="restarting"),
    ]

    found = containers_of(detail(*containers), is_old=False)

    assert found is not None
    assert [row.name for row in found.rows] == ["loop", "stopped", "A", "b"]
    assert (found.summary, found.tone) == ("2 of 4 containers run", "down")


def test_last_known_containers_warn_of_nothing() -> None:
    found = containers_of(detail(container(state="restarting")), is_old=True)

    assert found is not None
    assert found.tone == ""


@pytest.mark.parametrize(
    ("counts", "summary", "tone"),
    [
        (ContainerCounts(17, 16, 1), "16 of 17 containers run, 1 unhealthy", "warn"),
        (ContainerCounts(1, 1, None), "1 of 1 container run", ""),
        (ContainerCounts(17, None, None), "17 containers", ""),
        (ContainerCounts(None, 3, None), "3 containers running", ""),
    ],
)
def test_old_controllers_report_counts_only(counts: ContainerCounts, summary: str, tone: str) -> None:
    assert containers_of(detail(counts=counts), is_old=False) == Containers(summary, [], tone)  # type: ignore[arg-type]  # a tone


@pytest.mark.parametrize(
    ("errors", "warnings", "words"), [(0, 0, "none"), (None, None, None), (2, None, "2 errors"), (None, 1, "1 warning")]
)
def test_log_issues_in_words(errors: int | None, warnings: int | None, words: str | None) -> None:
    apps = read_apps([{"app_name": "immich", "log_errors_24h": errors, "log_warnings_24h": warnings}])

    assert only_row(container(), apps=apps).log_issues == words
