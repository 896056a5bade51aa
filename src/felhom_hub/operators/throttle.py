"""Waits after wrong passwords, per address: whether the next try may be made now, and how long it must wait.

A try is counted before the password is checked and taken back when it was right, so that many tries at the same
moment do not all pass while none has failed yet.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from felhom_hub.operators.models import SignInFailure

FREE_FAILURES = 5
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)

# Failures older than this are forgotten: about thirty tries a day remain to one address.
MEMORY = timedelta(hours=24)

# A home gets a whole /64, so its addresses count as one.
_IPV6_HOME_BITS = 64


@dataclass(frozen=True)
class Try:
    """A counted try; `failures` includes it."""

    id: int
    failures: int


@dataclass(frozen=True)
class Wait:
    """No try before `until`."""

    until: datetime


def wait_after(failures: int) -> timedelta:
    """How long the next try waits after so many failures: nothing below five, then 5, 10, 20, 40 minutes, an hour."""
    if failures < FREE_FAILURES:
        return timedelta()
    doublings = min(failures - FREE_FAILURES, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def home_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or an IPv6 /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((int(parsed), _IPV6_HOME_BITS), strict=False).network_address)
    return str(parsed)


def begin_try(address: str, *, now: datetime) -> Try | Wait:
    """A try from the address is counted as failed until `take_back`, or must wait and is not counted."""
    home = home_of(address)
    waiting = _wait(home, now=now, besides=0)
    if isinstance(waiting, Wait):
        return waiting
    row = SignInFailure.objects.create(address=home, failed_at=now)
    # Looked at again with our own row in place, whatever the order: of two at the same moment one sees the other's, or
    # each does, and then neither was the last one that may pass.
    others = _wait(home, now=now, besides=row.pk)
    if isinstance(others, Wait):
        take_back(row.pk)
        return others
    return Try(row.pk, others + 1)


def take_back(try_id: int) -> None:
    """The try is not a failure after all."""
    SignInFailure.objects.filter(pk=try_id).delete()


def forget_failures(now: datetime) -> int:
    """Failures that make nobody wait any more are gone; how many there were."""
    return SignInFailure.objects.filter(failed_at__lte=now - MEMORY).delete()[0]


def _wait(home: str, *, now: datetime, besides: int) -> Wait | int:
    """The wait that is due, or the number of failures, without the row `besides`."""
    rows = SignInFailure.objects.filter(address=home, failed_at__gt=now - MEMORY).exclude(pk=besides)
    times = list(rows.order_by("-failed_at").values_list("failed_at", flat=True)[:100])
    if times:
        until = times[0] + wait_after(len(times))
        if until > now:
            return Wait(until)
    return len(times)
