import pytest
from tests.servers.names import resolving_to
from tests.servers.pages import Page, running_pages

from felhom_hub.base import outbound
from felhom_hub.base.known_hosts import basic, get, header_of, is_same_place
from felhom_hub.base.outbound import AddressRefused, Answer
from felhom_hub.base.targets import Target


def test_a_server_on_this_machine_is_called_over_http() -> None:
    with running_pages() as pages:
        pages.answer = lambda path, _headers: Page(200, path.encode())
        answer = get(Target("http", "127.0.0.1", pages.port, "/v2"), "/a?b=c", {"X-Asked": "yes"})

    assert (answer.status, answer.body) == (200, b"/v2/a?b=c")
    assert pages.requests[0][1]["x-asked"] == "yes"


def test_http_goes_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "resolve", resolving_to("192.168.1.7"))

    with pytest.raises(AddressRefused):
        get(Target("http", "localhost", 80), "/", {})


def test_a_name_and_a_password_are_written_in_utf_8() -> None:
    assert basic("hub", "pässword") == "Basic aHViOnDDpHNzd29yZA=="


def test_headers_are_found_however_they_are_written() -> None:
    answer = Answer(200, b"", {"www-Authenticate": "Basic"})

    assert (header_of(answer, "WWW-Authenticate"), header_of(answer, "Link")) == ("Basic", "")


def test_a_place_is_scheme_host_and_port() -> None:
    here = Target("https", "git.example.hu", 443, "/v2")

    assert is_same_place(here, Target("https", "git.example.hu", 443, "/other"))
    assert not is_same_place(here, Target("https", "git.example.hu", 8443))
    assert not is_same_place(here, Target("http", "git.example.hu", 443))
    assert not is_same_place(here, Target("https", "auth.git.example.hu", 443))
