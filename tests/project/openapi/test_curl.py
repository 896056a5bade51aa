from dataclasses import replace

from felhom_hub.project.openapi.curl import curl_of
from felhom_hub.project.openapi.document import OPERATIONS

BY_ID = {each.operation_id: each for each in OPERATIONS}
HUB = "https://hub.example.org"


def test_what_is_public_is_asked_without_a_key() -> None:
    assert curl_of(BY_ID["readHealth"], HUB) == "curl https://hub.example.org/healthz"


def test_a_body_comes_from_a_file_and_a_key_from_the_shell() -> None:
    assert curl_of(BY_ID["sendReport"], f"{HUB}/").splitlines() == [
        'curl -H "Authorization: Bearer $KEY" \\',
        "  --data-binary @body.json \\",
        "  https://hub.example.org/api/v1/report",
    ]


def test_a_value_of_the_path_is_the_example() -> None:
    assert curl_of(BY_ID["fetchConfig"], HUB).splitlines() == [
        'curl -H "X-Retrieval-Password: $PASSPHRASE" \\',
        "  https://hub.example.org/api/v1/config/kovacs-peter",
    ]


def test_nothing_in_an_address_is_read_by_the_shell() -> None:
    operation = replace(BY_ID["readHealth"], path="/$(id)")

    assert curl_of(operation, HUB) == "curl 'https://hub.example.org/$(id)'"
