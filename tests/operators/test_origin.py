import pytest

from felhom_hub.operators.origin import is_same_origin, origin_of

TRUSTED = {"https://hub.example"}


@pytest.mark.parametrize(
    ("fetch_site", "origin", "allowed"),
    [
        ("same-origin", "http://10.0.0.5:8080", True),
        ("none", "", True),
        ("", "", True),
        ("", "http://10.0.0.5:8080", True),
        ("", "https://10.0.0.5:8080", True),
        ("", "https://hub.example", True),
        ("", "https://hub.example:443", True),
        ("cross-site", "https://hub.example", True),
        ("", "http://hub.example", False),
        ("", "https://hub.example:8443", False),
        ("", "https://hub.example.evil.example", False),
        ("", "http://10.0.0.5:9090", False),
        ("", "http://10.0.0.5", False),
        ("", "null", False),
        ("", "https://[broken", False),
        ("cross-site", "", False),
        ("same-site", "", False),
        ("cross-site", "http://10.0.0.5:8080", False),
        ("cross-site", "https://evil.example", False),
        ("same-site", "https://evil.hub.example", False),
    ],
)
def test_only_own_pages_and_programs_pass(fetch_site: str, origin: str, allowed: bool) -> None:
    result = is_same_origin(fetch_site=fetch_site, origin=origin, host="10.0.0.5:8080", trusted=TRUSTED)
    assert result is allowed


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Hub.Example/", "https://hub.example"),
        ("https://hub.example:443/a", "https://hub.example"),
        ("http://hub.example:8080", "http://hub.example:8080"),
        ("http://[2001:db8::1]:80", "http://[2001:db8::1]"),
        ("", ""),
        ("null", ""),
        ("http://hub.example:notaport", ""),
    ],
)
def test_an_origin_is_written_as_browsers_do(url: str, origin: str) -> None:
    assert origin_of(url) == origin
