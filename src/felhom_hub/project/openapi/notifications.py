"""The operations about what customers are told."""

from felhom_hub.customers.details import EMAIL_LENGTH
from felhom_hub.events.catalogue import LEGACY_TYPE, TYPE_FORM
from felhom_hub.notify.intake import MAX_BODY_BYTES, NO_EMAIL
from felhom_hub.notify.payload import DEFAULT_COOLDOWN_HOURS, MAX_COOLDOWN_HOURS, MAX_ENABLED_EVENTS
from felhom_hub.notify.provider_intake import MAX_BODY_BYTES as MAX_CALL_BYTES
from felhom_hub.project.openapi import examples
from felhom_hub.project.openapi.intake import EVENT_MEMBERS, NOT_NOW, NOT_READ, NOT_YOURS
from felhom_hub.project.openapi.operation import Answer, Operation, RequestBody, Schema
from felhom_hub.project.openapi.parts import OK, answered, count, flag, instant, listed, one_of, or_null, sent, text
from felhom_hub.project.openapi.report_schema import CUSTOMER_ID_SCHEMA

SCHEMAS: dict[str, Schema] = {
    "Preferences": sent(
        "What a customer is to be told, and where. A member that is missing leaves what is stored.",
        {
            "customer_id": CUSTOMER_ID_SCHEMA,
            "email": or_null(
                text("One address. Empty or null: the customer is not mailed.", format="email", maxLength=EMAIL_LENGTH)
            ),
            "enabled_events": or_null(
                listed(
                    "The types that the customer wants to hear of, the hub's own and uncatalogued ones among them; at "
                    f"most {MAX_ENABLED_EVENTS}. Null is an empty list. What no type can look like "
                    f"(`^{TYPE_FORM.pattern}$`) is read over.",
                    text("A type."),
                )
            ),
            "cooldown_hours": or_null(
                count(
                    "Hours between two messages about events of one type; 0 for none. Null is "
                    f"{DEFAULT_COOLDOWN_HOURS}.",
                    maximum=MAX_COOLDOWN_HOURS,
                )
            ),
        },
        required=("customer_id",),
    ),
    "PreferencesAnswer": answered(
        "The preferences are on disk.",
        {"ok": OK, "customer_blocked": flag("Only there, and true, when the operator has blocked the customer.")},
        optional=("customer_blocked",),
    ),
    "Notice": sent(
        f"An event of which only customer_id is required; its type is then `{LEGACY_TYPE}`.",
        EVENT_MEMBERS,
        required=("customer_id",),
    ),
    "NoticeAnswer": answered(
        "The event is on disk.",
        {"ok": OK, "skipped": one_of("Only there when no e-mail of the customer is known.", [NO_EMAIL])},
        optional=("skipped",),
    ),
    "MailNews": sent(
        "What became of a mail, as Resend says it; other types than these are answered and change nothing.",
        {
            "type": one_of("What happened.", ["email.bounced", "email.suppressed", "email.complained"]),
            "created_at": instant("When it happened."),
            "data": sent(
                "The mail.",
                {
                    "email_id": text("Resend's number of it."),
                    "to": listed("To whom it went.", text("An address.")),
                    "bounce": sent(
                        "Why it came back.",
                        {
                            "type": text("`Transient` is no reason to stop mailing the address."),
                            "message": text("In the words of the receiving server."),
                        },
                    ),
                },
            ),
        },
    ),
    "MailNewsAnswer": answered(
        "What it says holds.",
        {"ok": OK, "repeated": flag("Only there, and true, when the call had been taken before and changed nothing.")},
        optional=("repeated",),
    ),
}

OPERATIONS = (
    Operation(
        method="POST",
        path="/api/v1/webhooks/resend",
        operation_id="takeMailNews",
        tag="Notifications",
        summary="Take what Resend says of a mail",
        text="To be entered at Resend as a webhook with the events `email.bounced`, `email.suppressed` and "
        "`email.complained`. An address that bounced, or whose owner called a mail spam, is not mailed any more until "
        "the operator releases it. Only addresses of customers and of the operator are kept.",
        security="signature",
        body=RequestBody("MailNews", MAX_CALL_BYTES, examples.BOUNCE),
        answer=Answer("What it says holds.", "MailNewsAnswer", examples.STORED),
        refusals={
            400: f"{NOT_READ}.",
            404: "`notifications.resend_webhook_secret` is not set.",
            409: "The very same call, signed at the same second, was taken before.",
            503: NOT_NOW,
        },
    ),
    Operation(
        method="POST",
        path="/api/v1/preferences",
        operation_id="setPreferences",
        tag="Notifications",
        summary="Set a customer's preferences",
        text="200 means that they are committed to disk. The last write wins; what is refused leaves what is stored. "
        "With the global key an unknown customer_id makes a customer that only reports. A blocked customer's "
        "preferences are stored too.",
        security="key",
        body=RequestBody("Preferences", MAX_BODY_BYTES, examples.PREFERENCES),
        answer=Answer("The preferences are committed.", "PreferencesAnswer", examples.STORED),
        refusals={
            400: f"{NOT_READ}.",
            403: NOT_YOURS,
            422: "customer_id breaks its rule, email is not one address, enabled_events is not a list or too long, or "
            f"cooldown_hours is not a whole number from 0 to {MAX_COOLDOWN_HOURS}.",
            503: NOT_NOW,
        },
    ),
    Operation(
        method="POST",
        path="/api/v1/notify",
        operation_id="sendNotice",
        tag="Notifications",
        summary="Store a message as an event",
        text="For controllers before v0.21; newer ones send events. 200 means that the event is committed to disk. "
        "It does not mean that a message is sent: a block, a cooldown or a hub without a mail provider holds it back.",
        security="key",
        body=RequestBody("Notice", MAX_BODY_BYTES, examples.NOTICE),
        answer=Answer("The event is committed.", "NoticeAnswer", examples.SKIPPED),
        refusals={
            400: f"{NOT_READ}.",
            403: NOT_YOURS,
            422: "customer_id or event_type breaks its rule, the type is the hub's own, or severity is not known.",
            503: NOT_NOW,
        },
    ),
)
