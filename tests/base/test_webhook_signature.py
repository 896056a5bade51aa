from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from felhom_hub.base.errors import Unauthorized
from felhom_hub.base.webhook_signature import WINDOW, secret_key, signature_of, signed_at

# Made with `printf 'id-1.1700000000.{}' | openssl dgst -sha256 -hmac 'a secret' -binary | base64`.
EXPECTED = "v1,j24fgIKzadnW82oTs3eqvPwy+n0MQj5VQu+TjKlAbeA="
# The example of docs.svix.com, "Verifying payloads manually".
SECRET = secret_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
CALL: dict[str, Any] = {
    "key": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "timestamp": "1614265330",
    "signatures": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    "body": b'{"test": 2432232314}',
}
SIGNED = datetime.fromtimestamp(1_614_265_330, UTC)


def refusal(now: datetime = SIGNED, **changed: Any) -> str:
    with pytest.raises(Unauthorized) as raised:
        signed_at(SECRET, **{**CALL, **changed}, now=now)
    return raised.value.sentence


def test_the_signature_is_over_id_time_and_body() -> None:
    assert signature_of(b"a secret", key="id-1", timestamp=1_700_000_000, body=b"{}") == EXPECTED


def test_each_part_changes_it() -> None:
    others = {
        signature_of(b"another", key="id-1", timestamp=1_700_000_000, body=b"{}"),
        signature_of(b"a secret", key="id-2", timestamp=1_700_000_000, body=b"{}"),
        signature_of(b"a secret", key="id-1", timestamp=1_700_000_001, body=b"{}"),
        signature_of(b"a secret", key="id-1", timestamp=1_700_000_000, body=b"{ }"),
        EXPECTED,
    }

    assert len(others) == 5


def test_the_documented_call_is_taken() -> None:
    assert signed_at(SECRET, **CALL, now=SIGNED) == SIGNED


def test_one_of_several_signatures_is_enough() -> None:
    signatures = f"v1,AAAA v2,BBBB {CALL['signatures']}"

    assert signed_at(SECRET, **{**CALL, "signatures": signatures}, now=SIGNED) == SIGNED


@pytest.mark.parametrize("now", [SIGNED - WINDOW, SIGNED + WINDOW])
def test_clocks_may_differ_by_five_minutes(now: datetime) -> None:
    assert signed_at(SECRET, **CALL, now=now) == SIGNED


@pytest.mark.parametrize("away", [WINDOW + timedelta(seconds=1), -WINDOW - timedelta(seconds=1), timedelta(days=400)])
def test_what_was_signed_at_another_time_is_refused(away: timedelta) -> None:
    assert refusal(SIGNED + away) == "The signature is more than 5 minutes away from the hub's clock"


@pytest.mark.parametrize(
    "changed",
    [
        {"body": b'{"test": 2432232315}'},
        {"body": b'{"test":2432232314}'},
        {"key": "msg_p5jXN8AQM9LWM0D4loKWxJel"},
        {"timestamp": "1614265331"},
        {"signatures": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1Oe="},
        {"signatures": "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"signatures": "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"signatures": ""},
        {"signatures": "v1,é"},
    ],
)
def test_a_wrong_signature_is_refused(changed: dict[str, Any]) -> None:
    assert refusal(**changed) == "The signature is wrong"


@pytest.mark.parametrize("timestamp", ["", "now", "-1614265330", "1614265330.0", "1" * 19, "\u0661\u0664", "1e9"])
def test_a_time_that_is_no_number_is_refused(timestamp: str) -> None:
    assert refusal(timestamp=timestamp) == "The time of the signature is not a number of seconds"


@pytest.mark.parametrize("secret", ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_no base64", "whsec_abc"])
def test_a_secret_has_its_form(secret: str) -> None:
    with pytest.raises(ValueError, match="it is not"):
        secret_key(secret)
