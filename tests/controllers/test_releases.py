from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.controllers.releases import Offer, note_failure, note_tags, offer_now

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)


def test_nothing_is_known_before_the_first_look() -> None:
    assert offer_now() == Offer()
    assert not offer_now().is_behind("v0.1.0")


@pytest.mark.parametrize(
    ("tags", "newest", "pre_release"),
    [
        (["latest", "v0.30.9", "v0.30.10", "0.9.0"], "v0.30.10", ""),
        (["v0.30.0", "v0.31.0-rc.2", "v0.31.0-rc.10", "v0.30.0-rc.1"], "v0.30.0", "v0.31.0-rc.10"),
        (["v0.31.0-rc.1", "v0.31.0"], "v0.31.0", ""),
        (["v1.0.0-beta"], "", "v1.0.0-beta"),
        (["latest", "main", "20260101"], "", ""),
        ([], "", ""),
    ],
)
def test_the_newest_release_is_the_highest_and_pre_releases_stand_apart(
    tags: list[str], newest: str, pre_release: str
) -> None:
    assert note_tags(tags, now=NOW) == Offer(newest, pre_release, len(tags), NOW, NOW)


def test_what_was_known_stays_when_the_registry_is_away() -> None:
    note_tags(["v0.30.0"], now=NOW)

    note_failure("gitea.example.hu could not be reached: " + "x" * 600, now=LATER)

    found = offer_now()
    assert (found.newest, found.worked_at, found.asked_at) == ("v0.30.0", NOW, LATER)
    assert found.failure.startswith("gitea.example.hu could not be reached")

    note_tags(["v0.30.1"], now=LATER)
    assert offer_now() == Offer("v0.30.1", "", 1, LATER, LATER)


@pytest.mark.parametrize(
    ("version", "is_behind"),
    [("v0.30.0", True), ("0.30.9", True), ("v0.30.10-rc.1", True), ("v0.30.10", False), ("v1", False), (None, False)],
)
def test_who_is_behind_the_newest_release(version: str | None, is_behind: bool) -> None:
    assert note_tags(["v0.30.10"], now=NOW).is_behind(version) is is_behind
