import pytest

from felhom_hub.fleet.address import Problem, View
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.links import (
    Filter,
    column_boxes,
    headings,
    is_descending,
    problem_filter,
    sorted_words,
    status_filters,
)
from felhom_hub.fleet.looks import LOOKS
from felhom_hub.reports.status import Status


def test_each_status_has_a_filter_with_its_count_zero_included() -> None:
    found = status_filters({Status.DOWN: 2}, View(status=Status.DOWN, text="a", page=3))

    assert found == [
        Filter("Down", 2, "/?q=a", True, LOOKS[Status.DOWN]),
        Filter("Warning", 0, "/?status=warn&q=a", False, LOOKS[Status.WARN]),
        Filter("Pending", 0, "/?status=pending&q=a", False, LOOKS[Status.PENDING]),
        Filter("Disabled", 0, "/?status=disabled&q=a", False, LOOKS[Status.DISABLED]),
        Filter("OK", 0, "/?status=ok&q=a", False, LOOKS[Status.OK]),
    ]


@pytest.mark.parametrize(
    ("view", "path", "is_current"),
    [
        (View(), "/?show=silent", False),
        (View(problem=Problem.SILENT), "/", True),
        (View(problem=Problem.NO_BACKUP), "/?show=silent", False),
    ],
)
def test_a_facts_link_is_the_filter_and_takes_itself_back(view: View, path: str, is_current: bool) -> None:
    assert problem_filter(Problem.SILENT, "Silent", 3, view) == Filter("Silent", 3, path, is_current)


def test_headings_sort_by_the_telling_end_first_and_the_current_one_turns_round() -> None:
    found = {heading.label: (heading.path, heading.aria_sort) for heading in headings(View(sort=Column.CPU))}

    assert found == {
        "Status": ("/?sort=status", ""),
        "Customer": ("/?sort=customer", ""),
        "Reports, last 24 h": ("/?sort=reports", ""),
        "Last report": ("/?sort=report", ""),
        "CPU": ("/?sort=-cpu", "descending"),
        "Memory": ("/?sort=memory", ""),
        "Disk": ("/?sort=disk", ""),
        "CPU temp": ("/?sort=temperature", ""),
        "Last backup": ("/?sort=backup", ""),
        "Controller": ("/?sort=controller", ""),
        "Config": ("/?sort=config", ""),
        "Events, 24 h": ("/?sort=events", ""),
    }


@pytest.mark.parametrize(
    ("view", "words", "is_falling"),
    [
        (View(sort=Column.CPU), "sorted by CPU, highest first", True),
        (View(sort=Column.CPU, is_reversed=True), "sorted by CPU, lowest first", False),
        (View(sort=Column.STATUS), "sorted by Status, worst first", False),
        (View(sort=Column.REPORTS), "sorted by Reports, last 24 h, most missed first", True),
        (View(sort=Column.REPORT), "sorted by Last report, oldest first", False),
        (View(sort=Column.CUSTOMER, is_reversed=True), "sorted by Customer, Z to A", True),
    ],
)
def test_the_order_is_told_in_words_and_as_aria_sort(view: View, words: str, is_falling: bool) -> None:
    assert view.sort is not None
    current = next(heading.aria_sort for heading in headings(view) if heading.aria_sort)

    assert sorted_words(view) == words
    assert is_descending(view.sort, is_reversed=view.is_reversed) is is_falling
    assert current == ("descending" if is_falling else "ascending")


def test_the_order_of_need_has_no_words_and_no_heading() -> None:
    assert sorted_words(View()) == ""
    assert {heading.aria_sort for heading in headings(View())} == {""}


def test_chosen_columns_have_headings_and_a_tick() -> None:
    view = View(columns=(Column.CPU, Column.EVENTS))

    assert [heading.label for heading in headings(view)] == ["Status", "Customer", "Last report", "CPU", "Events, 24 h"]
    assert [heading.path for heading in headings(view)][-1] == "/?sort=events&cols=cpu,events"
    assert [box.label for box in column_boxes(view) if box.is_shown] == ["CPU", "Events, 24 h"]
    assert [box.label for box in column_boxes(view)] == [
        "Reports, last 24 h", "CPU", "Memory", "Disk", "CPU temp", "Last backup", "Controller", "Config",
        "Events, 24 h",
    ]  # fmt: skip
