"""What a box that cannot be reached is told in the answer to its next report, and when that is over."""

from datetime import datetime

from django.db import transaction

from felhom_hub.boxes.models import Call
from felhom_hub.boxes.outcome import Outcome
from felhom_hub.configs.hashes import expect_file
from felhom_hub.controllers.versions import is_older
from felhom_hub.customers.queries import locked_customer
from felhom_hub.reports.wanted import Wanted, want_config, want_update, wanted_of

_LEFT = "It is told in the answer to its next report; a controller that is too old for that does nothing."


def left_for_report(call: Call, why: str, now: datetime) -> Outcome:
    """The box is told of the push or update when it reports next; where that is not possible, the call has failed.

    Raises NotFound for a customer that was deleted meanwhile: nothing is left for whoever has its id next.
    """
    is_left = False
    with transaction.atomic():
        customer = locked_customer(call.customer.customer_id)
        if call.kind == Call.Kind.PUSH:
            # Until the job has looked, a key that was just rotated makes the file that the box has the expected one.
            expect_file(customer.customer_id)
            is_left = want_config(customer.pk, now=now)
        if call.kind == Call.Kind.UPDATE and call.version:
            is_left = want_update(customer.pk, call.version, now=now)
    if is_left:
        return Outcome(Call.State.LEFT, f"{why} {_LEFT}")
    return Outcome(Call.State.FAILED, f"{why} Nothing was changed.")


def note_told(now: datetime) -> int:
    """What was left and is not wanted any more has ended: the report has shown it done, or it was withdrawn."""
    count = 0
    for call in Call.objects.filter(state=Call.State.LEFT).defer("envelope"):
        wanted = wanted_of(call.customer_id)
        if (wanted.push_wanted_at if call.kind == Call.Kind.PUSH else wanted.update_to) is None:
            state, sentence = _ending(call, wanted)
            row = Call.objects.filter(pk=call.pk, state=Call.State.LEFT)
            count += row.update(state=state, sentence=sentence, finished_at=now)
    return count


def _ending(call: Call, wanted: Wanted) -> tuple[Call.State, str]:
    if call.kind == Call.Kind.PUSH:
        # What is fetched is the file of then, which may be a newer one than was asked for.
        is_done = wanted.config_hash is not None and wanted.config_hash in (call.sha256, wanted.expected_hash)
    else:
        is_done = wanted.controller_version is not None and not is_older(wanted.controller_version, call.version)
    if is_done:
        return Call.State.DONE, "The server has done it by itself: its report shows so."
    return Call.State.WITHDRAWN, "It is not wanted any more."
