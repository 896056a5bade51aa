"""What is said of one operation of the API; the words of OpenAPI 3.1 are left to `document.py`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Schema = Mapping[str, Any]
Security = Literal["public", "key", "key or loopback", "own key", "signature", "passphrase"]


@dataclass(frozen=True)
class Parameter:
    """One value in the path or after the question mark; the ones in the path are required, the others are not."""

    name: str
    place: Literal["path", "query"]
    schema: Schema
    text: str
    example: str


@dataclass(frozen=True)
class RequestBody:
    """A JSON object that is sent, of the named schema, with the largest size that is read."""

    schema: str
    limit_bytes: int
    example: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a 200 brings: a JSON object of the named schema, or text of another content type."""

    text: str
    schema: str | None
    example: Mapping[str, Any] | str
    content_type: str = "application/json"
    other_types: tuple[str, ...] = ()  # what it may be instead


@dataclass(frozen=True)
class Operation:
    """One method of one path. `refusals` names when each status comes; those of every operation are added later."""

    method: Literal["GET", "POST"]
    path: str
    operation_id: str
    tag: str
    summary: str
    text: str
    security: Security
    answer: Answer
    body: RequestBody | None = None
    parameters: tuple[Parameter, ...] = ()
    refusals: Mapping[int, str] = field(default_factory=dict)
