from ipaddress import ip_network
from urllib.parse import quote

import pytest
from pytest_django import Settings
from tests.operators.site import with_server

from felhom_hub.configs.knock import counted_address, passphrase_of

WORDS = "alma-kerék-madár-felhő"


@pytest.mark.parametrize("header", [WORDS.encode().decode("latin-1"), quote(WORDS), WORDS])
def test_a_passphrase_is_read_raw_or_percent_encoded(header: str) -> None:
    assert passphrase_of(header) == WORDS


def test_a_trusted_proxy_is_nobodys_address(settings: Settings) -> None:
    with_server(settings, trusted_proxies=(ip_network("10.0.0.0/8"),))

    assert [counted_address(each) for each in ("10.1.2.3", "203.0.113.9")] == ["", "203.0.113.9"]
