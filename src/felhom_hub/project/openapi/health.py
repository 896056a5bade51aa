"""The operations for those who run the hub: probes, metrics, and the description itself."""

from felhom_hub.project.openapi import examples
from felhom_hub.project.openapi.operation import Answer, Operation, Schema
from felhom_hub.project.openapi.parts import OK, answered, text

SCHEMAS: dict[str, Schema] = {
    "Alive": answered("Yes.", {"ok": OK}),
    "Healthy": answered("Yes.", {"ok": OK, "database": text("What was found.", const="readable and writable")}),
    "OpenApi": {"type": "object", "description": "An OpenAPI 3.1 document.", "required": ["openapi", "info", "paths"]},
}

OPERATIONS = (
    Operation(
        method="GET",
        path="/livez",
        operation_id="readLiveness",
        tag="Operation",
        summary="Whether the process lives",
        text="Answered while the event loop turns; a restart is the only cure where it is not.",
        security="public",
        answer=Answer("It lives.", "Alive", {"ok": True}),
    ),
    Operation(
        method="GET",
        path="/readyz",
        operation_id="readReadiness",
        tag="Operation",
        summary="Whether the hub takes requests",
        text="For a load balancer: from the signal to stop on it says no, while requests are still taken for a while.",
        security="public",
        answer=Answer("It takes them.", "Alive", {"ok": True}),
        refusals={503: "The hub is stopping."},
    ),
    Operation(
        method="GET",
        path="/healthz",
        operation_id="readHealth",
        tag="Operation",
        summary="Whether the database can be read and written",
        text="Writes a row and reads it again, in the same queue as the reports: what is slow for them is slow here.",
        security="public",
        answer=Answer("It can.", "Healthy", {"ok": True, "database": "readable and writable"}),
        refusals={503: "It cannot, does not answer in time, or the hub is stopping; the sentence says why."},
    ),
    Operation(
        method="GET",
        path="/metrics",
        operation_id="readMetrics",
        tag="Operation",
        summary="Metrics for Prometheus",
        text="With the global key; or without one from the hub's own machine, where no proxy is trusted "
        "(`server.trusted_proxies`) and the request has no forwarding header.",
        security="key or loopback",
        answer=Answer("The metrics.", None, examples.METRICS, "text/plain"),
        refusals={403: "The key is a customer's own.", 503: "The key cannot be looked up now."},
    ),
    Operation(
        method="GET",
        path="/api/v1/openapi.json",
        operation_id="readDescription",
        tag="Operation",
        summary="This description",
        text="Public: it says nothing that the source does not say.",
        security="public",
        answer=Answer("The description.", "OpenApi", {"openapi": "3.1.0", "info": {}, "paths": {}}),
    ),
)
