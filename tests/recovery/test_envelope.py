import pytest

from felhom_hub.base.secrets import NotAuthentic
from felhom_hub.recovery.envelope import compress, open_version, seal_version

BODY = b'{"customer_id": "nagy", "password": "not to be read"}\r\n' + bytes(range(256)) * 40


def test_what_was_sealed_opens_byte_for_byte() -> None:
    envelope = seal_version(compress(BODY), customer_id="nagy", version=3)

    assert open_version(envelope, customer_id="nagy", version=3) == BODY
    assert "not to be read" not in envelope
    assert len(envelope) < len(BODY) / 2


@pytest.mark.parametrize(("customer_id", "version"), [("nagy", 4), ("kiss", 3), ("nagy:3", 3)])
def test_it_opens_for_its_customer_and_version_alone(customer_id: str, version: int) -> None:
    envelope = seal_version(compress(BODY), customer_id="nagy", version=3)

    with pytest.raises(NotAuthentic):
        open_version(envelope, customer_id=customer_id, version=version)
