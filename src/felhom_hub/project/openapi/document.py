"""Puts the operations together as OpenAPI 3.1, and adds to each the refusals that all of its kind have."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from felhom_hub import __version__
from felhom_hub.project.openapi import assets, boxes, health, intake, notifications, read, recovery
from felhom_hub.project.openapi.operation import Answer, Operation, Parameter, Schema
from felhom_hub.project.openapi.parts import answered, named, text

OPERATIONS: tuple[Operation, ...] = (
    *intake.OPERATIONS,
    *notifications.OPERATIONS,
    *read.OPERATIONS,
    *boxes.OPERATIONS,
    *recovery.OPERATIONS,
    *assets.OPERATIONS,
    *health.OPERATIONS,
)

ERROR: Schema = answered(
    "Every refusal.",
    {
        "ok": {"type": "boolean", "const": False, "description": "Always false."},
        "error": text("A plain sentence that names the member and the rule that it broke."),
    },
)
SCHEMAS: dict[str, Schema] = {
    **intake.SCHEMAS,
    **notifications.SCHEMAS,
    **read.SCHEMAS,
    **recovery.SCHEMAS,
    **assets.SCHEMAS,
    **health.SCHEMAS,
    "Error": ERROR,
}

_ERROR_EXAMPLE = {"ok": False, "error": "customer_id is missing"}
_KEY: dict[str, list[str]] = {"bearerKey": []}
_SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "public": [],
    "key": [_KEY],
    "key or loopback": [_KEY, {}],
    "own key": [_KEY],
    "signature": [{"resendSignature": []}],
    "passphrase": [{"retrievalPassword": []}],
}
_HEADERS = {
    401: ("WWW-Authenticate", "Bearer"),
    405: ("Allow", "The methods that there are."),
    429: ("Retry-After", "Seconds until the next try."),
    503: ("Retry-After", "Seconds; spread, so that a herd does not come back at once."),
}


def refusals_of(operation: Operation) -> dict[int, str]:
    """Every status but 200 that the operation is documented with, in order, and when it comes."""
    found = {405: "The method is another one."}
    if operation.security == "signature":
        found[401] = "The signature is missing, wrong, or more than 5 minutes away from the hub's clock."
    elif operation.security == "passphrase":
        found[401] = "The retrieval password is wrong or missing, or there is no such customer."
    elif operation.security != "public":
        found[401] = "There is no key, or it is nobody's."
    if operation.body is not None:
        found[408] = "The body did not arrive in time."
        found[413] = f"The body, or its expanded form, is larger than {size_of(operation.body.limit_bytes)}."
        found[415] = "Content-Encoding is neither gzip nor zstd."
    return dict(sorted({**found, **operation.refusals}.items()))


def size_of(size_bytes: int) -> str:
    """A limit as people write it."""
    return f"{size_bytes // 1024**2} MiB" if size_bytes >= 1024**2 else f"{size_bytes // 1024} KiB"


def openapi_document(*, server_url: str = "") -> dict[str, Any]:
    """The whole document; `server_url` is named as the server where it is known."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "felhom-hub",
            "version": __version__,
            "summary": "What controllers send to the hub, and what can be read from it.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server_url or "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(operation.tag for operation in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "bearerKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The global key (`api.report_api_key`), or a customer's own key, which is valid "
                    "for that customer alone.",
                },
                "retrievalPassword": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-Retrieval-Password",
                    "description": "The customer's retrieval password, raw UTF-8 or percent-encoded; case, accents and "
                    "separators do not matter.",
                },
                "resendSignature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "svix-signature",
                    "description": "`v1,` and the base64 of an HMAC-SHA256 over `svix-id`, `svix-timestamp` (seconds "
                    "since 1970) and the raw body, with full stops between them; the key is "
                    "`notifications.resend_webhook_secret`.",
                },
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.operation_id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.text,
        "security": _SECURITY[operation.security],
    }
    if operation.parameters:
        described["parameters"] = [_parameter(each) for each in operation.parameters]
    if operation.body is not None:
        limit = size_of(operation.body.limit_bytes)
        described["requestBody"] = {
            "required": True,
            "description": f"At most {limit}, compressed (Content-Encoding gzip or zstd) and expanded. Content-Type is "
            "ignored.",
            "content": {"application/json": _content(operation.body.schema, operation.body.example)},
        }
    described["responses"] = {"200": _answer(operation.answer)} | {
        str(status): _refusal(status, when) for status, when in refusals_of(operation).items()
    }
    return described


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = {key: value for key, value in parameter.schema.items() if key != "description"}
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.text,
        "schema": schema,
        "example": int(parameter.example) if schema["type"] == "integer" else parameter.example,
    }


def _content(schema: str, example: Mapping[str, Any]) -> dict[str, Any]:
    return {"schema": named(schema), "example": example}


def _answer(answer: Answer) -> dict[str, Any]:
    if answer.schema is None or isinstance(answer.example, str):
        # Who reads YAML by its media type gets a mapping, of which the template decides what is in it.
        kind = "object" if answer.content_type.endswith("yaml") else "string"
        content: dict[str, Any] = {"schema": {"type": kind}, "example": answer.example}
    else:
        content = _content(answer.schema, answer.example)
    others = {kind: {"schema": content["schema"]} for kind in answer.other_types}
    return {"description": answer.text, "content": {answer.content_type: content, **others}}


def _refusal(status: int, when: str) -> dict[str, Any]:
    described: dict[str, Any] = {"description": f"{HTTPStatus(status).phrase}. {when}"}
    if status in _HEADERS:
        name, says = _HEADERS[status]
        described["headers"] = {name: {"description": says, "schema": {"type": "string"}}}
    described["content"] = {"application/json": _content("Error", _ERROR_EXAMPLE)}
    return described
