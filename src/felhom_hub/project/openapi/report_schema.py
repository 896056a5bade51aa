"""The canonical report of a controller as a schema, with an example. What is read of it: reports/payload.py. Pure."""

from felhom_hub.customers.identity import CUSTOMER_ID, CUSTOMER_ID_RULE
from felhom_hub.project.openapi.operation import Schema
from felhom_hub.project.openapi.parts import count, flag, instant, listed, number, one_of, percent, sent, text

CUSTOMER_ID_SCHEMA = text(f"The customer's id: {CUSTOMER_ID_RULE}.", pattern=f"^{CUSTOMER_ID.pattern}$")

_SYSTEM = sent(
    "The machine as a whole.",
    {
        "hostname": text("Its name."),
        "os": text("The operating system, such as `Debian GNU/Linux 12`."),
        "kernel": text("The kernel's version."),
        "cpu_percent": percent("CPU in use."),
        "load_1": number("Load average of one minute."),
        "memory_percent": percent("Memory in use."),
        "memory_used_mb": number("Memory in use in MB; stands in for `memory_percent` together with the total."),
        "memory_total_mb": number("Memory that there is, in MB."),
        "swap_percent": percent("Swap in use."),
        "temperature_celsius": number("The hottest sensor."),
        "disk_percent": percent("Used where no drive of `storage` says so."),
        "uptime_seconds": number("Since the machine was started."),
    },
)
_DRIVE = sent(
    "One drive; the fullest mounted one that is not decommissioned is the customer's disk.",
    {
        "name": text("What people call it."),
        "path": text("Where it is mounted."),
        "device": text("Its device file."),
        "fstype": text("Its file system."),
        "total_gb": number("Its size in GB."),
        "used_gb": number("In use, in GB."),
        "percent": percent("In use."),
        "mounted": flag("Whether it is there."),
        "role": one_of("What it is for.", ("system", "data", "backup")),
        "state": one_of("How it is.", ("ok", "disconnected", "decommissioned")),
    },
)
_CONTAINER = sent(
    "One container.",
    {
        "name": text("Its name."),
        "stack": text("The stack that it belongs to."),
        "image": text("Its image with tag."),
        "state": one_of("Docker's word.", ("running", "exited", "restarting", "paused")),
        "health": one_of("Docker's word; `none` without a health check.", ("healthy", "unhealthy", "starting", "none")),
        "restarts": count("How often it was restarted."),
        "cpu_percent": number("CPU in use, of one core.", minimum=0),
        "memory_mb": number("Memory in use in MB.", minimum=0),
        "started_at": instant("Since when it runs."),
    },
)
_STACK = sent(
    "One stack.",
    {
        "name": text("Its name."),
        "display_name": text("Its name for people."),
        "state": text("Such as `running`."),
        "version": text("The app's version."),
    },
)
_BACKUP = sent(
    "The last backups.",
    {
        "last_backup_at": instant("The last backup's end."),
        "last_backup_ok": flag("Whether it succeeded."),
        "last_db_dump_at": instant("The last database dump's end."),
        "last_db_dump_ok": flag("Whether it succeeded."),
        "repository_size_mb": number("The repository's size in MB."),
        "snapshot_count": count("Snapshots in it."),
        "last_integrity_check_at": instant("When it was last checked."),
        "last_integrity_ok": flag("Whether it was sound."),
    },
)
_HEALTH = sent(
    "The controller's own judgement.",
    {
        "status": one_of("`fail` makes the customer DOWN, `warn` WARN.", ("ok", "warn", "fail")),
        "issues": listed("What fails.", text("A sentence.")),
        "warnings": listed("What may fail.", text("A sentence.")),
    },
)
_MEMORY = {
    "memory_current_mb": number("Now.", minimum=0),
    "memory_avg_mb": number("On average since the report before.", minimum=0),
    "memory_peak_mb": number("At most since the report before.", minimum=0),
    "cpu_avg_percent": number("CPU on average since the report before, of one core.", minimum=0),
    "sample_count": count("How many readings these are made of."),
}
_ISSUE = sent(
    "One kind of message in an app's log.",
    {
        "severity": one_of("How bad.", ("error", "warning")),
        "message": text("The message."),
        "fingerprint": text("The same for the same kind of message."),
        "count": count("How often it came."),
        "first_seen": instant("First."),
        "last_seen": instant("Last."),
        "container_name": text("Whose log."),
    },
)
_APP = sent(
    "One app.",
    {
        "app_name": text("Its name; an entry without one is read over."),
        "display_name": text("Its name for people."),
        "containers": listed(
            "Its containers.", sent("One container.", {"container_name": text("Its name."), **_MEMORY})
        ),
        **_MEMORY,
        "catalog_memory_request_mb": number("What the catalogue asks for.", minimum=0),
        "catalog_memory_limit_mb": number("What the catalogue allows.", minimum=0),
        "log_errors_24h": count("Errors in its logs within 24 hours."),
        "log_warnings_24h": count("Warnings in its logs within 24 hours."),
        "top_issues": listed("What its logs say most; 10 for each container are kept.", _ISSUE),
    },
)
REPORT: Schema = sent(
    "What a controller says of its box. Only `customer_id` is required. A member that is missing, unknown or of an odd "
    "type is never a reason to refuse; the body is stored byte for byte.",
    {
        "version": count("The report's format: 1."),
        "customer_id": CUSTOMER_ID_SCHEMA,
        "customer_name": text("The customer's name."),
        "controller_version": text("As the controller writes it, such as `v0.30.0`."),
        "controller_url": text("Where the controller can be called."),
        "timestamp": instant("The box's clock; up to 9 fractional digits and any offset."),
        "config_hash": text("SHA-256 in hex of the controller.yaml that is in force."),
        "monitoring_paused": flag("Whether monitoring is paused on the controller."),
        "health": _HEALTH,
        "system": _SYSTEM,
        "storage": listed("The drives.", _DRIVE),
        "containers": listed("The containers.", _CONTAINER),
        "stacks": listed("The stacks.", _STACK),
        "backup": _BACKUP,
        "app_telemetry": listed("What the apps use.", _APP),
    },
    required=("customer_id",),
)
