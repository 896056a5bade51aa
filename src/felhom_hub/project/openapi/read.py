"""The operations that read customers, their newest reports and their histories."""

from felhom_hub.project.openapi import examples
from felhom_hub.project.openapi.operation import Answer, Operation, Parameter, Schema
from felhom_hub.project.openapi.parts import (
    OK,
    answered,
    count,
    flag,
    instant,
    listed,
    named,
    number,
    one_of,
    or_null,
    percent,
    text,
)
from felhom_hub.project.openapi.report_schema import CUSTOMER_ID_SCHEMA
from felhom_hub.reports.api import DEFAULT_LIMIT, MAX_LIMIT
from felhom_hub.reports.queries import MAX_POINTS, MEASURES, PERIODS
from felhom_hub.reports.status import Health, Status

_HEALTH = or_null(one_of("The controller's own judgement.", Health))
_MEASURES = {
    "cpu_percent": or_null(percent("CPU in use.")),
    "memory_percent": or_null(percent("Memory in use.")),
    "disk_percent": or_null(percent("The fullest drive.")),
    "temperature_celsius": or_null(number("The hottest sensor.")),
}
_SKEW = or_null(number("How far the box's clock is ahead of the hub's; negative: behind."))
_EXTREMES = {
    f"{measure}_{end}": or_null(number(f"The {word} {measure} in the bucket."))
    for measure in MEASURES
    for end, word in (("min", "lowest"), ("max", "highest"))
}

SCHEMAS: dict[str, Schema] = {
    "Customer": answered(
        "One customer now. null is `not reported`, never 0.",
        {
            "customer_id": CUSTOMER_ID_SCHEMA,
            "customer_name": text("The name; empty where there is none."),
            "status": one_of("Computed at the time of the answer.", Status),
            "status_reason": or_null(text("Why it is not OK, in a sentence.")),
            "config_type": one_of("`manual`: it only reports, and was never set up in the hub.", ("managed", "manual")),
            "blocked": flag("Whether the operator has blocked it."),
            "last_report_at": or_null(instant("When the hub last received a report.")),
            "report_age_seconds": or_null(count("How long ago that is.")),
            "controller_version": or_null(text("As reported.")),
            "controller_url": or_null(text("As reported.")),
            "health": _HEALTH,
            **_MEASURES,
            "config_sync": one_of(
                "Whether the box runs the configuration that the hub has for it.", ("in sync", "mismatch", "unknown")
            ),
            "events_24h": answered(
                "Events of the last 24 hours.", {"error": count("Errors."), "warning": count("Warnings.")}
            ),
            "last_backup_at": or_null(instant("As reported.")),
        },
    ),
    "Customers": answered(
        "A page of customers.",
        {
            "ok": OK,
            "customers": listed("In the order of their ids.", named("Customer")),
            "next": or_null(text("The `cursor` of the next page; null on the last one.")),
        },
    ),
    "CustomerWithReport": answered(
        "One customer with its newest report.",
        {
            "ok": OK,
            "customer": {**named("Customer"), "description": "The customer."},
            "report": {"type": ["object", "null"], "description": "The newest report as it came; null: none yet."},
            "received_at": or_null(instant("When the hub received it.")),
        },
    ),
    "Point": answered(
        "One report of a history, or a bucket of several: the averages, the worst health, the last version, and then "
        "also `reports` and the extremes.",
        {
            "received_at": instant("When the hub received it, of a bucket the last one."),
            "health": _HEALTH,
            **_MEASURES,
            "clock_skew_seconds": _SKEW,
            "controller_version": or_null(text("As reported.")),
            "reports": count("How many reports the bucket holds."),
            **_EXTREMES,
        },
        optional=("reports", *_EXTREMES),
    ),
    "History": answered(
        "A customer's history.",
        {
            "ok": OK,
            "period": one_of("As asked.", PERIODS),
            "points": listed("In the order of receipt.", named("Point")),
        },
    ),
}

_ID = Parameter("customer_id", "path", CUSTOMER_ID_SCHEMA, "The customer's id.", "kovacs-peter")
_OWN = "The key is another customer's own."
_NONE = "There is no such customer."

OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/customers",
        operation_id="listCustomers",
        tag="Read",
        summary="List customers with their status",
        text="A customer's own key sees itself only, whatever is asked.",
        security="key",
        parameters=(
            Parameter("status", "query", one_of("", Status), "Only customers of this status.", "DOWN"),
            Parameter("q", "query", text(""), "Only customers whose id or name holds this, accents aside.", "kovacs"),
            Parameter(
                "limit",
                "query",
                {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
                f"How many, from 1 to {MAX_LIMIT}; {DEFAULT_LIMIT} where it is not said.",
                "50",
            ),
            Parameter("cursor", "query", CUSTOMER_ID_SCHEMA, "The `next` of the page before.", "kovacs-peter"),
        ),
        answer=Answer("The page.", "Customers", examples.CUSTOMERS),
        refusals={422: "status, limit or cursor is impossible."},
    ),
    Operation(
        method="GET",
        path="/api/v1/customers/{customer_id}",
        operation_id="readCustomer",
        tag="Read",
        summary="One customer with its newest report",
        text="`report` is the stored body as it came, its order and spelling included.",
        security="key",
        parameters=(_ID,),
        answer=Answer("The customer.", "CustomerWithReport", examples.CUSTOMER),
        refusals={403: _OWN, 404: _NONE},
    ),
    Operation(
        method="GET",
        path="/api/v1/customers/{customer_id}/history",
        operation_id="readHistory",
        tag="Read",
        summary="A customer's history",
        text=f"At most {MAX_POINTS} points; where there are more reports, each point is a bucket of equal width.",
        security="key",
        parameters=(
            _ID,
            Parameter("period", "query", one_of("", PERIODS), "How far back; 7d where it is not said.", "24h"),
        ),
        answer=Answer("The history.", "History", examples.HISTORY),
        refusals={403: _OWN, 404: _NONE, 422: "period is none of these."},
    ),
)
