import itertools

import pytest

from felhom_hub.controllers.versions import is_older, newest_release, parse_version

# semver.org 2.0.0, 11, with more between them.
ASCENDING = (
    "v0.9.9", "0.10.0", "v0.30.2-rc.1", "v0.30.2", "v0.30.10", "1.0.0-alpha", "v1.0.0-alpha.1", "1.0.0-alpha.beta",
    "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "v1.0.1",
)  # fmt: skip


@pytest.mark.parametrize(("older", "newer"), [*itertools.combinations(ASCENDING, 2)])
def test_versions_stand_in_the_order_of_semver(older: str, newer: str) -> None:
    assert is_older(older, newer)
    assert not is_older(newer, older)


@pytest.mark.parametrize(("one", "other"), [("v0.30.2", "0.30.2"), ("1.0.0+5", "v1.0.0+exp.sha.5114f85")])
def test_a_leading_v_and_build_data_make_no_other_version(one: str, other: str) -> None:
    assert parse_version(one) == parse_version(other)
    assert not is_older(one, other)


@pytest.mark.parametrize("text", ["v0.31.0-rc.1", "v0.30.2"])
def test_a_version_is_written_with_one_v(text: str) -> None:
    assert str(parse_version(text)) == str(parse_version(text.removeprefix("v"))) == text


@pytest.mark.parametrize(
    "text",
    [None, "", "latest", "v", "vv1.0.0", "1.0", "1.0.0.0", "01.0.0", "1.0.0-01", "1.0.0-", "1.0.0 beta", "1.0.٣",
     "v" + "9" * 5000 + ".0.0"],
)  # fmt: skip
def test_what_is_no_version_is_compared_with_nothing(text: str | None) -> None:
    assert parse_version(text) is None
    assert not is_older(text, "v1.0.0")
    assert not is_older("v1.0.0", text)


def test_the_newest_release_is_found_among_tags_of_all_kinds() -> None:
    assert str(newest_release(["latest", "0.9.0", "v0.10.0", "v0.11.0-rc.1", "edge"])) == "v0.10.0"
    assert newest_release(["latest", "v1.0.0-rc.1"]) is None
