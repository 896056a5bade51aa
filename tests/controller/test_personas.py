import re
from itertools import pairwise

from felhom_controller.personas import persona_of


def test_ten_thousand_customers_are_all_different() -> None:
    personas = [persona_of(index) for index in range(10_000)]
    assert len({persona.customer_id for persona in personas}) == 10_000
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{2,60}", persona.customer_id) for persona in personas)


def test_a_customer_has_a_controller_under_its_own_domain() -> None:
    persona = persona_of(0)
    assert (persona.domain, persona.controller_url) == ("kiss-foto.example.hu", "https://felhom.kiss-foto.example.hu")


def test_neighbours_in_a_large_fleet_differ() -> None:
    names = [persona_of(index).customer_name.split()[0] for index in range(24, 60)]
    assert all(first != second for first, second in pairwise(names))
