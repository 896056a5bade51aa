import pytest
from tests.build import NOW, make_customer, make_node

from felhom_hub.fleet.config_state import ConfigState, config_state, sync_word
from felhom_hub.reports.config_sync import ConfigSync

pytestmark = pytest.mark.django_db

A, B = "a" * 64, "b" * 64
SHORT_A, SHORT_B = "a" * 12, "b" * 12


@pytest.mark.parametrize(
    ("reported", "expected", "same", "state", "summary"),
    [
        (A, A, None, ConfigState(ConfigSync.IN_SYNC, SHORT_A, SHORT_A, None, ""), "runs the hub's file"),
        (A, B, None, ConfigState(ConfigSync.MISMATCH, SHORT_A, SHORT_B, None, "warn"), "differs from the hub's"),
        (
            A, B, A, ConfigState(ConfigSync.IN_SYNC_FORMATTING, SHORT_A, SHORT_B, NOW, ""),
            "runs the hub's values, in a file of its own",
        ),
        (None, B, None, ConfigState(ConfigSync.UNKNOWN, "", SHORT_B, None, ""), "unknown"),
        (A, None, None, ConfigState(ConfigSync.UNKNOWN, SHORT_A, "", None, ""), "unknown"),
    ],
)  # fmt: skip
def test_a_box_is_compared_with_the_hubs_file(
    reported: str | None, expected: str | None, same: str | None, state: ConfigState, summary: str
) -> None:
    node = make_node(
        make_customer(), config_hash=reported, expected_hash=expected, same_hash=same, compared_at=NOW if same else None
    )

    assert config_state(node) == state
    assert config_state(node).summary == summary


@pytest.mark.parametrize("is_managed", [True, False])
def test_every_state_has_a_word_or_two(is_managed: bool) -> None:
    words = [sync_word(each, is_managed=is_managed) for each in ConfigSync]

    assert words == ["in sync", "in sync (formatting differs)", "differs", "unknown" if is_managed else "none"]
