import pytest

from felhom_hub.assets.conditions import NoSuchPartError, Part, is_known, part_of

TAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ('"abc"', True),
        ('W/"abc"', True),
        ('"x", W/"y", "abc"', True),
        ('"x","abc"', True),
        ("*", True),
        ("", False),
        ("abc", False),
        ('"ABC"', False),
        ('"x"', False),
        ('"abc', False),
        ('"abcd"', False),
    ],
)
def test_content_is_known_by_any_tag_of_the_list(header: str, known: bool) -> None:
    assert is_known(header, TAG) is known


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", Part(0, 0)),
        ("bytes=2-5", Part(2, 5)),
        ("bytes=2-", Part(2, 9)),
        ("bytes=2-99", Part(2, 9)),
        ("bytes=9-9", Part(9, 9)),
        ("bytes=-3", Part(7, 9)),
        ("bytes=-99", Part(0, 9)),
        ("BYTES = 1-2 ", Part(1, 2)),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=٣-٤", None),
        ("bytes=" + "9" * 19 + "-", None),
    ],
)
def test_part_is_what_the_range_says_and_the_whole_where_it_says_nothing(header: str, part: Part | None) -> None:
    assert part_of(header, 10) == part


@pytest.mark.parametrize(("header", "size"), [("bytes=10-", 10), ("bytes=10-12", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-1", 0)])  # fmt: skip  # noqa: E501
def test_part_behind_the_end_is_refused(header: str, size: int) -> None:
    with pytest.raises(NoSuchPartError):
        part_of(header, size)


@pytest.mark.parametrize(("if_range", "part"), [(TAG, Part(1, 2)), ("", Part(1, 2)), ('"other"', None), (f"W/{TAG}", None), ("Thu, 26 Nov 2026 12:00:00 GMT", None)])  # fmt: skip  # noqa: E501
def test_part_of_another_content_is_the_whole(if_range: str, part: Part | None) -> None:
    assert part_of("bytes=1-2", 10, if_range=if_range, etag=TAG) == part
