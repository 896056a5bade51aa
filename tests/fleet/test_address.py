from urllib.parse import parse_qs

import pytest

from felhom_hub.fleet.address import Problem, View, view_of
from felhom_hub.fleet.columns import CHOOSABLE, Column
from felhom_hub.reports.status import Status


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ("", View()),
        ("status=down", View(status=Status.DOWN)),
        ("show=silent&q=Gy%C5%91r+kft&page=3", View(problem=Problem.SILENT, text="Győr kft", page=3)),
        ("sort=cpu", View(sort=Column.CPU)),
        ("sort=-cpu", View(sort=Column.CPU, is_reversed=True)),
        ("cols=cpu,backup", View(columns=(Column.CPU, Column.BACKUP))),
        ("q=a&cols=-&page=2", View(text="a", columns=(), page=2)),
    ],
)
def test_an_address_is_read_as_it_is_written(query: str, view: View) -> None:
    assert view_of(parse_qs(query)) == view
    assert view.query == query


def test_white_space_around_and_within_a_text_does_not_count() -> None:
    assert view_of({"q": ["  Kovács   Péter "]}).text == "Kovács Péter"


@pytest.mark.parametrize(
    "query",
    [
        {"status": "blocked"},  # never listed
        {"status": "sleeping"},
        {"show": "everything"},
        {"sort": "--cpu"},
        {"sort": "password"},
        {"q": " \x00 "},
        {"page": "0"},
        {"page": "-1"},
        {"page": "²"},
        {"page": "9" * 5000},
        {"cols": "password"},
    ],
)
def test_what_an_address_says_wrongly_is_left_out(query: dict[str, str]) -> None:
    assert view_of({name: [value] for name, value in query.items()}) == View()


def test_a_text_is_cut() -> None:
    assert view_of({"q": ["x" * 5000]}).text == "x" * 100


def test_the_plain_overview_has_the_plain_address() -> None:
    assert View().path == "/"


def test_every_part_of_a_view_is_in_its_address() -> None:
    view = View(Status.WARN, Problem.NO_BACKUP, "Kovács & Fia", Column.DISK, is_reversed=True, page=2)

    assert view.path == "/?status=warn&show=no-backup&q=Kov%C3%A1cs+%26+Fia&sort=-disk&page=2"


@pytest.mark.parametrize(
    ("view", "is_narrowed"),
    [
        (View(), False),
        (View(sort=Column.CPU, page=2), False),
        (View(status=Status.OK), True),
        (View(problem=Problem.SILENT), True),
        (View(text="a"), True),
    ],
)
def test_only_filters_narrow(view: View, is_narrowed: bool) -> None:
    assert view.is_narrowed is is_narrowed


def test_of_a_name_that_comes_twice_the_last_one_counts_but_of_columns_each() -> None:
    assert view_of({"q": ["a", "b"], "cols": ["-", "disk", "cpu"]}) == View(text="b", columns=(Column.CPU, Column.DISK))


def test_remembered_columns_are_shown_until_the_address_names_others() -> None:
    assert view_of({}, remembered=["cpu,disk"]).columns == (Column.CPU, Column.DISK)
    assert view_of({"cols": ["events"]}, remembered=["cpu,disk"]).columns == (Column.EVENTS,)
    assert view_of({}, remembered=["-"]).columns == ()
    assert view_of({}, remembered=["; drop"]).columns == CHOOSABLE


def test_a_form_carries_along_what_it_does_not_ask_for() -> None:
    view = View(Status.WARN, text="a", sort=Column.DISK, columns=(Column.CPU,), page=3)

    assert view.kept_without("q") == [("status", "warn"), ("sort", "disk"), ("cols", "cpu")]
    assert view.kept_without("cols") == [("status", "warn"), ("q", "a"), ("sort", "disk")]
