from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW

from felhom_hub.watch.common_cause import (
    IncidentRules,
    Silent,
    Traits,
    common_trait,
    fallen_together,
    is_over,
    sentence,
)

MINUTE = timedelta(minutes=1)
RULES = IncidentRules(share=0.1, window=20 * MINUTE)
ANY = Traits("v0.30.2", "Szeged", "a.felhom.hu")


def silent(*minutes: float) -> list[Silent]:
    return [Silent(number, NOW + minute * MINUTE, ANY) for number, minute in enumerate(minutes)]


@pytest.mark.parametrize(
    ("minutes", "fleet", "group"),
    [
        ((0, 1, 2, 3), 4, []),  # four are too few, whatever the share
        ((0, 1, 2, 3, 4), 5, [0, 1, 2, 3, 4]),
        ((0, 1, 2, 3, 4), 50, [0, 1, 2, 3, 4]),
        ((0, 1, 2, 3, 4), 51, []),  # less than a tenth
        ((0, 5, 10, 15, 20), 5, [0, 1, 2, 3, 4]),
        ((0, 5, 10, 15, 20.1), 5, []),  # not together
        ((20, 0, -300, 15, 5, 10), 6, [1, 4, 5, 3, 0]),  # one that fell silent long before is another matter
        ((), 0, []),
    ],
)
def test_many_that_fell_silent_close_together_have_one_cause(
    minutes: tuple[float, ...], fleet: int, group: list[int]
) -> None:
    assert [node.customer_pk for node in fallen_together(silent(*minutes), fleet=fleet, rules=RULES)] == group


OTHER = Traits("v0.29.0", "Pécs", "b.example.org")


@pytest.mark.parametrize(
    ("fallen", "others", "words"),
    [
        ([ANY, ANY], [OTHER], "on controller v0.30.2 and in Szeged and under felhom.hu"),
        ([ANY, ANY], [ANY, OTHER], "on controller v0.30.2 and in Szeged and under felhom.hu"),
        ([ANY, ANY], [ANY], ""),  # true of everybody
        ([ANY, ANY], [], ""),
        ([ANY, OTHER], [OTHER], ""),
        ([Traits("", "Szeged", ""), Traits("v1", "Szeged", "felhom.hu")], [OTHER], "in Szeged"),
        ([Traits("", "", "a.felhom.hu"), Traits("", "", "felhom.hu")], [OTHER], "under felhom.hu"),
    ],
)
def test_what_the_silent_ones_share_is_named(fallen: list[Traits], others: list[Traits], words: str) -> None:
    assert common_trait(fallen, others) == words


def test_the_sentence_can_be_checked() -> None:
    zone = ZoneInfo("Europe/Budapest")

    assert sentence(nodes=212, fleet=240, since=NOW, trait="on controller v0.30.2", zone=zone) == (
        "212 of 240 nodes silent since 13:00, all on controller v0.30.2."
    )
    assert sentence(nodes=5000, fleet=10000, since=NOW, trait="", zone=zone) == (
        "5,000 of 10,000 nodes silent since 13:00."
    )


@pytest.mark.parametrize(
    ("nodes", "left", "over"),
    [(5, 0, True), (5, 1, False), (40, 4, True), (39, 4, False), (900, 4, True), (900, 5, False)],
)
def test_an_incident_is_over_when_few_are_left(nodes: int, left: int, over: bool) -> None:
    assert is_over(nodes=nodes, silent=left) is over
