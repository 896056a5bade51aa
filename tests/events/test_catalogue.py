import unicodedata

import pytest

from felhom_hub.events.catalogue import (
    ALIASES,
    CATALOGUE,
    GENERIC,
    LEGACY_TYPE,
    SEVERITIES,
    TYPE_FORM,
    Texts,
    default_severity_of,
    is_of_the_hub,
    label_of,
    texts_of,
)

# The contract's 27 types (section 3).
HUBS_OWN = {
    "node_stale": "warning",
    "node_down": "error",
    "node_recovered": "info",
    "expected_backup_missed": "warning",
    "expected_dbdump_missed": "warning",
}
# What the hub tells of itself, beyond the contract.
OF_THE_HUB = {
    "node_unsteady": "warning",
    "node_steady": "info",
    "expected_backup_done": "info",
    "expected_dbdump_done": "info",
    "hub_deaf": "warning",
    "hub_incident_began": "error",
    "hub_incident_ended": "info",
    "hub_backup_missed": "error",
    "hub_backup_failed": "error",
    "hub_backup_done": "info",
    "hub_volume_filling": "warning",
    "hub_volume_roomy": "info",
    "hub_mail_bounced": "warning",
    "recovery_locked": "warning",
    "recovery_degraded": "warning",
    "recovery_restored": "info",
    "hub_alarm_test": "info",
}
CONTROLLERS = {
    "backup_completed", "backup_failed", "db_dump_completed", "db_dump_failed", "integrity_check_ok",
    "integrity_check_failed", "crossdrive_backup_completed", "crossdrive_backup_failed", "disk_warning",
    "disk_critical", "storage_disconnected", "storage_reconnected", "health_degraded", "health_recovered",
    "temperature_high", "container_unhealthy", "app_deployed", "app_removed", "update_available", "update_completed",
    "update_failed", "test",
}  # fmt: skip


def test_the_catalogue_holds_the_contracts_types_and_the_hubs_own() -> None:
    assert len(set(CATALOGUE) - set(OF_THE_HUB)) == 27
    assert {name for name, entry in CATALOGUE.items() if not entry.from_controller} == {*HUBS_OWN, *OF_THE_HUB}
    assert {name for name, entry in CATALOGUE.items() if entry.from_controller} == CONTROLLERS


def test_the_hubs_own_have_the_contracts_severities() -> None:
    own = HUBS_OWN | OF_THE_HUB
    assert {name: CATALOGUE[name].default_severity for name in own} == own


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_entry_is_whole(name: str) -> None:
    entry = CATALOGUE[name]

    assert entry.name == name
    assert TYPE_FORM.fullmatch(name)
    assert entry.default_severity in SEVERITIES
    assert entry.category in {"node", "backup", "storage", "health", "app", "update", "hub", "test"}
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


ALL_TEXTS = {name: entry.texts for name, entry in CATALOGUE.items()} | {f"any {key}": GENERIC[key] for key in GENERIC}


@pytest.mark.parametrize("name", ALL_TEXTS)
def test_every_text_is_one_sentence_without_a_break(name: str) -> None:
    for text in (ALL_TEXTS[name].english, ALL_TEXTS[name].hungarian):
        assert text[0].isupper()
        assert text.endswith(".")
        assert text == " ".join(text.split())
        assert 20 <= len(text) <= 110
        assert text == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("name", ALL_TEXTS)
def test_each_text_is_in_its_own_language(name: str) -> None:
    english, hungarian = ALL_TEXTS[name].english, ALL_TEXTS[name].hungarian

    assert english.isascii()
    letters = set(hungarian) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,.-")
    assert letters
    assert letters <= set("áéíóöőúüűÁÉÍÓÖŐÚÜŰ")


def test_no_two_texts_are_the_same() -> None:
    assert len({texts.english for texts in ALL_TEXTS.values()}) == len(ALL_TEXTS)
    assert len({texts.hungarian for texts in ALL_TEXTS.values()}) == len(ALL_TEXTS)


def test_generic_texts_are_there_for_every_severity() -> None:
    assert set(GENERIC) == set(SEVERITIES)


def test_texts_of_an_event_are_those_of_its_type_of_its_alias_or_of_its_severity() -> None:
    assert texts_of("disk_critical", "info") == Texts(
        "A drive of the server is nearly full.", "Majdnem betelt a szervere egyik meghajtója."
    )
    assert texts_of("dbdump_success", "info") == CATALOGUE["db_dump_completed"].texts
    assert texts_of("fan_too_loud", "error") == GENERIC["error"]
    assert texts_of(LEGACY_TYPE, "warning") == GENERIC["warning"]


@pytest.mark.parametrize(
    ("name", "severity"), [("disk_critical", "error"), (LEGACY_TYPE, "info"), ("fan_too_loud", "info")]
)
def test_default_severities(name: str, severity: str) -> None:
    assert default_severity_of(name) == severity
    assert set(ALIASES) & set(CATALOGUE) == set()
    assert LEGACY_TYPE not in CATALOGUE
