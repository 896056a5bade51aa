from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.base.secrets import seal
from felhom_hub.recovery.drill_mark import drill_mark, is_drill


def test_a_mark_holds_for_its_customer_and_a_quarter_of_an_hour() -> None:
    mark = drill_mark("nagy", NOW)

    assert [is_drill(mark, "nagy", NOW + timedelta(minutes=minutes)) for minutes in (-16, -15, 0, 15, 16)] == [
        *(False, True, True, True, False)
    ]
    assert not is_drill(mark, "kiss", NOW)


@pytest.mark.parametrize("mark", ["", "true", "v1:::", "v1:k0:é:é", "2026-11-23T12:00:00Z"])
def test_what_the_hub_has_not_sealed_is_none(mark: str) -> None:
    assert not is_drill(mark, "nagy", NOW)


def test_what_it_has_sealed_for_something_else_is_none() -> None:
    assert not is_drill(seal("2026-11-23T12:00:00Z", purpose="api_key:nagy"), "nagy", NOW)
    assert not is_drill(seal("no time", purpose="drill:nagy"), "nagy", NOW)
