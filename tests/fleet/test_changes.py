from datetime import UTC, datetime

from felhom_hub.fleet.changes import Change, Moved, Then, Trouble, changes_of, moved_since, read, written

AT = datetime(2026, 3, 12, 8, 10, tzinfo=UTC)


def trouble(down: set[int], warned: set[int]) -> Trouble:
    return Trouble(frozenset(down), frozenset(warned))


def names(*pks: int) -> dict[int, str]:
    return {pk: f"server {pk}" for pk in pks}


def test_who_went_down_who_was_warned_and_who_recovered() -> None:
    then = Then(AT, trouble({1, 2}, {3, 4}))
    moved = moved_since(then, trouble({1, 3, 7, 8}, {4, 9, 10}), well=[2, 11])

    found = changes_of(then, moved, names(2))

    assert (moved, moved.alone) == (Moved([3, 7, 8], [9, 10], [2]), [2])
    assert found.since == AT
    assert found.parts == [
        Change("down", "x", "3 went down"),
        Change("warn", "up", "2 new warnings"),
        Change("ok", "check", "1 recovered", "server 2"),
    ]
    assert found.pks == {2, 3, 7, 8, 9, 10}


def test_a_single_one_is_named() -> None:
    then = Then(AT, trouble(set(), set()))
    moved = moved_since(then, trouble({1}, {2}), well=())

    assert moved.alone == [1, 2]
    assert [(part.words, part.name) for part in changes_of(then, moved, names(1, 2)).parts] == [
        ("1 went down", "server 1"),
        ("1 new warning", "server 2"),
    ]


def test_down_that_became_a_warning_is_neither_new_nor_over() -> None:
    then = Then(AT, trouble({1}, set()))
    found = changes_of(then, moved_since(then, trouble(set(), {1}), well=()), {})

    assert (found.parts, found.pks) == ([], frozenset())


def test_many_are_counted_with_commas() -> None:
    then = Then(AT, trouble(set(), set()))
    found = changes_of(then, moved_since(then, trouble(set(range(1200)), set()), well=()), {})

    assert [part.words for part in found.parts] == ["1,200 went down"]


def test_what_was_seen_is_read_as_it_was_written() -> None:
    seen = trouble({3, 1}, {2})

    assert written(seen) == "[[1,3],[2]]"
    assert read(written(seen)) == seen
