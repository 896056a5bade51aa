import pytest

from felhom_hub.base.endpoint import to_json
from felhom_hub.reports.pending import Pending, Wish, pending_of

A, B = "a" * 64, "b" * 64
CONFIG = Wish(is_push_wanted=True, expected_hash=A, update_to=None)
UPDATE = Wish(is_push_wanted=False, expected_hash=A, update_to="v0.31.0")
BOTH = Wish(is_push_wanted=True, expected_hash=A, update_to="v0.31.0")


@pytest.mark.parametrize(
    ("wish", "config_hash", "version", "pending"),
    [
        (CONFIG, B, "v0.30.0", Pending(config_hash=A)),
        (CONFIG, None, "v0.30.0", Pending(config_hash=A)),
        (CONFIG, A, "v0.30.0", None),
        (UPDATE, B, "v0.30.0", Pending(update_to="v0.31.0")),
        (UPDATE, B, None, Pending(update_to="v0.31.0")),
        (UPDATE, B, "v0.31.0", None),
        (UPDATE, B, "0.31.0", None),
        (UPDATE, B, "v0.32.1", None),
        (UPDATE, B, "v0.31.0-rc.1", Pending(update_to="v0.31.0")),
        (UPDATE, B, "v0.9.0", Pending(update_to="v0.31.0")),
        (UPDATE, B, "latest", Pending(update_to="v0.31.0")),
        (Wish(is_push_wanted=False, expected_hash=A, update_to="nightly"), B, "nightly", None),
        (Wish(is_push_wanted=False, expected_hash=A, update_to="nightly"), B, "v1.0.0", Pending(update_to="nightly")),
        (BOTH, B, "v0.30.0", Pending(config_hash=A, update_to="v0.31.0")),
        (BOTH, A, "v0.30.0", Pending(update_to="v0.31.0")),
        (BOTH, B, "v0.31.0", Pending(config_hash=A)),
        (BOTH, A, "v0.31.0", None),
        (Wish(is_push_wanted=True, expected_hash=None, update_to=None), None, None, None),
        (Wish(is_push_wanted=True, expected_hash=None, update_to=None), B, "v0.30.0", None),
    ],
)
def test_what_a_box_has_not_reported_to_be_done_is_offered(
    wish: Wish, config_hash: str | None, version: str | None, pending: Pending | None
) -> None:
    assert pending_of(wish, config_hash=config_hash, version=version) == pending


def test_only_what_is_wanted_and_reported_is_done() -> None:
    assert CONFIG.is_config_done(A)
    assert not CONFIG.is_config_done(B)
    assert not UPDATE.is_config_done(A)
    assert not Wish(is_push_wanted=True, expected_hash=None, update_to=None).is_config_done(None)
    assert UPDATE.is_update_done("0.31.0")
    assert not UPDATE.is_update_done("v0.30.0")
    assert not CONFIG.is_update_done("v0.31.0")


def test_the_member_names_what_is_wanted_and_nothing_else() -> None:
    assert to_json(Pending(update_to="v0.31.0")) == b'{"update_to":"v0.31.0"}'
    assert to_json(Pending(config_hash="ab")) == b'{"config_hash":"ab"}'
