import pytest
from tests.build import NOW, incoming, make_customer, record

from felhom_hub.fleet.customers_list import PAGE_ROWS, Kind, ListView, list_view_of, listing

pytestmark = pytest.mark.django_db


def names(view: ListView) -> list[str]:
    return [row.customer_id for row in listing(view, now=NOW).rows]


def test_chips_and_text_narrow_the_list() -> None:
    make_customer("pending", name="Zsófia", is_managed=True)
    make_customer("blocked", blocked_at=NOW, is_managed=True)
    record([incoming("manual", customer_name="Éva")])

    page = listing(ListView(), now=NOW)
    assert [(chip.word, chip.count) for chip in page.chips] == [
        ("All", 3), ("Managed", 1), ("Manual", 1), ("Pending", 1), ("Blocked", 1),
    ]  # fmt: skip
    assert {kind: names(ListView(kind)) for kind in Kind} == {
        Kind.MANAGED: ["pending"],
        Kind.MANUAL: ["manual"],
        Kind.PENDING: ["pending"],
        Kind.BLOCKED: ["blocked"],
    }
    assert names(ListView(text="EVA")) == ["manual"]
    assert names(ListView(Kind.MANAGED, "eva")) == []


def test_the_names_can_be_turned_round_and_the_blocked_stay_last() -> None:
    for customer_id, name, blocked in (("c1", "Ágnes", None), ("c2", "Éva", NOW), ("c3", "Zoltán", None)):
        make_customer(customer_id, name=name, blocked_at=blocked)

    usual, turned = (listing(view, now=NOW) for view in (ListView(), list_view_of({"sort": "-customer"})))

    assert [row.customer_id for row in usual.rows] == ["c1", "c3", "c2"]
    assert [row.customer_id for row in turned.rows] == ["c3", "c1", "c2"]
    assert (usual.turned_path, turned.turned_path) == ("/configs?sort=-customer", "/configs")


def test_a_page_holds_a_hundred() -> None:
    for number in range(PAGE_ROWS + 1):
        make_customer(f"c{number:03}")

    first, second = (listing(ListView(page=page), now=NOW) for page in (1, 9))

    assert (len(first.rows), first.previous_path, first.next_path) == (PAGE_ROWS, "", "/configs?page=2")
    assert ([row.customer_id for row in second.rows], second.previous_path) == (["c100"], "/configs")


def test_an_address_is_read_tolerantly() -> None:
    assert list_view_of({"show": "managed", "q": " a  b\0", "page": "3"}) == ListView(Kind.MANAGED, "a b", 3)
    assert list_view_of({"show": "x", "page": "-1"}) == ListView()
