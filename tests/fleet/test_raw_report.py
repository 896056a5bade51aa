from hashlib import sha256

import pytest
from tests.build import NOW

from felhom_hub.fleet.raw_report import MAX_SHOWN, raw_report


def test_it_is_laid_out_and_measured() -> None:
    body = '{"a":1.10,"b":[true,null],"név":"Kovács","big":123456789012345678901234567890e400}'.encode()

    found = raw_report(body, NOW)

    assert found.text == (
        '{\n  "a": 1.10,\n  "b": [\n    true,\n    null\n  ],\n  "név": "Kovács",\n'
        '  "big": 123456789012345678901234567890e400\n}'
    )
    assert (found.size, found.sha256, found.is_cut) == (len(body), sha256(body).hexdigest(), False)
    assert found.received_at == NOW


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe{}", b"[" * 100_000, b"not json"])
def test_what_is_no_json_is_shown_as_it_is(body: bytes) -> None:
    assert raw_report(body, NOW).text == body.decode("utf-8", "replace")


def test_what_cannot_be_seen_is_written_out() -> None:
    found = raw_report('{"a":"x\u202ey\u200b\x7f\u2066"}'.encode(), NOW)

    assert found.text == '{\n  "a": "x\\u202ey\\u200b\\u007f\\u2066"\n}'


def test_a_large_one_is_cut_at_the_end_of_a_line() -> None:
    body = ("[" + ",".join(["1234567"] * 40_000) + "]").encode()

    found = raw_report(body, NOW)

    assert found.is_cut
    assert MAX_SHOWN - 100 < len(found.text) <= MAX_SHOWN
    assert found.text.endswith("  1234567,")


def test_one_long_line_is_cut_as_well() -> None:
    found = raw_report(b"x" * (MAX_SHOWN + 5), NOW)

    assert (len(found.text), found.is_cut) == (MAX_SHOWN, True)
