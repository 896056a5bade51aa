import pytest
from tests.boxes.conftest import KATA, Served, carry_out
from tests.build import NOW

from felhom_hub.base.errors import NotFound
from felhom_hub.boxes.ask import ask
from felhom_hub.boxes.models import Call
from felhom_hub.boxes.overview import diff_page
from felhom_hub.configs.generate import generate
from felhom_hub.controllers.releases import note_tags
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState

pytestmark = pytest.mark.django_db


def test_what_a_push_sends_and_takes_is_counted(customer: Customer, served: Served) -> None:
    text = generate(customer).yaml.replace("level: info", "level: debug").replace("kiss.example.hu", "uj.example.hu")
    served.has(f"{text}a: 1\nb: 2\n".encode())
    ask(Call.Kind.COMPARE, "kiss-foto", now=NOW, by=KATA)
    carry_out()

    page = diff_page("kiss-foto", now=NOW)

    assert (page.count, page.sent, page.lost) == (4, 2, 2)
    assert (page.new_domain, page.name, page.path) == ("uj.example.hu", "Kiss Fotó", "/customers/kiss-foto")
    assert not page.is_pushed_since
    ask(Call.Kind.PUSH, "kiss-foto", now=NOW, by=KATA)
    carry_out()
    assert diff_page("kiss-foto", now=NOW).is_pushed_since


@pytest.mark.usefixtures("customer")
def test_an_update_can_be_left_where_its_version_is_known() -> None:
    assert not diff_page("kiss-foto", now=NOW).can_leave_update
    note_tags(["v0.30.2"], now=NOW)
    assert diff_page("kiss-foto", now=NOW).can_leave_update
    NodeState.objects.update(controller_url="https://felhom.kiss.example.hu")
    assert not diff_page("kiss-foto", now=NOW).can_leave_update


def test_of_nobody_there_is_no_page() -> None:
    with pytest.raises(NotFound):
        diff_page("nobody", now=NOW)
