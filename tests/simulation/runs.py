"""Runs of small plans, with all that was decided in them."""

from dataclasses import dataclass

from django.db import transaction

from felhom_hub.notify.channels import only_channel
from felhom_hub.simulation.drive import Drive
from felhom_hub.simulation.hub import Hub
from felhom_hub.simulation.judge import Alarm
from felhom_hub.simulation.outcome import Decided, Mail, Record, alarms_of, mail_of
from felhom_hub.simulation.plan import Plan
from felhom_hub.simulation.receipts import Recorded
from felhom_hub.simulation.switches import Switches


@dataclass(frozen=True)
class Run:
    """What came of it."""

    decided: list[Decided]
    alarms: list[Alarm]
    mail: Mail
    subjects: list[str]  # of the messages that the operator got
    stored_reports: int  # by the real intake

    def events(self) -> list[tuple[str, tuple[int, ...], int]]:
        return [(each.event_type, each.numbers, each.at) for each in self.decided]


def run(
    plan: Plan, switches: Switches | None = None, *, is_through_intake: bool = False, has_faults: bool = False
) -> Run:
    """The plan has been gone through; nothing of it is stored."""
    record = Record()

    def watch(at: int, hub: Hub) -> None:
        if hub.has_news:
            record.note(at, hub)

    with transaction.atomic():
        drive = Drive(
            plan,
            switches or Switches(),
            watch=watch,
            note=record.note_later,
            is_faultless_mail=not has_faults,
            is_through_intake=is_through_intake,
        )
        with only_channel(drive.provider):
            for _ in drive.run():
                pass
        receipts = drive.receipts
        subjects = [each.subject for each in drive.provider.accepted if each.recipient == "operator@example.net"]
        found = Run(
            list(record.decided.values()),
            alarms_of(record, drive.provider),
            mail_of(drive.provider),
            subjects,
            receipts.stored if isinstance(receipts, Recorded) else 0,
        )
        transaction.set_rollback(True)
    return found
