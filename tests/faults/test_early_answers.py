"""A request that is refused before its body is here: the client gets to read why, and may go on."""

import pytest
from tests.servers.clients import chunked, request_bytes, talk
from tests.servers.hub import API_KEY, Hub

REPORT = "/api/v1/report"
SMALL = b'{"customer_id": "early"}'
FOUR_MIB = b" " * (4 * 1024 * 1024)
NEXT = request_bytes("POST", REPORT, SMALL, key=API_KEY)

REFUSED = {
    "no key": (401, request_bytes("POST", REPORT, FOUR_MIB)),
    "another method": (405, request_bytes("PUT", REPORT, FOUR_MIB, key=API_KEY)),
    "one byte too long": (413, request_bytes("POST", REPORT, FOUR_MIB + b" ", key=API_KEY)),
    "one byte too long, in chunks": (
        413,
        request_bytes("POST", REPORT, key=API_KEY, transfer_encoding="chunked") + chunked(FOUR_MIB + b" ", 65536),
    ),
    "encoding that nobody reads": (415, request_bytes("POST", REPORT, FOUR_MIB, key=API_KEY, content_encoding="br")),
}


@pytest.mark.parametrize("case", REFUSED)
def test_client_that_reads_only_after_sending_everything_gets_the_answer_and_its_connection_stays(
    hub: Hub, case: str
) -> None:
    status, refused = REFUSED[case]

    heard = talk(hub.port, refused + NEXT, answers=2, read_late=True)

    assert (heard.statuses, heard.ended) == ([status, 200], "open")
    assert heard.answers[0].document["ok"] is False


@pytest.mark.parametrize("case", REFUSED)
def test_client_that_wants_the_connection_closed_gets_the_answer_before_its_end(hub: Hub, case: str) -> None:
    status, refused = REFUSED[case]
    closing = refused.replace(b"\r\n", b"\r\nconnection: close\r\n", 1)

    heard = talk(hub.port, closing, answers=2, read_late=True)

    assert (heard.statuses, heard.ended, heard.unsent) == ([status], "closed", 0)


def test_http_1_0_client_gets_the_answer_before_the_end(hub: Hub) -> None:
    refused = REFUSED["no key"][1].replace(b"HTTP/1.1", b"HTTP/1.0", 1)

    heard = talk(hub.port, refused, answers=2, read_late=True)

    assert (heard.statuses, heard.ended, heard.unsent) == ([401], "closed", 0)


def test_refused_body_without_end_is_not_read_for_ever(hub: Hub) -> None:
    endless = request_bytes("POST", REPORT, key=API_KEY, transfer_encoding="chunked")
    endless += b"100000\r\n%b\r\n" % (b" " * 0x100000) * 32

    heard = talk(hub.port, endless, answers=2)

    # A reset where the hub's kernel held unread bytes at that moment, a plain end where it had just been emptied.
    assert heard.statuses == [413]
    assert heard.ended in {"reset", "closed"}
    assert heard.unsent > 8 * 1024 * 1024


def test_client_that_waits_for_100_continue_hears_the_refusal_without_sending(hub: Hub) -> None:
    asking = request_bytes("POST", REPORT, content_length="1000", expect="100-continue")

    heard = talk(hub.port, asking)

    assert heard.statuses == [401]


def test_client_that_waits_for_100_continue_is_told_to_go_on(hub: Hub) -> None:
    asking = request_bytes("POST", REPORT, SMALL, key=API_KEY, expect="100-continue")

    assert talk(hub.port, asking).statuses == [200]


def test_client_that_ends_its_own_side_behind_the_request_gets_its_answer(hub: Hub) -> None:
    heard = talk(hub.port, NEXT, answers=2, half_close=True)

    assert (heard.statuses, heard.ended) == ([200], "closed")


def test_client_that_ends_its_side_behind_pipelined_requests_gets_all_answers(hub: Hub) -> None:
    heard = talk(hub.port, NEXT * 5, answers=6, half_close=True)

    assert (heard.statuses, heard.ended) == ([200] * 5, "closed")


def test_client_that_ends_its_side_within_a_body_is_let_go_without_an_answer(hub: Hub) -> None:
    heard = talk(hub.port, NEXT[:-5], half_close=True)

    assert (heard.statuses, heard.ended) == ([], "closed")
