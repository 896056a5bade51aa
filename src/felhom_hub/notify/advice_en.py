"""What the operator reads of each type, beside the catalogue's sentence, in English: short, and what to do first. Pure.

To add a type, add one entry. A type without one is told with the sentence of its severity (`GENERIC_EN`).
"""

from collections.abc import Mapping

from felhom_hub.events.catalogue import Severity
from felhom_hub.notify.advice import Advice

_NONE = ("None. The open alarm is closed.",)
_TONIGHT = "The next try runs in the coming night by itself."

ADVICE_EN: Mapping[str, Advice] = {
    "node_stale": Advice(
        "LATE",
        "reports are late",
        "It may be a short break of the connection. If the silence lasts, another message says that it is down.",
        ("None yet. Look again in half an hour.",),
    ),
    "node_down": Advice(
        "DOWN",
        "no report",
        "Suspect power or internet at the site first, then the server.",
        (
            "Call the customer and ask whether power and internet are on.",
            "If both are on, ask for a restart of the server.",
        ),
    ),
    "node_recovered": Advice("RECOVERED", "reports again", "", _NONE),
    "node_unsteady": Advice(
        "WARNING",
        "falls silent again and again",
        "Its short silences are not told one by one from here on. If it goes down, that is told as ever.",
        ("Suspect the connection at the site: cables, Wi-Fi, router, provider.",),
    ),
    "node_steady": Advice("RECOVERED", "reports without a break", "Each silence is told again.", _NONE),
    "hub_deaf": Advice(
        "WARNING",
        "the hub could not hear",
        "No server was taken for silent during that time, and no alarm about it was sent.",
        (
            "See why the hub could not hear: its log, its machine, its disk, its clock.",
            "Servers that have not reported yet are told one by one if they stay silent.",
        ),
    ),
    "hub_incident_began": Advice(
        "INCIDENT",
        "many servers are silent",
        "One cause is likelier than many. There is no message for each of these servers.",
        ("Look for what they share: provider, region, controller version, the way to this hub.",),
    ),
    "hub_incident_ended": Advice(
        "INCIDENT OVER",
        "the servers report again",
        "",
        ("Look after those that are named as still silent, if there are any.",),
    ),
    "hub_backup_missed": Advice(
        "ERROR",
        "the backup of the hub is late",
        "Should the hub's disk be lost, so is what came after the last backup.",
        (
            "See “Backup of this hub” on the hub's page /configuration, and its log.",
            "Choose “Back up now” there, or run `felhom-hub backup`.",
        ),
    ),
    "hub_backup_failed": Advice(
        "ERROR",
        "the backup of the hub failed",
        "Should the hub's disk be lost, so is what came after the last backup that is proven. Older backups stay. "
        "It is tried again every half hour.",
        (
            "See whether the directory of the backups is there, can be written, and has room.",
            "Then choose “Back up now” on the hub's page /configuration.",
        ),
    ),
    "hub_backup_done": Advice("RECOVERED", "the alarm about the hub's backup is over", "", _NONE),
    "hub_volume_filling": Advice(
        "WARNING",
        "the volume of the hub fills up",
        "A full volume stores no report: boxes would be refused.",
        (
            "Make the volume larger, or keep less: retention.max_days.",
            "See “Hub” on the hub's page /configuration for size, growth and room.",
        ),
    ),
    "hub_volume_roomy": Advice("RECOVERED", "the volume of the hub has room", "", _NONE),
    "hub_mail_bounced": Advice(
        "WARNING",
        "mail to the customer came back",
        "The customer hears nothing of the hub by mail until there is another address, or you release this one.",
        (
            "Ask the customer for an address that works, and enter it at the customer's notifications.",
            "If the address is right after all, choose “Mail it again” there.",
        ),
    ),
    "recovery_locked": Advice(
        "WARNING",
        "wrong retrieval passwords",
        "Who tried it cannot fetch the customer's configuration for a while, even with the right retrieval password.",
        (
            "If it was you or the customer, choose “Unlock” on the customer's page, and read the password out again.",
            "If nobody knows of it, somebody is guessing. Within these limits four words cannot be guessed.",
        ),
    ),
    "recovery_degraded": Advice(
        "WARNING",
        "the server could not be rebuilt as it is",
        "Nothing is wrong with the server now. Should it be lost, the rebuild would fail or miss what is named above.",
        (
            "Open the section Recovery on the customer's page: it says what each check came to.",
            "Where a snapshot is damaged or smaller than before, older ones are kept; compare them before they matter.",
        ),
    ),
    "recovery_restored": Advice("RECOVERED", "the server could be rebuilt again", "", _NONE),
    "hub_alarm_test": Advice(
        "ALARM TEST",
        "the alarm path works",
        "It went the way of every alarm. When it stays away for a day, see the hub's page /notifications.",
        ("None.",),
    ),
    "expected_backup_missed": Advice(
        "WARNING",
        "no word of a backup",
        "Either the backup did not run, or the word of it was lost.",
        ("See on the customer's page how the backups of the last nights went.", _TONIGHT),
    ),
    "expected_dbdump_missed": Advice(
        "WARNING",
        "no word of a database dump",
        "Either the dump did not run, or the word of it was lost.",
        ("See on the customer's page how the backups of the last nights went.", _TONIGHT),
    ),
    "expected_backup_done": Advice("RECOVERED", "the missing backup is done", "Backups run again.", _NONE),
    "expected_dbdump_done": Advice("RECOVERED", "the missing database dump is done", "Dumps run again.", _NONE),
    "backup_completed": Advice("RECOVERED", "backup completed", "Backups run again.", _NONE),
    "backup_failed": Advice(
        "ERROR",
        "backup failed",
        "What was added since the last good backup has no copy.",
        ("Read the message above; room and reach of the backup drive are the usual causes.", _TONIGHT),
    ),
    "db_dump_completed": Advice("RECOVERED", "database dump completed", "Dumps run again.", _NONE),
    "db_dump_failed": Advice(
        "ERROR",
        "database dump failed",
        "The files of the apps are copied without a consistent state of their databases.",
        ("See whether the app's database container runs.", _TONIGHT),
    ),
    "integrity_check_ok": Advice("RECOVERED", "integrity check passed", "A restore can rely on it.", _NONE),
    "integrity_check_failed": Advice(
        "ERROR",
        "integrity check failed",
        "A restore may be incomplete. The data on the server is not affected.",
        ("Do not prune snapshots.", "Check the repository, and its drive, before the next backup."),
    ),
    "crossdrive_backup_completed": Advice("RECOVERED", "second-drive backup completed", "Copies run again.", _NONE),
    "crossdrive_backup_failed": Advice(
        "ERROR",
        "second-drive backup failed",
        "The second drive holds an older copy.",
        ("See whether the second drive is connected and has room.", _TONIGHT),
    ),
    "disk_warning": Advice(
        "WARNING",
        "a drive is filling up",
        "Everything still works. A full drive stops uploads and backups.",
        ("Look at the drive's history on the customer's page.", "Ask the customer to empty the apps' trash."),
    ),
    "disk_critical": Advice(
        "ERROR",
        "a drive is nearly full",
        "A full drive stops uploads and backups.",
        ("Ask the customer to empty the apps' trash.", "Offer a larger drive."),
    ),
    "storage_disconnected": Advice(
        "ERROR",
        "a drive is disconnected",
        "What lies on it cannot be reached, and backups to it stop.",
        ("Ask the customer to look at the drive's cable.", "If it is an internal drive, look at its health."),
    ),
    "storage_reconnected": Advice("RECOVERED", "the drive is connected again", "", _NONE),
    "health_degraded": Advice(
        "WARNING",
        "health degraded",
        "The controller's own checks have found a fault.",
        ("Read the newest report's issues on the customer's page.",),
    ),
    "health_recovered": Advice("RECOVERED", "health recovered", "", _NONE),
    "temperature_high": Advice(
        "WARNING",
        "temperature is high",
        "Heat that lasts shortens the life of drives.",
        ("Look at the temperature's history.", "Ask the customer whether the vents are free."),
    ),
    "container_unhealthy": Advice(
        "WARNING",
        "a container is unhealthy",
        "One app does not answer its health check.",
        ("Look at the app's log issues on the customer's page.",),
    ),
    "update_completed": Advice("RECOVERED", "update completed", "", _NONE),
    "update_failed": Advice(
        "ERROR",
        "update failed",
        "The server runs on with the former version.",
        ("Read the message above, and try the update again.",),
    ),
    "test": Advice("TEST", "test message", "Messages reach you."),
}

GENERIC_EN: Mapping[Severity, Advice] = {
    "info": Advice("INFO", "message of the server", ""),
    "warning": Advice("WARNING", "warning of the server", ""),
    "error": Advice("ERROR", "error of the server", ""),
}
