"""docs/api.md as rendered from the operations, after an introduction that is written here.

`python -m felhom_hub.project.openapi > docs/api.md` brings it up to date; a test holds the two equal.
"""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from felhom_hub.base.guard import BODY_SECONDS, HEADER_BYTES
from felhom_hub.base.tolerant import MAX_NESTING
from felhom_hub.project.openapi.curl import EXAMPLE_URL, curl_of
from felhom_hub.project.openapi.document import OPERATIONS, SCHEMAS, refusals_of, size_of
from felhom_hub.project.openapi.operation import Answer, Operation, Parameter, Schema
from felhom_hub.project.openapi.shapes import Member, choices_of, members_of
from felhom_hub.reports.app_telemetry import PATHS as OF_APP
from felhom_hub.reports.payload import PATHS as OF_REPORT

_SECURITY = {
    "public": "No key is needed.",
    "key": "A key is needed: the global one, or a customer's own for that customer alone.",
    "key or loopback": "The global key is needed, but not from the hub's own machine (below).",
    "own key": "The customer's own key is needed; the global one does not open it.",
    "passphrase": "No key is needed: the customer's retrieval password opens it.",
    "signature": "No key is needed: Resend's signature proves who calls.",
}
_INTRODUCTION = f"""\
# API

<!-- Rendered by `python -m felhom_hub.project.openapi` from src/felhom_hub/project/openapi/: edit there. -->

The same, for programs, is the OpenAPI 3.1 document at `/api/v1/openapi.json`; in the hub itself the operator finds it
at `/api`, under Settings.

Each endpoint has a command that asks it, for a shell in which `KEY`, or whatever else opens it, has been set; a body is
read from the file `body.json`.

- **Keys.** `Authorization: Bearer KEY`. KEY is the global key (`api.report_api_key`), or a customer's own key
  (`felhom-hub customer show ID --reveal`), which sends and reads for that customer alone. No key, or nobody's: 401. A
  right key for another customer: 403. A key that is revoked holds no longer from the next request on. A signed-in
  browser has no key: its session opens the pages, not the API.
- **Durability.** A 200 to a report or an event means that it is committed to disk. After anything else the sender
  still has it, and sends it again.
- **Errors.** Every refusal is `{{"ok": false, "error": "<a sentence>"}}`. The sentence names the member and the rule
  that it broke; it never repeats a key. 503 comes with `Retry-After` in seconds. 500 is a mistake of the hub; its log
  has the cause.
- **Request ids.** Each answer has an `X-Request-ID`, and so has each line that the hub's log has of the request. One
  that a trusted proxy (`server.trusted_proxies`) sends along is kept; it has up to 64 of `A-Z a-z 0-9 _ . : = / + -`.
- **Bodies** are JSON in UTF-8, nested at most {MAX_NESTING} levels deep, and may come with `Content-Encoding: gzip` or
  `zstd`. A size limit holds before and after expansion. A body has {BODY_SECONDS:.0f} seconds to arrive.
  `Content-Type` is ignored. Request line and headers have {HEADER_BYTES // 1024} KiB; beyond that the answer is 431.
- **Times** are RFC 3339. Any offset and up to 9 fractional digits are read; written is UTC with milliseconds.
- **Not reported** is `null`, never 0.
- **Methods.** HEAD is answered wherever GET is.
"""
_READ_ALSO = """
### Where a report's facts are looked for

Controllers of all versions report. A fact is taken from the first of these members that can be read.

"""
_COLUMNS = "| Member | Type | What it is |\n|---|---|---|\n"


def render_reference() -> str:
    """The whole of docs/api.md."""
    parts = [_INTRODUCTION]
    tag = ""
    for operation in OPERATIONS:
        if operation.tag != tag:
            tag = operation.tag
            parts.append(f"\n## {tag}\n")
        parts.append(_operation(operation))
    parts.append("\n## Bodies and answers\n")
    parts.extend(_schema(name, SCHEMAS[name]) for name in SCHEMAS)
    parts.append(_aliases())
    return "".join(parts)


def _operation(operation: Operation) -> str:
    parts = [
        f"### {operation.method} {operation.path}",
        f"{operation.summary}. {_SECURITY[operation.security]}",
        operation.text,
    ]
    if operation.parameters:
        rows = (f"| `{each.name}` | {each.place} | {_cell(each)} |" for each in operation.parameters)
        parts.append("\n".join(("| Parameter | Where | What it is |\n|---|---|---|", *rows)))
    parts.append(f"```\n{curl_of(operation, EXAMPLE_URL)}\n```")
    if operation.body is not None:
        limit = size_of(operation.body.limit_bytes)
        parts.append(f"Body: {_link(operation.body.schema)}, at most {limit}.")
        parts.append(_example(operation.body.example))
    answer = operation.answer
    parts.append(f"Answer: {_link(answer.schema)}" if answer.schema else f"Answer: {_kinds(answer)}")
    parts.append(_example(answer.example))
    statuses = [f"| 200 | {answer.text} |"]
    statuses += [
        f"| {status} {HTTPStatus(status).phrase} | {when} |" for status, when in refusals_of(operation).items()
    ]
    parts.append("\n".join(("| Status | When |\n|---|---|", *statuses)))
    return "\n" + "\n\n".join(parts) + "\n"


def _link(schema: str) -> str:
    return f"[{schema}](#{schema.lower()})"


def _kinds(answer: Answer) -> str:
    return " or ".join(
        filter(None, (", ".join((answer.content_type, *answer.other_types[:-1])), *answer.other_types[-1:]))
    )


def _example(example: Mapping[str, Any] | str) -> str:
    if isinstance(example, str):
        return f"```\n{example}```"
    return f"```json\n{json.dumps(example, ensure_ascii=False, indent=2)}\n```"


def _cell(parameter: Parameter) -> str:
    return parameter.text + _choices(choices_of(parameter.schema))


def _schema(name: str, schema: Schema) -> str:
    rows = "".join(
        f"| `{each.name}` | {_kind(each)} | {each.text}{_choices(each.words)} |\n" for each in members_of(schema)
    )
    return f"\n### {name}\n\n{schema['description']}\n" + (f"\n{_COLUMNS}{rows}" if rows else "")


def _kind(member: Member) -> str:
    return member.kind + (_link(member.schema) if member.schema else "") + (" (required)" if member.is_required else "")


def _choices(words: Iterable[str]) -> str:
    written = ", ".join(f"`{word}`" for word in words)
    return f" One of {written}." if written else ""


def _aliases() -> str:
    rows = [f"| {fact} | {_codes(paths)} |\n" for fact, paths in OF_REPORT.items()]
    rows += [f"| {fact} (of an app) | {_codes(paths)} |\n" for fact, paths in OF_APP.items()]
    return _READ_ALSO + "| Fact | Members, the first one first |\n|---|---|\n" + "".join(rows)


def _codes(paths: Iterable[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths)
