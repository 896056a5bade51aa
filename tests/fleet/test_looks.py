from felhom_hub.fleet.looks import LOOKS
from felhom_hub.reports.status import Status


def test_every_status_has_a_shape_of_its_own() -> None:
    assert set(LOOKS) == set(Status)
    assert len({look.mark for look in LOOKS.values()}) == len(Status)
    assert len({look.word for look in LOOKS.values()}) == len(Status)
