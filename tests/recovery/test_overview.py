import pytest
from tests.recovery.snapshots import body_of, send

from felhom_hub.customers.models import Customer
from felhom_hub.recovery import overview
from felhom_hub.recovery.compare import Change, Comparison, Kind
from felhom_hub.recovery.overview import Compared, overview_of

pytestmark = pytest.mark.django_db


def compared(wanted: tuple[int, int] | None = None) -> Compared | None:
    return overview_of(Customer.objects.get(), wanted).compared


def test_the_newest_two_are_compared_unless_others_are_wanted() -> None:
    send(body_of(a=1), body_of(a=1, b=1), body_of(a=2, b=1))

    assert compared() == Compared(2, 3, Comparison([Change("a", "", Kind.CHANGED)]))
    both = Comparison([Change("a", "", Kind.CHANGED), Change("b", "", Kind.ADDED)])
    assert compared((1, 3)) == compared((3, 1)) == Compared(1, 3, both)


@pytest.mark.parametrize("wanted", [(1, 1), (1, 9), (0, 1)])
def test_what_there_is_not_is_not_compared(wanted: tuple[int, int]) -> None:
    send(body_of(a=1), body_of(a=2))

    assert compared(wanted) is None


def test_a_single_version_is_compared_with_none() -> None:
    send(body_of(a=1))

    assert compared() is None


def test_large_ones_are_not_read_for_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    send(body_of(a=1), body_of(a="x" * 500))
    monkeypatch.setattr(overview, "MAX_COMPARED", 500)

    assert compared() == Compared(1, 2, None)
