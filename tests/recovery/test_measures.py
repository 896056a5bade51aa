from datetime import datetime, timedelta
from typing import Any

import msgspec
from tests.build import NOW

from felhom_hub.recovery.contents import Contents, Disk
from felhom_hub.recovery.measures import (
    Measures,
    lost_passwords,
    measures_of,
    shrunk,
    smaller_since,
    with_smaller,
)

CONTENTS = Contents(
    size_bytes=50_000, keys=40, disks=(Disk("Rendszer"), Disk("hdd1")), stacks=("immich", "nextcloud"), passwords=2
)
DAY = timedelta(days=1)
GOOD = Measures(118, "12 Mar 2026", 50_000, 40, 2, 2, 2)


def test_the_good_version_is_kept_by_its_measures() -> None:
    assert measures_of(CONTENTS, 118, "12 Mar 2026") == GOOD


def test_less_than_half_of_anything_is_suspicious_and_of_passwords_each_one() -> None:
    assert (shrunk(CONTENTS, GOOD), lost_passwords(CONTENTS, GOOD)) == ([], "")
    assert shrunk(Contents(size_bytes=24_000, keys=19, disks=CONTENTS.disks), GOOD) == [
        "The snapshot is 52 % smaller than version 118 of 12 Mar 2026",
        "It has 19 controller.yaml keys, version 118 of 12 Mar 2026 had 40",
        "It has 0 apps, version 118 of 12 Mar 2026 had 2",
    ]
    assert lost_passwords(Contents(50_000, passwords=1), GOOD) == (
        "It has 1 restic password, version 118 of 12 Mar 2026 had 2"
    )


def less(passwords: int, **members: Any) -> Contents:
    return msgspec.structs.replace(CONTENTS, passwords=passwords, **members)


def held(good: Measures, contents: Contents, number: int, at: datetime) -> Measures:
    return with_smaller(good, contents, number=number, received_on="a day", received_at=at)


def test_a_smaller_size_holds_from_the_first_version_that_has_it_whatever_its_bytes() -> None:
    first = held(GOOD, less(1), 119, NOW)
    second = held(first, less(1, size_bytes=49_000), 120, NOW + DAY)

    assert smaller_since(less(1), GOOD, NOW) == NOW
    assert smaller_since(less(1, size_bytes=49_000), first, NOW + DAY) == NOW
    assert smaller_since(less(1), second, NOW + 2 * DAY) == NOW
    # A hub's clock that was ahead must not hold it up.
    assert smaller_since(less(1), second, NOW - DAY) == NOW - DAY


def test_a_size_that_is_smaller_again_begins_anew() -> None:
    first = held(GOOD, less(1), 119, NOW)
    again = held(first, less(0), 120, NOW + DAY)

    assert smaller_since(less(0), first, NOW + DAY) == NOW + DAY
    assert smaller_since(less(0), again, NOW + 2 * DAY) == NOW + DAY


def test_a_version_that_is_not_smaller_ends_it_and_one_that_cannot_be_read_does_not() -> None:
    first = held(GOOD, less(1), 119, NOW)

    assert held(first, CONTENTS, 120, NOW + DAY) == GOOD
    assert held(first, less(0, broken=("It is cut off",)), 120, NOW + DAY) == first
    assert held(first, less(0, too_large=True), 120, NOW + DAY) == first


def test_without_a_good_one_nothing_is_less() -> None:
    assert (shrunk(Contents(0), None), lost_passwords(Contents(0), None)) == ([], "")
    assert shrunk(Contents(10_000_000, too_large=True), GOOD) == []
