"""The event catalogue: the one table of the event types that the hub knows, and of what people read about them.

To add a type, add one entry: name, severity, category, label, and one sentence in English and in Hungarian that says
to the customer what happened. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")

# Any other type of this form is accepted from a controller, and shown as uncatalogued: a controller never sends a
# refused event again, so refusing a new kind would lose it (contract 3).
TYPE_FORM = re.compile(r"[a-z][a-z0-9_]{2,63}", re.ASCII)
HUB_PREFIXES = ("node_", "host_", "expected_", "recovery_", "hub_")


@dataclass(frozen=True)
class Texts:
    """What happened, in one sentence."""

    english: str
    hungarian: str


@dataclass(frozen=True)
class EventType:
    """One kind of event; `default_severity` counts where the sender names none."""

    name: str
    default_severity: Severity
    category: str
    from_controller: bool
    label: str
    texts: Texts


def _hub(name: str, severity: Severity, category: str, label: str, *texts: str) -> EventType:
    return EventType(name, severity, category, from_controller=False, label=label, texts=Texts(*texts))


def _box(name: str, severity: Severity, category: str, label: str, *texts: str) -> EventType:
    return EventType(name, severity, category, from_controller=True, label=label, texts=Texts(*texts))


CATALOGUE: dict[str, EventType] = {
    entry.name: entry
    for entry in (
        _hub(
            "node_stale", "warning", "node", "Reports are late",
            "The server has not reported for a while.", "Az otthoni szervere egy ideje nem küldött jelentést.",
        ),
        _hub(
            "node_down", "error", "node", "Node is silent",
            "The server is silent and may be out of reach.",
            "Az otthoni szervere nem jelentkezik, lehet, hogy most nem érhető el.",
        ),
        _hub(
            "node_recovered", "info", "node", "Node reports again",
            "The server reports again.", "Az otthoni szervere újra jelentkezik.",
        ),
        _hub(
            "node_unsteady", "warning", "node", "Node is unsteady",
            "The server falls silent again and again.",
            "Az otthoni szervere újra meg újra elhallgat, majd ismét jelentkezik.",
        ),
        _hub(
            "node_steady", "info", "node", "Node is steady again",
            "The server has reported without a break for hours.",
            "Az otthoni szervere órák óta megszakítás nélkül jelentkezik.",
        ),
        _hub(
            "expected_backup_missed", "warning", "backup", "Backup missed",
            "No word of a backup has come since midnight.",
            "Éjfél óta nem kaptunk visszajelzést arról, hogy elkészült-e a szervere biztonsági mentése.",
        ),
        _hub(
            "expected_dbdump_missed", "warning", "backup", "Database dump missed",
            "No word of a database dump has come since midnight.",
            "Éjfél óta nem kaptunk visszajelzést arról, hogy elkészült-e az adatbázisok mentése a szerverén.",
        ),
        _hub(
            "expected_backup_done", "info", "backup", "Missed backup was done",
            "The backup that was missing is done.",
            "Elkészült a biztonsági mentés, amelyről korábban nem kaptunk visszajelzést a szerverétől.",
        ),
        _hub(
            "expected_dbdump_done", "info", "backup", "Missed database dump was done",
            "The database dump that was missing is done.",
            "Elkészült az adatbázisok mentése, amelyről korábban nem kaptunk visszajelzést a szerverétől.",
        ),
        _hub(
            "hub_deaf", "warning", "hub", "Hub could not hear",
            "The hub could not hear the servers for a while.",
            "A felügyeleti rendszer egy ideig nem tudta fogadni a szerverek jelentéseit.",
        ),
        _hub(
            "hub_incident_began", "error", "hub", "Many nodes are silent",
            "Many servers fell silent at the same time.",
            "Egyszerre sok szerver nem jelentkezik, feltehetően közös okból.",
        ),
        _hub(
            "hub_incident_ended", "info", "hub", "Nodes report again",
            "The servers that fell silent together report again.",
            "Az egyszerre elhallgatott szerverek újra jelentkeznek.",
        ),
        _hub(
            "hub_backup_missed", "error", "hub", "Backup of the hub is late",
            "The backup of the hub itself is late.", "Késik a felügyeleti rendszer saját biztonsági mentése.",
        ),
        _hub(
            "hub_backup_failed", "error", "hub", "Backup of the hub failed",
            "The backup of the hub itself failed.", "Nem sikerült a felügyeleti rendszer saját biztonsági mentése.",
        ),
        _hub(
            "hub_backup_done", "info", "hub", "Backup alarm of the hub is over",
            "The alarm about the backup of the hub itself is over.",
            "Megszűnt a felügyeleti rendszer saját biztonsági mentését érintő hiba.",
        ),
        _hub(
            "hub_volume_filling", "warning", "hub", "Volume of the hub fills up",
            "The volume of the hub's database will soon be full.",
            "Hamarosan betelik a felügyeleti rendszer adatbázisának tárhelye.",
        ),
        _hub(
            "hub_volume_roomy", "info", "hub", "Volume of the hub has room",
            "The volume of the hub's database has room again.",
            "Ismét van elég hely a felügyeleti rendszer adatbázisának.",
        ),
        _hub(
            "hub_mail_bounced", "warning", "hub", "Mail bounced",
            "Mail to the address of the customer came back, so it is not mailed any more.",
            "Az Önnek küldött levelünk visszajött, ezért erre a címre nem küldünk több üzenetet.",
        ),
        _hub(
            "recovery_locked", "warning", "hub", "Retrieval is locked",
            "Somebody has tried too many wrong retrieval passwords.",
            "Valaki túl sokszor próbálkozott hibás helyreállítási jelszóval.",
        ),
        _hub(
            "recovery_degraded", "warning", "hub", "Recovery has a gap",
            "What the hub keeps of the server has a gap, should the server be lost.",
            "A szervere helyreállításához tárolt adatok hiányosak, dolgozunk rajta.",
        ),
        _hub(
            "recovery_restored", "info", "hub", "Recovery is whole again",
            "What the hub keeps of the server is complete again.",
            "A szervere helyreállításához szükséges adatok újra teljesek.",
        ),
        _hub(
            "hub_alarm_test", "info", "hub", "Alarm path test",
            "This alarm is made up, nothing is wrong: it proves that alarms reach you.",
            "Ez egy próbariasztás, nincs vele teendője.",
        ),
        _box(
            "backup_completed", "info", "backup", "Backup completed",
            "The backup of the server is complete.", "Elkészült a szervere biztonsági mentése.",
        ),
        _box(
            "backup_failed", "error", "backup", "Backup failed",
            "The backup of the server failed.", "Nem készült el a szervere biztonsági mentése.",
        ),
        _box(
            "db_dump_completed", "info", "backup", "Database dump completed",
            "The databases of the apps have been saved.",
            "Elkészült az alkalmazások adatbázisainak mentése a szerverén.",
        ),
        _box(
            "db_dump_failed", "error", "backup", "Database dump failed",
            "The databases of the apps could not be saved.",
            "Nem készült el az alkalmazások adatbázisainak mentése a szerverén.",
        ),
        _box(
            "integrity_check_ok", "info", "backup", "Integrity check passed",
            "The backup was checked and is intact.", "A biztonsági mentés ellenőrzése mindent rendben talált.",
        ),
        _box(
            "integrity_check_failed", "error", "backup", "Integrity check failed",
            "The check of the backup found a fault.", "A biztonsági mentés ellenőrzése hibát talált.",
        ),
        _box(
            "crossdrive_backup_completed", "info", "backup", "Second-drive backup completed",
            "The copy on the second drive is complete.",
            "Elkészült a biztonsági másolat a szervere második meghajtóján.",
        ),
        _box(
            "crossdrive_backup_failed", "error", "backup", "Second-drive backup failed",
            "The copy on the second drive failed.",
            "Nem készült el a biztonsági másolat a szervere második meghajtóján.",
        ),
        _box(
            "disk_warning", "warning", "storage", "Drive is filling up",
            "A drive of the server is filling up.", "Kezd betelni a szervere egyik meghajtója.",
        ),
        _box(
            "disk_critical", "error", "storage", "Drive is nearly full",
            "A drive of the server is nearly full.", "Majdnem betelt a szervere egyik meghajtója.",
        ),
        _box(
            "storage_disconnected", "error", "storage", "Drive disconnected",
            "The server has lost the connection to a drive.", "Megszakadt a kapcsolat a szervere egyik meghajtójával.",
        ),
        _box(
            "storage_reconnected", "info", "storage", "Drive connected again",
            "The server has its drive back.",
            "A szervere ismét eléri azt a meghajtót, amellyel megszakadt a kapcsolata.",
        ),
        _box(
            "health_degraded", "warning", "health", "Health degraded",
            "The server does not run as it should.", "A szervere nem működik teljesen rendben.",
        ),
        _box(
            "health_recovered", "info", "health", "Health recovered",
            "The server runs as it should again.", "A szervere újra rendben működik.",
        ),
        _box(
            "temperature_high", "warning", "health", "Temperature is high",
            "The server has become too hot.", "A szervere túlságosan felmelegedett.",
        ),
        _box(
            "container_unhealthy", "warning", "app", "Container unhealthy",
            "An app does not work as it should.", "A szerverén az egyik alkalmazás nem működik megfelelően.",
        ),
        _box(
            "app_deployed", "info", "app", "App deployed",
            "An app was added to the server.", "Új alkalmazás került a szerverére.",
        ),
        _box(
            "app_removed", "info", "app", "App removed",
            "An app was removed from the server.", "Egy alkalmazás lekerült a szerveréről.",
        ),
        _box(
            "update_available", "info", "update", "Update available",
            "An update is available for the server.", "Új frissítés érhető el a szerveréhez.",
        ),
        _box(
            "update_completed", "info", "update", "Update completed",
            "The update of the server is complete.", "Elkészült a szervere frissítése.",
        ),
        _box(
            "update_failed", "error", "update", "Update failed",
            "The update of the server failed.", "Nem sikerült a szervere frissítése.",
        ),
        _box(
            "test", "info", "test", "Test",
            "This is a test message, there is nothing to do.", "Ez egy próbaüzenet, nincs vele teendője.",
        ),
    )
}  # fmt: skip

# What the first controllers send where they name no type (contract 4). It is no type of the catalogue.
LEGACY_TYPE = "notify"

# Older names of the same events. They are uncatalogued, but what they say is known (contract 3).
ALIASES: Mapping[str, str] = {
    "backup_success": "backup_completed",
    "backup_ok": "backup_completed",
    "dbdump_completed": "db_dump_completed",
    "dbdump_success": "db_dump_completed",
    "db_dump_ok": "db_dump_completed",
}

# What people read of a type that nobody has written a sentence for.
GENERIC: Mapping[Severity, Texts] = {
    "info": Texts("The server sent a message.", "A szervere üzenetet küldött."),
    "warning": Texts("The server sent a warning.", "A szervere figyelmeztetést küldött."),
    "error": Texts("The server reported an error.", "A szervere hibát jelzett."),
}


def is_of_the_hub(event_type: str) -> bool:
    """True for types that only the hub itself may record."""
    known = CATALOGUE.get(event_type)
    return event_type.startswith(HUB_PREFIXES) or (known is not None and not known.from_controller)


def default_severity_of(event_type: str) -> Severity:
    """What counts where the sender names none; of an uncatalogued type that is info."""
    known = CATALOGUE.get(event_type)
    return known.default_severity if known else "info"


def label_of(event_type: str) -> str:
    """How the type is shown; an uncatalogued one by its own name."""
    known = CATALOGUE.get(event_type)
    return known.label if known else event_type.replace("_", " ").capitalize()


def texts_of(event_type: str, severity: Severity) -> Texts:
    """The sentences of an event; those of an uncatalogued type say only how bad it is."""
    known = CATALOGUE.get(ALIASES.get(event_type, event_type))
    return known.texts if known else GENERIC[severity]
