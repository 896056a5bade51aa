"""The worker is killed at every step between claim and note; the next one goes on with what the row holds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from tests.build import NOW, incoming_event, record_all_events
from tests.servers.resend import Provider

from felhom_hub.notify import deliver as deliver_module
from felhom_hub.notify.channels import CHANNELS
from felhom_hub.notify.deliver import LEASE_SECONDS, Tally, deliver_due
from felhom_hub.notify.models import Delivery

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=LEASE_SECONDS)


def deliver(at: datetime = NOW) -> Tally:
    return deliver_due(clock=lambda: at, chance=lambda: 0.0, is_over_time=lambda: False)


def queue() -> None:
    record_all_events([incoming_event("a")])


def operators() -> "QuerySet[Delivery]":
    return Delivery.objects.filter(audience="operator")


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing is tidied up."""


def kill_before(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
    def die(*_args: Any, **_kwargs: Any) -> Any:
        raise Killed

    monkeypatch.setattr(owner, name, die)


def kill_after(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
    real = getattr(owner, name)

    def act_and_die(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(owner, name, act_and_die)


class _Updates:
    """Kills at a numbered write of a run, before or after it."""

    def __init__(self, number: int, *, after: bool) -> None:
        self.left, self.after = number, after

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = QuerySet.update

        def update(queryset: Any, **values: Any) -> int:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise Killed
            changed = real(queryset, **values)
            if self.left == 0:
                raise Killed
            return changed

        monkeypatch.setattr(QuerySet, "update", update)


# A run writes three times: the claim, the content, the note that it was sent.
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_write_a_message_is_accepted_exactly_once(resend: Provider, number: int, after: bool) -> None:
    queue()
    with pytest.MonkeyPatch.context() as patch:
        _Updates(number, after=after).install(patch)
        with pytest.raises(Killed):
            deliver()

    deliver(NOW + LEASE + SECOND)
    deliver(NOW + 2 * LEASE)
    assert operators().get().result == "sent"
    assert len(resend.accepted) == 1


@pytest.mark.parametrize("kill", [kill_before, kill_after])
@pytest.mark.parametrize("step", ["compose", "send"])
def test_killed_while_writing_or_sending_a_message_is_accepted_exactly_once(
    resend: Provider, kill: Callable[..., None], step: str
) -> None:
    queue()
    with pytest.MonkeyPatch.context() as patch:
        kill(patch, deliver_module if step == "compose" else CHANNELS["email"], step)
        with pytest.raises(Killed):
            deliver()

    assert deliver(NOW + LEASE) == Tally()
    assert deliver(NOW + LEASE + SECOND) == Tally(sent=1)
    assert len(resend.accepted) == 1
