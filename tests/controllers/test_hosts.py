import pytest

from felhom_hub.base.targets import Target
from felhom_hub.controllers.hosts import HostNotTrusted, is_under, trusted_target


@pytest.mark.parametrize(
    ("host", "domain", "is_trusted"),
    [
        ("kovacs.example.hu", "kovacs.example.hu", True),
        ("felhom.kovacs.example.hu", "kovacs.example.hu", True),
        ("a.b.kovacs.example.hu", "Kovacs.Example.hu.", True),
        ("felhom.xn--kovcs-zqa.hu", "kovács.hu", True),
        ("felhom.xn--kovcs-zqa.hu", "xn--kovcs-zqa.hu", True),
        ("example.hu", "kovacs.example.hu", False),
        ("evilkovacs.example.hu", "kovacs.example.hu", False),
        ("kovacs.example.hu.evil.hu", "kovacs.example.hu", False),
        ("kovacs.example.huu", "kovacs.example.hu", False),
        ("felhom.kovacs.hu", "kovács.hu", False),
        ("felhom.xn--kovcs-zqa.hu", "kovacs.hu", False),
        ("kovacs.example.hu", "", False),
        ("kovacs.example.hu", ".", False),
        ("kovacs.example.hu", "hu", False),  # nobody's own
        ("10.0.0.5", "10.0.0.5", False),
        ("10.0.0.5", "0.5", False),
        ("2a00::1", "2a00::1", False),
        ("2a00::1", "[2a00::1]", False),
    ],
)
def test_a_host_lies_under_a_domain_by_whole_labels(host: str, domain: str, *, is_trusted: bool) -> None:
    assert is_under(host, domain) is is_trusted


DOMAIN = "kovacs.example.hu"
CONFIRMED = {("gw.provider.hu", 8443), ("93.184.216.34", 443)}


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://FELHOM.kovacs.example.hu./", Target("https", "felhom.kovacs.example.hu", 443)),
        ("https://felhom.kovacs.example.hu:8443", Target("https", "felhom.kovacs.example.hu", 8443)),
        ("https://GW.provider.hu:8443/a", Target("https", "gw.provider.hu", 8443, "/a")),
        ("https://93.184.216.34", Target("https", "93.184.216.34", 443)),
    ],
)
def test_the_domain_and_confirmed_hosts_are_trusted(url: str, target: Target) -> None:
    assert trusted_target(url, domain=DOMAIN, confirmed=CONFIRMED) == target


@pytest.mark.parametrize(
    ("url", "place", "sentence"),
    [
        ("https://evil.hu", ("evil.hu", 443),
         "evil.hu does not lie under kovacs.example.hu, so it has to be confirmed first."),
        ("https://gw.provider.hu", ("gw.provider.hu", 443),
         "gw.provider.hu does not lie under kovacs.example.hu, so it has to be confirmed first."),
        ("https://a.gw.provider.hu:8443", ("a.gw.provider.hu", 8443),
         "a.gw.provider.hu:8443 does not lie under kovacs.example.hu, so it has to be confirmed first."),
        ("https://kovacs.example.hu@evil.hu", None,
         "The controller's address cannot be called: it may hold no user or password."),
        ("", None, "The controller's address cannot be called: it needs https:// and a host, and may hold no spaces."),
    ],
)  # fmt: skip
def test_any_other_host_is_refused_with_what_can_be_confirmed(
    url: str, place: tuple[str, int] | None, sentence: str
) -> None:
    with pytest.raises(HostNotTrusted) as refused:
        trusted_target(url, domain=DOMAIN, confirmed=CONFIRMED)

    assert (refused.value.place, refused.value.sentence) == (place, sentence)


def test_without_a_domain_a_host_has_to_be_confirmed() -> None:
    with pytest.raises(HostNotTrusted) as refused:
        trusted_target("https://felhom.kovacs.example.hu", domain="", confirmed=CONFIRMED)

    assert refused.value.sentence == (
        "The customer has no domain entered here, so felhom.kovacs.example.hu has to be confirmed first."
    )
