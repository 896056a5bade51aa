from felhom_hub.boxes.models import Call
from felhom_hub.boxes.outcome import Outcome


def test_the_audit_has_it_in_one_line() -> None:
    outcome = Outcome(Call.State.LEFT, "Not reached.", answer="…", envelope="sealed")

    assert outcome.told(Call.Kind.PUSH) == "push left: Not reached."
