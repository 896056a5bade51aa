import pytest

from felhom_hub.events.catalogue import CATALOGUE, SEVERITIES, TYPE_FORM, is_of_the_hub, label_of

# The contract's 27 types (section 3).
HUBS_OWN = {
    "node_stale": "warning",
    "node_down": "error",
    "node_recovered": "info",
    "expected_backup_missed": "warning",
    "expected_dbdump_missed": "warning",
}
CONTROLLERS = {
    "backup_completed", "backup_failed", "db_dump_completed", "db_dump_failed", "integrity_check_ok",
    "integrity_check_failed", "crossdrive_backup_completed", "crossdrive_backup_failed", "disk_warning",
    "disk_critical", "storage_disconnected", "storage_reconnected", "health_degraded", "health_recovered",
    "temperature_high", "container_unhealthy", "app_deployed", "app_removed", "update_available", "update_completed",
    "update_failed", "test",
}  # fmt: skip


def test_the_catalogue_holds_the_contracts_types_and_no_others() -> None:
    assert len(CATALOGUE) == 27
    assert {name for name, entry in CATALOGUE.items() if not entry.from_controller} == set(HUBS_OWN)
    assert {name for name, entry in CATALOGUE.items() if entry.from_controller} == CONTROLLERS


def test_the_hubs_own_have_the_contracts_severities() -> None:
    assert {name: CATALOGUE[name].default_severity for name in HUBS_OWN} == HUBS_OWN


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_entry_is_whole(name: str) -> None:
    entry = CATALOGUE[name]

    assert entry.name == name
    assert TYPE_FORM.fullmatch(name)
    assert entry.default_severity in SEVERITIES
    assert entry.category in {"node", "backup", "storage", "health", "app", "update", "test"}
    assert entry.label
    assert entry.label[0].isupper()


def test_no_two_entries_are_shown_alike() -> None:
    assert len({entry.label for entry in CATALOGUE.values()}) == len(CATALOGUE)


@pytest.mark.parametrize("name", [*HUBS_OWN, "node_x", "host_rebooted", "expected_x", "recovery_used", "hub_started"])
def test_some_types_are_the_hubs_own_known_or_not(name: str) -> None:
    assert is_of_the_hub(name)


@pytest.mark.parametrize("name", [*sorted(CONTROLLERS), "nodes", "hub", "my_node_down", "backup_success", "notify"])
def test_others_may_come_from_a_controller(name: str) -> None:
    assert not is_of_the_hub(name)


@pytest.mark.parametrize(
    ("name", "label"),
    [("backup_failed", "Backup failed"), ("fan_too_loud", "Fan too loud"), ("backup_success", "Backup success")],
)
def test_labels(name: str, label: str) -> None:
    assert label_of(name) == label
