"""The operations by which controllers bring reports and events; what it says of refusals holds for its neighbours."""

from felhom_hub.events.catalogue import HUB_PREFIXES, SEVERITIES, TYPE_FORM
from felhom_hub.events.intake import MAX_BODY_BYTES as EVENT_BYTES
from felhom_hub.project.openapi import examples
from felhom_hub.project.openapi.operation import Answer, Operation, RequestBody, Schema
from felhom_hub.project.openapi.parts import OK, answered, flag, one_of, sent, text
from felhom_hub.project.openapi.report_schema import CUSTOMER_ID_SCHEMA, REPORT
from felhom_hub.reports.body import MAX_BODY_BYTES as REPORT_BYTES

EVENT_MEMBERS: dict[str, Schema] = {
    "customer_id": CUSTOMER_ID_SCHEMA,
    "event_type": text(
        "A type of the catalogue, or any other of this form, which is kept as uncatalogued. Types that "
        f"begin with {', '.join(HUB_PREFIXES)} are the hub's own.",
        pattern=f"^{TYPE_FORM.pattern}$",
    ),
    "severity": one_of("Without it the type's own severity counts.", SEVERITIES),
    "message": text("A sentence."),
    "details": {"type": "object", "description": "Whatever else belongs to it."},
    "details_json": text("The same as text; it goes before `details`."),
    "source": text("Who says so; `controller` if nobody is named."),
}

SCHEMAS: dict[str, Schema] = {
    "Report": REPORT,
    "ReportAnswer": answered(
        "The report is on disk.",
        {
            "ok": OK,
            "customer_blocked": flag("Only there, and true, when the operator has blocked the customer."),
            "pending": answered(
                "What the operator wants of the box; only there until a report shows it done, and never beside "
                "customer_blocked.",
                {
                    "config_hash": text(
                        "SHA-256 in hex of the controller.yaml to fetch and to run with. Only there while the box "
                        "reports another."
                    ),
                    "update_to": text("The version to update to. Only there while the box reports an older one."),
                },
                optional=("config_hash", "update_to"),
            ),
        },
        optional=("customer_blocked", "pending"),
    ),
    "Event": sent(
        "Something that happened on a box. Its time is the hub's.",
        EVENT_MEMBERS,
        required=("customer_id", "event_type"),
    ),
    "EventAnswer": answered("The event is on disk.", {"ok": OK}),
}

NOT_READ = "The body is not a JSON object, is nested too deep, is damaged gzip or zstd, or names no customer_id"
NOT_YOURS = "The key is another customer's than the one whose id is in the body."
NOT_NOW = "Nothing was stored: too much waits, the database does not take it now, or the hub stops. Send it again."

OPERATIONS = (
    Operation(
        method="POST",
        path="/api/v1/report",
        operation_id="sendReport",
        tag="Intake",
        summary="Store a report",
        text="A controller sends one at its start and every 15 minutes. 200 means that it is committed to disk. A "
        "report that comes again (same customer, timestamp and body) is answered 200 and stored once; one without a "
        "timestamp that can be read is stored each time, since nothing tells it from the next. With the global key an "
        "unknown customer_id makes a customer that only reports. A blocked customer's reports are stored too.",
        security="key",
        body=RequestBody("Report", REPORT_BYTES, examples.REPORT),
        answer=Answer("The report is committed.", "ReportAnswer", examples.STORED),
        refusals={
            400: f"{NOT_READ}.",
            403: NOT_YOURS,
            422: "customer_id breaks its rule. Nothing else in a report makes the hub refuse it.",
            503: NOT_NOW,
        },
    ),
    Operation(
        method="POST",
        path="/api/v1/event",
        operation_id="sendEvent",
        tag="Intake",
        summary="Store an event",
        text="200 means that it is committed to disk. `api.strict_event_types` refuses uncatalogued types.",
        security="key",
        body=RequestBody("Event", EVENT_BYTES, examples.EVENT),
        answer=Answer("The event is committed.", "EventAnswer", examples.STORED),
        refusals={
            400: f"{NOT_READ} or event_type.",
            403: NOT_YOURS,
            422: "customer_id or event_type breaks its rule, the type is the hub's own, or severity is not known.",
            503: NOT_NOW,
        },
    ),
)
