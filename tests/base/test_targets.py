import pytest

from felhom_hub.base.targets import Target, TargetError, target_of


@pytest.mark.parametrize(
    ("url", "target", "place"),
    [
        ("https://felhom.kovacs.hu", Target("https", "felhom.kovacs.hu", 443), "felhom.kovacs.hu"),
        ("HTTPS://Felhom.Kovacs.HU./", Target("https", "felhom.kovacs.hu", 443), "felhom.kovacs.hu"),
        ("https://felhom.kovacs.hu:443/", Target("https", "felhom.kovacs.hu", 443), "felhom.kovacs.hu"),
        ("https://felhom.kovacs.hu:8443/box/1/", Target("https", "felhom.kovacs.hu", 8443, "/box/1"),
         "felhom.kovacs.hu:8443"),
        ("http://box", Target("http", "box", 80), "box"),
        ("http://box:443", Target("http", "box", 443), "box:443"),
        ("https://felhom.Kovács.hu", Target("https", "felhom.xn--kovcs-zqa.hu", 443), "felhom.xn--kovcs-zqa.hu"),
        ("https://felhom.kova\u0301cs.hu", Target("https", "felhom.xn--kovcs-zqa.hu", 443), "felhom.xn--kovcs-zqa.hu"),
        ("https://93.184.216.34", Target("https", "93.184.216.34", 443), "93.184.216.34"),
        ("https://93.184.216.34.:1", Target("https", "93.184.216.34", 1), "93.184.216.34:1"),
        ("https://[2A00:0::1]:65535", Target("https", "2a00::1", 65535), "[2a00::1]:65535"),
        ("https://my_box.kovacs.hu", Target("https", "my_box.kovacs.hu", 443), "my_box.kovacs.hu"),
    ],
)  # fmt: skip
def test_an_address_is_read_into_one_form(url: str, target: Target, place: str) -> None:
    assert target_of(url) == target
    assert target_of(url).place == place


NO_URL = "it needs https:// and a host, and may hold no spaces"
NO_NAME = "its host must be a name or an IP address"
NOT_IN_DNS = "its host is not a name that the DNS knows (IDNA 2008)"
NO_IPV4 = "its IPv4 address must be four decimal numbers"
NO_PORT = "its port must be a number from 1 to 65535"
NO_USER = "it may hold no user or password"
NO_PATH = "its path may hold no query, fragment, backslash or .."


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("", NO_URL),
        ("felhom.kovacs.hu", NO_URL),
        ("//felhom.kovacs.hu", NO_URL),
        ("ftp://felhom.kovacs.hu", NO_URL),
        ("file:///etc/passwd", NO_URL),
        ("https:/felhom.kovacs.hu", NO_URL),
        ("https:\\\\felhom.kovacs.hu", NO_URL),
        (" https://felhom.kovacs.hu", NO_URL),
        ("https://felhom.kovacs.hu/ ", NO_URL),
        ("https://felhom.kovacs.hu\n", NO_NAME),
        ("https://", NO_NAME),
        ("https:///path", NO_NAME),
        ("https://.", NO_NAME),
        ("https://..", NO_NAME),
        ("https://:443", NO_NAME),
        ("https://kovacs.hu..", NO_NAME),
        ("https://.kovacs.hu", NO_NAME),
        ("https://a..kovacs.hu", NO_NAME),
        ("https://-a.kovacs.hu", NO_NAME),
        (f"https://{'a' * 64}.hu", NO_NAME),
        (f"https://{'a.' * 130}hu", NO_NAME),
        ("https://kovacs.hu?x=1", NO_NAME),
        ("https://kovacs.hu#x", NO_NAME),
        ("https://kovacs.hu\\.evil.hu", NO_NAME),
        ("https://kovacs%2ehu", NO_NAME),
        ("https://kovacs.hu\t.evil.hu", NO_NAME),
        ("https://kovacs.hu\0.evil.hu", NO_NAME),
        ("https://user@kovacs.hu", NO_USER),
        ("https://user:word@kovacs.hu", NO_USER),
        ("https://kovacs.hu:443@evil.hu", NO_USER),
        ("https://kovacs.hu\\@evil.hu", NO_USER),
        ("https://kovacs.hu:0", NO_PORT),
        ("https://kovacs.hu:", NO_PORT),
        ("https://kovacs.hu:65536", NO_PORT),
        ("https://kovacs.hu:-1", NO_PORT),
        ("https://kovacs.hu:0443", NO_PORT),
        ("https://kovacs.hu:443:443", NO_PORT),
        ("https://kovacs.hu:\uff14\uff14\uff13", NO_PORT),
        ("https://2130706433", NO_IPV4),
        ("https://0x7f000001", NO_IPV4),
        ("https://0x7f.0.0.1", NO_IPV4),
        ("https://127.0.0.0x1", NO_IPV4),
        ("https://017700000001", NO_IPV4),
        ("https://0177.0.0.1", NO_IPV4),
        ("https://127.0.0.01", NO_IPV4),
        ("https://127.1", NO_IPV4),
        ("https://127.0.0.1.1", NO_IPV4),
        ("https://256.0.0.1", NO_IPV4),
        ("https://evil.1", NO_IPV4),
        ("https://0x", NO_IPV4),
        ("https://\uff11\uff12\uff17.0.0.1", NOT_IN_DNS),
        ("https://127\u30020\u30020\u30021", NOT_IN_DNS),
        ("https://kovacs\uff0ehu", NOT_IN_DNS),
        ("https://kovacs.hu\u2024evil.hu", NOT_IN_DNS),
        ("https://kovacs.hu\uff0fevil.hu", NOT_IN_DNS),
        ("https://ko\u200bvacs.hu", NOT_IN_DNS),
        ("https://ko\u00advacs.hu", NOT_IN_DNS),
        ("https://\u24d4vil.hu", NOT_IN_DNS),
        ("https://\U0001f4a9.hu", NOT_IN_DNS),
        ("https://xn--\u00e1.hu", NOT_IN_DNS),
        ("https://[::1", NO_URL),
        ("https://[::1]evil.hu", NO_URL),
        ("https://[kovacs.hu]", "its IPv6 address cannot be read"),
        ("https://[127.0.0.1]", "its IPv6 address cannot be read"),
        ("https://[]", "its IPv6 address cannot be read"),
        ("https://[fe80::1%eth0]", "its IPv6 address may hold no zone"),
        ("https://[fe80::1%25eth0]", "its IPv6 address may hold no zone"),
        ("https://::1", NO_NAME),
        ("https://kovacs.hu/?x=1", NO_PATH),
        ("https://kovacs.hu/#x", NO_PATH),
        ("https://kovacs.hu/a\\b", NO_PATH),
        ("https://kovacs.hu/a/../b", NO_PATH),
        ("https://kovacs.hu/\u00e1", NO_PATH),
        (f"https://kovacs.hu/{'a' * 2000}", "it is longer than 2000 characters"),
    ],
)
def test_every_unusual_form_is_refused_with_its_rule(url: str, rule: str) -> None:
    with pytest.raises(TargetError) as refused:
        target_of(url)

    assert str(refused.value) == rule
