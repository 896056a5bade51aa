"""The operations by which infrastructure backups come and go, and by which a lost box is rebuilt."""

from felhom_hub.project.openapi import examples
from felhom_hub.project.openapi.boxes import LOCKED
from felhom_hub.project.openapi.intake import NOT_NOW, NOT_READ, NOT_YOURS
from felhom_hub.project.openapi.operation import Answer, Operation, Parameter, RequestBody, Schema
from felhom_hub.project.openapi.parts import OK, answered, count, flag, or_null, sent, text
from felhom_hub.project.openapi.report_schema import CUSTOMER_ID_SCHEMA
from felhom_hub.recovery.api import MAX_VERSION
from felhom_hub.recovery.payload import MAX_BODY_BYTES

_TAG = "Recovery"
_ID = Parameter("customer_id", "path", CUSTOMER_ID_SCHEMA, "The customer's id.", "kovacs-peter")
_VERSION = Parameter(
    "version",
    "query",
    {"type": "integer", "minimum": 1, "maximum": MAX_VERSION},
    "The version that is wanted; without it the newest.",
    "1",
)

SCHEMAS: dict[str, Schema] = {
    "InfraBackup": sent(
        "What a box is rebuilt from. Any JSON object is taken; the reference controller sends these members.",
        {
            "customer_id": CUSTOMER_ID_SCHEMA,
            "controller_yaml": text("controller.yaml in base64."),
            "settings_json": text("settings.json in base64."),
            "disk_layout": {"type": "array", "items": {"type": "object"}, "description": "The drives and their UUIDs."},
            "stacks": {"type": "array", "items": {"type": "object"}, "description": "The apps that are installed."},
            "restic_passwords": {"type": "object", "description": "The backups' passwords by repository."},
        },
        required=("customer_id",),
    ),
    "StoredInfraBackup": {
        "type": "object",
        "description": "An infrastructure backup as the box sent it: any JSON object.",
    },
    "InfraBackupAnswer": answered(
        "The backup is on disk.",
        {
            "ok": OK,
            "version": count("The version that has these bytes."),
            "sha256": text("Of the bytes as they came, expanded, in hex."),
        },
    ),
    "Recovery": answered(
        "All that a lost box is rebuilt from.",
        {
            "customer_id": CUSTOMER_ID_SCHEMA,
            "config_yaml": text("controller.yaml as the hub makes it."),
            "infra_backup": or_null({"type": "object", "description": "The newest infrastructure backup, verbatim."}),
            "has_infra_backup": flag("False where the box has never sent one."),
        },
    ),
}

OPERATIONS = (
    Operation(
        method="POST",
        path="/api/v1/infra-backup",
        operation_id="sendInfraBackup",
        tag=_TAG,
        summary="Store an infrastructure backup",
        text="200 means that it is committed to disk, sealed. Other bytes than the newest version's are a new version; "
        "the same ones renew its time. The last 30 versions are kept, and one a month for a year. With the global key "
        "an unknown customer_id makes a customer that only reports. A blocked customer's backups are stored too.",
        security="key",
        body=RequestBody("InfraBackup", MAX_BODY_BYTES, examples.INFRA_BACKUP),
        answer=Answer("The backup is committed.", "InfraBackupAnswer", examples.INFRA_BACKUP_STORED),
        refusals={400: f"{NOT_READ}.", 403: NOT_YOURS, 422: "customer_id breaks its rule.", 503: NOT_NOW},
    ),
    Operation(
        method="GET",
        path="/api/v1/infra-backup/{customer_id}",
        operation_id="fetchInfraBackup",
        tag=_TAG,
        summary="An infrastructure backup as it came",
        text="The newest version, or the one that is asked for, byte for byte. ETag is its sha256. Who fetched it is "
        "in the audit.",
        security="key",
        parameters=(_ID, _VERSION),
        answer=Answer("The backup.", "StoredInfraBackup", examples.INFRA_BACKUP),
        refusals={
            403: "The key is another customer's.",
            404: "There is no such customer, or no such version.",
            422: f"version is not a whole number from 1 to {MAX_VERSION}.",
        },
    ),
    Operation(
        method="GET",
        path="/api/v1/recovery/{customer_id}",
        operation_id="fetchRecovery",
        tag=_TAG,
        summary="All that a lost box is rebuilt from",
        text="The configuration and the newest infrastructure backup in one answer, with the customer's secrets. Who "
        "fetched it is in the audit, and whether it was a drill of the hub's own (`X-Recovery-Drill`, sealed by it).",
        security="passphrase",
        parameters=(_ID,),
        answer=Answer("Configuration and backup.", "Recovery", examples.RECOVERY),
        refusals={
            403: "The operator has blocked the customer.",
            409: "The configuration cannot be made; the sentence says why.",
            429: LOCKED,
        },
    ),
)
