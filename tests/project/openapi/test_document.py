from felhom_hub import __version__
from felhom_hub.project.openapi import examples
from felhom_hub.project.openapi.document import openapi_document, refusals_of, size_of
from felhom_hub.project.openapi.operation import Answer, Operation, RequestBody

READING = Operation(
    method="GET",
    path="/things",
    operation_id="readThings",
    tag="Read",
    summary="Things",
    text="All of them.",
    security="public",
    answer=Answer("The things.", "Alive", examples.STORED),
)
TAKING = Operation(
    method="POST",
    path="/things",
    operation_id="sendThing",
    tag="Intake",
    summary="A thing",
    text="One.",
    security="key",
    body=RequestBody("Event", 256 * 1024, {}),
    answer=Answer("It is stored.", "EventAnswer", examples.STORED),
    refusals={422: "Impossible.", 400: "Unreadable."},
)


def test_public_operation_refuses_wrong_methods_only() -> None:
    assert list(refusals_of(READING)) == [405]


def test_operation_with_key_and_body_has_the_refusals_of_both_in_order() -> None:
    assert list(refusals_of(TAKING)) == [400, 401, 405, 408, 413, 415, 422]


def test_refusal_for_size_names_the_operations_limit() -> None:
    assert refusals_of(TAKING)[413] == "The body, or its expanded form, is larger than 256 KiB."


def test_sizes_are_written_as_people_do() -> None:
    assert [size_of(1024), size_of(256 * 1024), size_of(4 * 1024**2)] == ["1 KiB", "256 KiB", "4 MiB"]


def test_document_names_version_and_server() -> None:
    document = openapi_document(server_url="https://hub.example.org")

    assert (document["openapi"], document["info"]["version"]) == ("3.1.0", __version__)
    assert document["servers"] == [{"url": "https://hub.example.org"}]


def test_document_without_a_known_address_is_relative() -> None:
    assert openapi_document()["servers"] == [{"url": "/"}]


def test_refusals_carry_their_headers() -> None:
    answers = openapi_document()["paths"]["/api/v1/report"]["post"]["responses"]

    headers = {status: list(answer.get("headers", {})) for status, answer in answers.items()}

    assert {status: names for status, names in headers.items() if names} == {
        "401": ["WWW-Authenticate"],
        "405": ["Allow"],
        "503": ["Retry-After"],
    }


def test_metrics_are_described_as_open_without_a_key() -> None:
    metrics = openapi_document()["paths"]["/metrics"]["get"]

    assert metrics["security"] == [{"bearerKey": []}, {}]


def test_a_yaml_file_is_described_as_the_mapping_that_its_reader_gets() -> None:
    answer = openapi_document()["paths"]["/api/v1/config/{customer_id}"]["get"]["responses"]["200"]

    assert answer["content"]["application/x-yaml"]["schema"] == {"type": "object"}
