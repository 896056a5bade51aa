import pytest

from felhom_hub.configs.reported import domain_in


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://felhom.kovacs.example.hu", "kovacs.example.hu"),
        ("https://felhom.Kovacs.example.hu:8443/path", "kovacs.example.hu"),
        ("http://kovacs.example.hu", "kovacs.example.hu"),
        ("https://felhom.hu", "felhom.hu"),
        ("https://192.168.1.5:8080", ""),
        ("http://localhost", ""),
        ("https://[::1", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_domain_is_that_of_the_controllers_address(url: str | None, domain: str) -> None:
    assert domain_in(url) == domain
