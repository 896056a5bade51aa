from tests.simulation.worlds import at, hours, node, world

from felhom_hub.simulation.heard import Heard, Silence
from felhom_hub.simulation.plan import BEGIN
from felhom_hub.simulation.spans import DAY, MINUTE, Span

HALF = 30 * MINUTE


def heard() -> Heard:
    return Heard(world(node(0), node(1, off=[Span(at(5, 50), at(6, 50))])))


def minute(moment: int) -> float:
    return (moment - BEGIN) // MINUTE


def test_before_the_beginning_nodes_have_reported_for_a_day() -> None:
    assert minute(heard().last(0, BEGIN - 1)) == -15


def test_the_last_report_is_known_across_the_border_of_two_spans() -> None:
    one = heard()
    one.move_to(hours(0, 6))
    assert minute(one.last(1, at(4, 59))) == 4 * 60 + 45
    one.move_to(hours(6, 12))
    assert minute(one.last(1, at(6, 30))) == 5 * 60 + 45
    assert minute(one.last(1, at(6, 51))) == 6 * 60 + 50


def test_reports_between_two_moments_leave_out_the_first_and_have_the_last() -> None:
    one = heard()
    one.move_to(hours(0, 6))
    second, third = one.last(0, at(1, 16)), one.last(0, at(1, 31))

    assert one.between(0, one.last(0, at(1, 1)), third) == [second, third]
    assert one.between(0, third, third) == []


def test_a_silence_is_open_until_the_next_report_is_known() -> None:
    one = heard()
    one.move_to(hours(0, 6.5))
    begin = one.last(1, at(5, 46))
    assert one.silences(longer_than=HALF, until=at(6, 30)) == [Silence(1, begin, None)]
    one.move_to(Span(at(6.5), BEGIN + DAY))
    assert one.silences(longer_than=HALF, until=BEGIN + DAY) == [Silence(1, begin, one.last(1, at(6, 51)))]
