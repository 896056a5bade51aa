import socket

import pytest
from tests.controller.loopback import LoopbackHub, Request, Told, running_hub

from felhom_controller.client import Answer, HubClient, HubError, checked_hub_url

KEY = "very-secret-key"


def _failure(hub: LoopbackHub) -> HubError:
    with pytest.raises(HubError) as caught:
        HubClient(hub.url).post_report(b"{}", key=KEY)
    assert KEY not in str(caught.value)
    return caught.value


def test_a_report_is_posted_with_its_bytes_and_key(hub: LoopbackHub) -> None:
    assert HubClient(hub.url).post_report(b'{"a": 1}', key=KEY) == Answer(customer_blocked=False, pending={})
    assert hub.requests == [Request("/api/v1/report", f"Bearer {KEY}", b'{"a": 1}')]


def test_an_event_is_posted_under_the_path_of_the_hub(hub: LoopbackHub) -> None:
    HubClient(hub.url + "/behind/a/proxy/").post_event(b"{}", key=KEY)
    assert [request.path for request in hub.requests] == ["/behind/a/proxy/api/v1/event"]


def test_a_snapshot_is_posted_with_its_bytes_and_key(hub: LoopbackHub) -> None:
    HubClient(hub.url).post_snapshot(b'{"customer_id": "a"}', key="k")
    (request,) = hub.requests
    assert (request.path, request.authorization, request.body) == (
        "/api/v1/infra-backup",
        "Bearer k",
        b'{"customer_id": "a"}',
    )


def test_the_answer_tells_of_a_block_and_of_wishes(hub: LoopbackHub) -> None:
    hub.usual = Told(body=b'{"ok": true, "customer_blocked": true, "pending": {"update_to": "v0.30.2"}}')
    answer = HubClient(hub.url).post_report(b"{}", key=KEY)
    assert answer == Answer(customer_blocked=True, pending={"update_to": "v0.30.2"})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 422])
def test_a_refusal_is_permanent_and_says_what_the_hub_said(hub: LoopbackHub, status: int) -> None:
    hub.usual = Told(status, b'{"ok": false, "error": "customer_id must be text"}')
    error = _failure(hub)
    assert (error.status, error.is_permanent) == (status, True)
    assert str(error) == f"the hub answered {status}: customer_id must be text"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_passing_failure_is_not_permanent(hub: LoopbackHub, status: int) -> None:
    hub.usual = Told(status, b"<html>", {"Retry-After": "17"})
    error = _failure(hub)
    assert (error.status, error.is_permanent, error.retry_after) == (status, False, 17)
    assert str(error) == f"the hub answered {status}"


@pytest.mark.parametrize("body", [b"<html>Sign in to the network</html>", b"", b"[]", b'{"ok": false}', b'{"ok": 1}'])
def test_a_captive_portal_is_not_taken_for_the_hub(hub: LoopbackHub, body: bytes) -> None:
    hub.usual = Told(200, body)
    error = _failure(hub)
    assert (error.is_permanent, str(error)) == (False, "something answered 200, but not as a hub does; is --hub right?")


def test_a_hub_that_hangs_up_may_be_tried_again(hub: LoopbackHub) -> None:
    hub.usual = Told(0)
    error = _failure(hub)
    assert (error.status, error.is_permanent) == (None, False)


def test_a_hub_that_is_down_is_named_in_plain_words() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(HubError) as caught:
            HubClient(url).post_report(b"{}", key=KEY)
    assert str(caught.value) == f"the hub at {url} cannot be reached: Connection refused"
    assert caught.value.is_permanent is False


def test_the_key_goes_to_no_other_host(hub: LoopbackHub) -> None:
    with running_hub() as other:
        hub.usual = Told(307, b"", {"Location": f"{other.url}/api/v1/report"})
        error = _failure(hub)
        assert other.requests == []
    assert error.is_permanent is False
    assert "redirects to http://127.0.0.1, which is not followed" in str(error)


def test_a_redirect_on_the_same_host_is_followed(hub: LoopbackHub) -> None:
    hub.next_answers.append(Told(308, b"", {"Location": "/hub/api/v1/report"}))
    HubClient(hub.url).post_report(b"{}", key=KEY)
    assert [request.path for request in hub.requests] == ["/api/v1/report", "/hub/api/v1/report"]


def test_redirects_in_a_circle_end(hub: LoopbackHub) -> None:
    hub.usual = Told(307, b"", {"Location": "/api/v1/report"})
    assert str(_failure(hub)) == "the hub redirected more than 3 times"


def test_an_endless_answer_is_cut(hub: LoopbackHub) -> None:
    hub.usual = Told(503, b"x" * 1_000_000)
    assert _failure(hub).status == 503


def test_connections_are_kept(hub: LoopbackHub) -> None:
    client = HubClient(hub.url)
    for _ in range(5):
        client.post_report(b"{}", key=KEY)
    client.close()
    assert (len(hub.requests), hub.connections) == (5, 1)


@pytest.mark.parametrize(
    "text",
    ["hub.example.hu", "ftp://hub", "https://", "http://[::1", "http://hub:port", "https://u:p@hub", "http://h/?a=1"],
)
def test_an_impossible_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        checked_hub_url(text)


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_is_nested_too_deep_is_a_failure_like_any_other(hub: LoopbackHub, status: int) -> None:
    hub.usual = Told(status, b"[" * 60_000)
    assert (_failure(hub).status, _failure(hub).is_permanent) == (status, False)


def test_a_redirect_to_no_address_is_a_failure_like_any_other(hub: LoopbackHub) -> None:
    hub.usual = Told(308, b"", {"Location": "http://[::1"})
    assert str(_failure(hub)) == f"the hub at {hub.url} redirects to what is no address"


def test_a_download_brings_its_bytes_and_never_more_than_the_limit(hub: LoopbackHub) -> None:
    hub.pages["/file"] = Told(body=b"x" * 200_000)
    client = HubClient(hub.url)

    assert client.download("/file", key=KEY, limit_bytes=200_000) == b"x" * 200_000
    assert hub.downloads == [("/file", f"Bearer {KEY}")]
    with pytest.raises(HubError, match="more than 199999 bytes"):
        client.download("/file", key=KEY, limit_bytes=199_999)


def test_a_download_that_is_not_there_says_what_the_hub_said(hub: LoopbackHub) -> None:
    with pytest.raises(HubError) as caught:
        HubClient(hub.url).download("/none", key=KEY, limit_bytes=10)
    assert (str(caught.value), caught.value.status) == ("the hub answered 404: not here", 404)
    assert caught.value.is_permanent


def test_the_key_follows_no_download_to_another_host(hub: LoopbackHub) -> None:
    with running_hub() as other:
        hub.pages["/file"] = Told(307, b"", {"Location": f"{other.url}/file"})
        with pytest.raises(HubError, match="is not followed"):
            HubClient(hub.url).download("/file", key=KEY, limit_bytes=10)
        assert other.downloads == []


def test_a_recovery_brings_the_passphrase_percent_encoded_and_no_key(hub: LoopbackHub) -> None:
    hub.pages["/api/v1/recovery/nagy"] = Told(body=b"{}")

    assert HubClient(hub.url).recover("nagy", passphrase="alma-kerék felhő") == b"{}"
    HubClient(hub.url).recover("nagy", passphrase="a", drill_mark="m")
    assert hub.downloads == [("/api/v1/recovery/nagy", None)] * 2
    assert hub.own_headers == [
        {"X-Retrieval-Password": "alma-ker%C3%A9k%20felh%C5%91"},
        {"X-Retrieval-Password": "a", "X-Recovery-Drill": "m"},
    ]


def test_a_passphrase_goes_to_no_other_host(hub: LoopbackHub) -> None:
    with running_hub() as other:
        hub.pages["/api/v1/recovery/nagy"] = Told(307, b"", {"Location": f"{other.url}/api/v1/recovery/nagy"})
        with pytest.raises(HubError, match="is not followed"):
            HubClient(hub.url).recover("nagy", passphrase="alma")
        assert other.own_headers == []
