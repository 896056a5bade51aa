"""Carries out the calls that were asked for: each is claimed by a lease, made outside any transaction, and noted.

Between any two steps the process may die. A call whose lease has ended was interrupted: whether the controller has
done it nobody knows, so it is said so and never made again by itself.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from felhom_hub.base.errors import ApiError
from felhom_hub.base.secrets import SecretsError
from felhom_hub.boxes.left import left_for_report
from felhom_hub.boxes.live_file import read_live, seal_live
from felhom_hub.boxes.models import Call
from felhom_hub.boxes.outcome import Outcome
from felhom_hub.boxes.reach import Way, reach_of
from felhom_hub.boxes.same import note_if_same
from felhom_hub.configs.documents import DocumentError
from felhom_hub.configs.generate import generate
from felhom_hub.controllers.client import CallFailed, apply_config, read_config, start_update
from felhom_hub.controllers.hosts import TrustedTarget
from felhom_hub.customers.held_keys import api_keys_held
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.reports.models import NodeState

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)  # longer than one call; each further key begins it anew
_LOOKED_AT = 20  # when several workers want the next one
_UNAUTHORIZED = 401
_INTERRUPTED = "The hub was interrupted. Whether it was done is not known: compare, and you see."
_READ_INTERRUPTED = "The hub was interrupted while it read. Nothing was changed."


def carry_out_due(*, clock: Callable[[], datetime], is_over_time: Callable[[], bool]) -> int:
    """The calls that waited have been made, until `is_over_time`; how many. Several threads may do this at once."""
    holder, count = str(uuid.uuid4()), 0
    while not is_over_time():
        call = claim(clock(), holder)
        if call is None:
            break
        try:
            outcome = _made(call, clock)
        except (ApiError, SecretsError) as error:
            sentence = error.sentence if isinstance(error, ApiError) else str(error)
            outcome = Outcome(Call.State.FAILED, f"{sentence}. Nothing was sent.")
        except Exception:  # ours; what was sent by then is not known
            log.exception("controller_call_failed", call=call.pk)
            outcome = Outcome(Call.State.UNCERTAIN, "The hub made a mistake, its log has the details.")
        _note(call, outcome, clock())
        count += 1
    return count


def claim(now: datetime, holder: str) -> Call | None:
    """A waiting call that nobody else makes; None where there is none. The conditional UPDATE says who was first."""
    waiting = Call.objects.filter(state=Call.State.WAITING)
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:_LOOKED_AT]):
        lease = now + LEASE
        if waiting.filter(pk=pk).update(
            state=Call.State.RUNNING, started_at=now, lease_until=lease, lease_holder=holder
        ):
            return Call.objects.select_related("customer").get(pk=pk)
    return None


def note_interrupted(now: datetime) -> int:
    """Calls whose worker is gone have ended, as far as anybody knows; how many."""
    count = 0
    for call in Call.objects.select_related("customer").filter(state=Call.State.RUNNING, lease_until__lt=now):
        if call.kind == Call.Kind.COMPARE:
            count += _note(call, Outcome(Call.State.FAILED, _READ_INTERRUPTED), now)
        else:
            count += _note(call, Outcome(Call.State.UNCERTAIN, _INTERRUPTED), now)
    return count


def _made(call: Call, clock: Callable[[], datetime]) -> Outcome:
    customer = call.customer
    url = NodeState.objects.filter(customer=customer).values_list("controller_url", flat=True).first()
    reach = reach_of(customer, url)
    if reach.target is None:
        if reach.way in {Way.NO_ADDRESS, Way.REFUSED}:
            return left_for_report(call, reach.sentence, clock())
        return Outcome(Call.State.FAILED, f"{reach.sentence} Nothing was sent.")
    content = b""
    if call.kind == Call.Kind.PUSH:
        generated = generate(customer)
        if generated.sha256 != call.sha256:
            return Outcome(Call.State.FAILED, "The configuration was changed meanwhile. Nothing was sent.")
        content = generated.content
    return _asked(call, reach.target, content, clock)


def _asked(call: Call, target: TrustedTarget, content: bytes, clock: Callable[[], datetime]) -> Outcome:
    """With each key that the controller may have: one that it does not know does nothing."""
    keys = _keys(call.customer, clock())
    for number, key in enumerate(keys, 1):
        if not _held(call).update(lease_until=clock() + LEASE):
            return Outcome(Call.State.FAILED, "It was taken back.")
        try:
            return _answered(call, target, key, content, clock())
        except CallFailed as error:
            if error.status == _UNAUTHORIZED and number < len(keys):
                continue
            if error.status == 0 and not error.is_uncertain:  # it was not reached
                return left_for_report(call, error.sentence, clock())
            state = Call.State.UNCERTAIN if error.is_uncertain else Call.State.FAILED
            rest = "" if error.is_uncertain else " Nothing was changed."
            if error.status == _UNAUTHORIZED:
                rest = " It does not know the key that the hub has for it. Nothing was changed."
            return Outcome(state, f"{error.sentence}{rest}", error.said)
    return Outcome(Call.State.FAILED, "There is no key for this controller, so it was not called.")


def _answered(call: Call, target: TrustedTarget, key: str, content: bytes, now: datetime) -> Outcome:
    if call.kind == Call.Kind.PUSH:
        return Outcome(Call.State.DONE, "The controller has taken it.", apply_config(target, key, content).said)
    if call.kind == Call.Kind.UPDATE:
        return Outcome(Call.State.DONE, "The controller has begun.", start_update(target, key).said)
    live = read_config(target, key).yaml
    try:
        read_live(live)
    except DocumentError as error:
        return Outcome(Call.State.FAILED, f"What {target.place} has cannot be read: {error} Nothing was changed.")
    note_if_same(call.customer, live, now=now)
    return Outcome(Call.State.DONE, "Read.", envelope=seal_live(live, call=call.pk))


def _keys(customer: Customer, now: datetime) -> list[str]:
    """Those that the controller may have in its own configuration, the likeliest first (contract 8)."""
    return api_keys_held(customer, now=now) if customer.is_managed else [settings.HUB.api.report_api_key]


def _note(call: Call, outcome: Outcome, now: datetime) -> bool:
    """The call has ended so, in its row and in the audit; False where somebody else has noted it."""
    with transaction.atomic():
        is_ours = _held(call).update(
            state=outcome.state,
            sentence=outcome.sentence,
            answer=outcome.answer,
            envelope=outcome.envelope,
            finished_at=now,
            lease_until=None,
        )
        if is_ours:
            by = Actor(call.asked_by, call.address)
            detail = outcome.told(call.kind)
            customer_id = call.customer.customer_id
            record_audit("controller_call_ended", by=by, now=now, customer_id=customer_id, detail=detail)
    return bool(is_ours)


def _held(call: Call) -> QuerySet[Call]:
    """The row, as long as this worker holds it."""
    return Call.objects.filter(pk=call.pk, state=Call.State.RUNNING, lease_holder=call.lease_holder)
