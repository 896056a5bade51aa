from felhom_hub.notify.channels.webhook.signature import signature_of

# Made with `printf 'id-1.1700000000.{}' | openssl dgst -sha256 -hmac 'a secret' -binary | base64`.
EXPECTED = "v1,j24fgIKzadnW82oTs3eqvPwy+n0MQj5VQu+TjKlAbeA="


def test_the_signature_is_over_id_time_and_body() -> None:
    assert signature_of("a secret", key="id-1", timestamp=1_700_000_000, body=b"{}") == EXPECTED


def test_each_part_changes_it() -> None:
    others = {
        signature_of("another", key="id-1", timestamp=1_700_000_000, body=b"{}"),
        signature_of("a secret", key="id-2", timestamp=1_700_000_000, body=b"{}"),
        signature_of("a secret", key="id-1", timestamp=1_700_000_001, body=b"{}"),
        signature_of("a secret", key="id-1", timestamp=1_700_000_000, body=b"{ }"),
        EXPECTED,
    }

    assert len(others) == 5
