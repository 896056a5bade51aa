"""The description of the API is true: it is complete, hangs together, and the real hub answers as it says."""

import json
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from ruamel.yaml import YAML
from tests.servers.clients import Answer
from tests.servers.hub import API_KEY
from tests.servers.signed import signed_headers
from tests.structure.callers import OWN, Site
from tests.structure.routes import api_paths
from tests.structure.schema import misfits, resolved
from tests.structure.test_access import MATRIX

from felhom_hub.project.openapi.document import OPERATIONS, openapi_document
from felhom_hub.project.openapi.operation import Operation

DOCUMENT: dict[str, Any] = json.loads(json.dumps(openapi_document()))
HTTP_METHODS = {"get", "post", "put", "patch", "delete"}


def described() -> list[tuple[str, str]]:
    """Every method and path of the document."""
    return [(method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item]


def answer_schema(operation: Operation, status: int = 200) -> dict[str, Any]:
    answers = DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]
    content: dict[str, Any] = answers[str(status)]["content"]
    schema: dict[str, Any] = next(iter(content.values()))["schema"]
    return schema


def walk(part: Any, where: str = "#") -> Iterator[tuple[str, Any]]:
    """Everything in the document with its place."""
    yield where, part
    members = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, member in members:
        yield from walk(member, f"{where}/{name}")


def test_every_endpoint_is_described_and_nothing_else() -> None:
    assert sorted(described()) == sorted((method, route) for method, route in MATRIX if route in api_paths())


def test_every_reference_leads_somewhere() -> None:
    references = {part["$ref"] for _, part in walk(DOCUMENT) if isinstance(part, dict) and "$ref" in part}

    targets = [resolved({"$ref": reference}, DOCUMENT) for reference in references]

    assert references
    assert all(target["type"] == "object" for target in targets)


def test_every_schema_is_used() -> None:
    written = json.dumps(DOCUMENT["paths"]) + json.dumps(DOCUMENT["components"]["schemas"])

    assert [name for name in DOCUMENT["components"]["schemas"] if f'"#/components/schemas/{name}"' not in written] == []


def test_every_path_has_operations_with_answers() -> None:
    for path, item in DOCUMENT["paths"].items():
        assert set(item) <= HTTP_METHODS, path
        for operation in item.values():
            assert {"operationId", "summary", "description", "security", "responses"} <= set(operation), path
            assert "200" in operation["responses"], path
            assert all(answer["content"] for answer in operation["responses"].values()), path
    names = [operation["operationId"] for item in DOCUMENT["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))


def test_path_parameters_are_those_of_the_path() -> None:
    for operation in OPERATIONS:
        in_path = {each.name for each in operation.parameters if each.place == "path"}
        assert in_path == {part[1:-1] for part in operation.path.split("/") if part.startswith("{")}


def test_every_refusal_has_the_one_error_shape() -> None:
    error = {"$ref": "#/components/schemas/Error"}
    for item in DOCUMENT["paths"].values():
        for operation in item.values():
            refusals = {status: answer for status, answer in operation["responses"].items() if status != "200"}
            assert all(refusal["content"]["application/json"]["schema"] == error for refusal in refusals.values())


def test_security_is_what_the_matrix_says() -> None:
    public = {(each.method, each.path) for each in OPERATIONS if each.security == "public"}

    assert public == {cell for cell in described() if MATRIX[cell][0] == 200}


def test_statuses_of_the_matrix_are_described() -> None:
    for method, path in described():
        expected = {str(status) for status in MATRIX[method, path]}
        assert expected <= set(DOCUMENT["paths"][path][method.lower()]["responses"]), path


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.operation_id)
def test_examples_fit_their_schemas(operation: Operation) -> None:
    if operation.body is not None:
        schema = DOCUMENT["components"]["schemas"][operation.body.schema]
        assert misfits(operation.body.example, schema, DOCUMENT) == []
        assert set(operation.body.example) <= set(schema["properties"])
    example = operation.answer.example
    if operation.answer.content_type.endswith("yaml"):
        example = YAML(typ="safe").load(str(example))
    assert misfits(example, answer_schema(operation), DOCUMENT) == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.operation_id)
def test_hub_takes_the_example_and_answers_as_described(site: Site, operation: Operation) -> None:
    for prepared in OPERATIONS:  # so that there is something to read
        if prepared.body is not None:
            assert exchange(site, prepared).status == 200

    answer = exchange(site, operation)

    assert answer.status == 200
    content = DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]["200"]["content"]
    assert answer.headers["content-type"].partition(";")[0] in content
    if operation.answer.schema is not None:
        assert misfits(answer.document, answer_schema(operation), DOCUMENT) == []


def exchange(site: Site, operation: Operation) -> Answer:
    """The operation's own example, sent with the global key, or signed as another call each time."""
    path = operation.path.format(**{each.name: each.example for each in operation.parameters if each.place == "path"})
    body = None if operation.body is None else json.dumps(operation.body.example).encode()
    if operation.security == "signature" and body is not None:
        return site.exchange(operation.method, path, body, signed_headers(body, call_id=f"msg_{uuid.uuid4()}"))
    if operation.security == "passphrase":
        site.unlock(OWN)
        return site.exchange(operation.method, path, body, {"X-Retrieval-Password": quote(site.passphrase)})
    if operation.security == "own key":
        site.want_config(OWN)
        return site.take_config()
    return site.hub.request(operation.method, path, body)


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.body], ids=lambda each: each.operation_id)
def test_answer_to_the_example_is_the_documented_one(site: Site, operation: Operation) -> None:
    answer = exchange(site, operation).document

    # How many versions there are, and what is wanted of the box, depends on what other tests have asked for.
    answer.pop("pending", None)
    expected: dict[str, Any] = json.loads(json.dumps(operation.answer.example))
    if "version" in expected:
        expected["version"] = answer["version"]
    assert answer == expected


@pytest.mark.parametrize(
    ("operation", "query"),
    [(each, part.name) for each in OPERATIONS for part in each.parameters if part.place == "query"],
    ids=lambda each: each.operation_id if isinstance(each, Operation) else each,
)
def test_query_parameters_are_read_as_described(site: Site, operation: Operation, query: str) -> None:
    parameter = next(each for each in operation.parameters if each.name == query)
    path = operation.path.format(customer_id=OWN)
    if operation.operation_id == "fetchInfraBackup":
        assert exchange(site, next(each for each in OPERATIONS if each.operation_id == "sendInfraBackup")).status == 200

    assert site.hub.get(f"{path}?{query}={parameter.example}").status == 200
    for word in parameter.schema.get("enum", ()):
        assert site.hub.get(f"{path}?{query}={word}").status == 200


@pytest.mark.parametrize(("query", "refused"), [("status", "nope"), ("limit", "0"), ("cursor", "../x")])
def test_query_that_the_hub_refuses_breaks_the_described_rule(site: Site, query: str, refused: str) -> None:
    operation = next(each for each in OPERATIONS if each.operation_id == "listCustomers")
    parameter = next(each for each in operation.parameters if each.name == query)
    value = int(refused) if parameter.schema.get("type") == "integer" else refused

    assert misfits(value, parameter.schema, DOCUMENT)
    assert site.hub.get(f"{operation.path}?{query}={refused}").status == 422
    assert query in operation.refusals[422]


def test_version_of_a_backup_has_the_described_bounds(site: Site) -> None:
    operation = next(each for each in OPERATIONS if each.operation_id == "fetchInfraBackup")
    schema = next(each.schema for each in operation.parameters if each.name == "version")
    path = operation.path.format(customer_id=OWN)

    found = [site.hub.get(f"{path}?version={schema['maximum'] + beyond}").status for beyond in (0, 1)]

    assert found == [404, 422]


def test_a_backup_of_any_members_is_answered_as_described(site: Site) -> None:
    operation = next(each for each in OPERATIONS if each.operation_id == "fetchInfraBackup")
    odd = {"customer_id": OWN, "controller_yaml": False, "restic_passwords": [None]}
    assert site.hub.post("/api/v1/infra-backup", json.dumps(odd).encode()).status == 200

    document = site.hub.get(operation.path.format(customer_id=OWN)).document

    assert document == odd
    assert misfits(document, answer_schema(operation), DOCUMENT) == []


def test_document_is_served_as_it_is_made(site: Site) -> None:
    answer = site.hub.get("/api/v1/openapi.json", key=None)

    assert answer.document == DOCUMENT
    assert API_KEY not in answer.body.decode()
