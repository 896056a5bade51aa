from typing import Any

from hypothesis import given, settings
from tests.configs.values import MAPPINGS

from felhom_hub.boxes.overrides_text import rewritten
from felhom_hub.configs.documents import read_plain

TEXT = """\
# Agreed with the customer in May.
backup:
  keep: 14  # two weeks
  # by night
  at: "02:00"
apps:
  jellyfin:
    hw: vaapi
  immich: {workers: 2, cache: 1}
ports: [80, 443]
"""
VALUES: dict[str, Any] = read_plain(TEXT)


def test_what_says_it_already_stays_byte_for_byte() -> None:
    assert rewritten(TEXT, VALUES) == TEXT
    assert rewritten("", {}) == ""
    assert rewritten("# nothing yet\n", {}) == "# nothing yet\n"


def test_a_changed_value_is_changed_in_its_place() -> None:
    wanted = VALUES | {"backup": {"keep": 7, "at": "02:00"}}

    assert rewritten(TEXT, wanted) == TEXT.replace("14", "7")


def test_a_key_goes_and_the_comments_of_the_others_stay() -> None:
    wanted = {"backup": {"keep": 14}, "apps": {"immich": {"workers": 2, "cache": 1}}, "ports": [80, 443]}

    assert rewritten(TEXT, wanted) == (
        "# Agreed with the customer in May.\nbackup:\n  keep: 14  # two weeks\n  # by night\n"
        "apps:\n  immich: {workers: 2, cache: 1}\nports: [80, 443]\n"
    )


def test_a_key_of_a_flow_map_goes_too() -> None:
    wanted = VALUES | {"apps": {"jellyfin": {"hw": "vaapi"}, "immich": {"cache": 1}}}

    made = rewritten(TEXT, wanted)

    assert read_plain(made) == wanted
    assert "# two weeks" in made


def test_new_keys_come_behind_the_others() -> None:
    assert rewritten("# mine\na: 1\n", {"a": 1, "b": {"c": "no"}}) == '# mine\na: 1\nb:\n  c: "no"\n'
    assert rewritten("# mine\n", {"b": {"c": 1}}) == "# mine\nb:\n  c: 1\n"
    assert rewritten("", {"b": [1]}) == "b:\n  - 1\n"


def test_all_gone_leaves_the_comments() -> None:
    assert rewritten(TEXT, {}) == "# Agreed with the customer in May.\n  # by night\n"


@settings(max_examples=40)
@given(MAPPINGS, MAPPINGS)
def test_whatever_was_there_the_text_says_the_values(before: dict[str, Any], after: dict[str, Any]) -> None:
    text = rewritten("# mine\n", before)
    assert (read_plain(text) if before else {}) == before

    made = rewritten(text, after)

    assert (read_plain(made) if after else {}) == after
    assert "# mine" in made
