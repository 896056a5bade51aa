from datetime import UTC, datetime

from felhom_hub.fleet.changes import Change, Named, Then, Trouble, changes_of, read, written

AT = datetime(2026, 3, 12, 8, 10, tzinfo=UTC)


def trouble(down: set[int], warned: set[int]) -> Trouble:
    return Trouble(frozenset(down), frozenset(warned))


def named(*pks: int) -> list[Named]:
    return [Named(pk, f"server {pk}") for pk in pks]


def test_who_went_down_who_was_warned_and_who_recovered() -> None:
    found = changes_of(
        Then(AT, trouble({1, 2}, {3, 4})), down=named(1, 3, 7, 8), warned=named(4, 9, 10), well=named(2, 11)
    )

    assert found.since == AT
    assert found.parts == [
        Change("down", "x", "3 went down"),
        Change("warn", "up", "2 new warnings"),
        Change("ok", "check", "1 recovered", "server 2"),
    ]
    assert found.pks == {2, 3, 7, 8, 9, 10}


def test_a_single_one_is_named() -> None:
    found = changes_of(Then(AT, trouble(set(), set())), down=named(1), warned=named(2), well=())

    assert [(part.words, part.name) for part in found.parts] == [
        ("1 went down", "server 1"),
        ("1 new warning", "server 2"),
    ]


def test_down_that_became_a_warning_is_neither_new_nor_over() -> None:
    found = changes_of(Then(AT, trouble({1}, set())), down=(), warned=named(1), well=())

    assert (found.parts, found.pks) == ([], frozenset())


def test_many_are_counted_with_commas() -> None:
    found = changes_of(Then(AT, trouble(set(), set())), down=named(*range(1200)), warned=(), well=())

    assert [part.words for part in found.parts] == ["1,200 went down"]


def test_what_was_seen_is_read_as_it_was_written() -> None:
    seen = trouble({3, 1}, {2})

    assert written(seen) == "[[1,3],[2]]"
    assert read(written(seen)) == seen
