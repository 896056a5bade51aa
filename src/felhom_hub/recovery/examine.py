"""Decides what each check of a recovery comes to, for one server. Pure.

What is known of the snapshot, of the newest report and of the hub's own door comes in as `Known`; nothing in it is a
secret. A check that could not be asked is UNKNOWN, never a yes and never a no.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from felhom_hub.base.words import count_words, span_words
from felhom_hub.recovery.checks import BACKUP, DRIVES, OPENS, PASSWORDS, RETRIEVAL, Check, Examination, State
from felhom_hub.recovery.contents import CONFIG, Contents
from felhom_hub.recovery.contents import DISKS as DISKS_PART
from felhom_hub.recovery.contents import PASSWORDS as PASSWORDS_PART
from felhom_hub.recovery.measures import SHRUNK_FOR, Measures, is_less, lost_passwords, shrunk, smaller_since

# A controller sends its snapshot once a day; two days leave room for one that failed.
SNAPSHOT_OLD_AFTER: Final = timedelta(days=2)
# As for every nightly backup: two hours more than a day leave room for a long one.
BACKUP_OLD_AFTER: Final = timedelta(hours=26)
_FEW: Final = 3  # notes of one kind that are spelled out


class Opening(StrEnum):
    """What came of fetching the recovery answer with the stored passphrase."""

    OPENS = "opens"
    NOT_MANAGED = "not managed"
    NO_PASSPHRASE = "no passphrase"  # noqa: S105 - says that there is none
    WRONG = "wrong"  # the door refuses what is stored
    NOT_MADE = "not made"  # the answer itself cannot be made


@dataclass(frozen=True)
class Snapshot:
    """The newest version; `contents` is None where its envelope does not open."""

    number: int
    received_at: datetime
    renewed_at: datetime
    contents: Contents | None


@dataclass(frozen=True)
class ReportedDrive:
    """A drive in the newest report that is not decommissioned; texts are empty where it has none."""

    name: str
    device: str = ""
    path: str = ""


@dataclass(frozen=True)
class Reported:
    """What the newest report says; `at` is when it came."""

    at: datetime
    stacks: Sequence[str] = ()
    drives: Sequence[ReportedDrive] = ()
    retired: Sequence[ReportedDrive] = ()
    last_backup_at: datetime | None = None
    last_backup_ok: bool | None = None


@dataclass(frozen=True)
class Known:
    """All that the checks rest on; `reported` is None before the first report, `good` before the first good version."""

    customer_id: str
    domain: str
    snapshot: Snapshot | None
    reported: Reported | None
    opening: Opening
    good: Measures | None = None


def examine(known: Known, *, now: datetime) -> Examination:
    """The five checks."""
    return Examination(
        (
            _opens(known, now),
            _passwords(known, now),
            _drives(known),
            _backup(known.reported),
            _retrieval(known.opening),
        )
    )


def is_good(known: Known, *, now: datetime) -> bool:
    """Whether the newest version is whole, this customer's, and no smaller than it should be."""
    snapshot = known.snapshot
    if snapshot is None or snapshot.contents is None or snapshot.contents.too_large:
        return False
    contents, good = snapshot.contents, _measured_by(known, now)
    whole = not (contents.broken or contents.missing or _unnamed(contents) or _foreign(known, contents))
    return whole and not is_less(contents, good)


def _opens(known: Known, now: datetime) -> Check:
    if known.snapshot is None:
        return Check(OPENS, State.BROKEN, "There is no snapshot", ("The server has never sent a snapshot",))
    contents = known.snapshot.contents
    if contents is None:
        notes = _with_good(known, "Its seal does not open: it was changed, or its key is missing")
        return Check(OPENS, State.BROKEN, "The newest snapshot does not open", notes)
    if contents.broken:
        return Check(OPENS, State.BROKEN, "The newest snapshot does not open", _with_good(known, *contents.broken))
    if foreign := _foreign(known, contents):
        return Check(OPENS, State.BROKEN, "The newest snapshot is another server’s", _with_good(known, foreign))
    return _is_whole(known, known.snapshot, contents, now)


def _is_whole(known: Known, snapshot: Snapshot, contents: Contents, now: datetime) -> Check:
    """The same of a snapshot that opens."""
    if contents.too_large:
        # A gap, for a recovery of which nothing is proven must not be called possible.
        words = "The snapshot is too large to be looked into every day, so nothing in it is proven"
        return Check(OPENS, State.GAP, "The snapshot opens, but could not be looked into", (words,))
    # Passwords and drives have checks of their own.
    own = (PASSWORDS_PART, DISKS_PART)
    gaps = [f"The {part} {_is(part)} missing in it" for part in contents.missing if part not in own]
    gaps += [*_unnamed(contents), *_wrong_domain(known, contents)]
    gaps += [*shrunk(contents, _measured_by(known, now)), *_lost_stacks(known, contents)]
    if known.reported is not None and known.reported.at - snapshot.renewed_at > SNAPSHOT_OLD_AFTER:
        age = span_words(known.reported.at - snapshot.renewed_at)
        gaps.append(f"The snapshot was {age} old at the last report; it is sent every day")
    if gaps:
        return Check(OPENS, State.GAP, "The snapshot opens, but not all of it is there", tuple(gaps))
    parts = f"{count_words(len(contents.disks), 'drive')}, {count_words(len(contents.stacks), 'app')}"
    words = f"{CONFIG}, settings, {parts} and {count_words(contents.passwords, 'restic password')} were read back"
    return Check(OPENS, State.OK, "The snapshot opens and every part is there", (words,))


def _foreign(known: Known, contents: Contents) -> str:
    """Whose it is, where the controller.yaml names somebody else."""
    named = contents.config_customer
    return "" if named in ("", known.customer_id) else f"Its {CONFIG} is for {named}"


def _unnamed(contents: Contents) -> list[str]:
    return [] if contents.config_customer or CONFIG in contents.missing else [f"Its {CONFIG} does not say whose it is"]


def _wrong_domain(known: Known, contents: Contents) -> list[str]:
    named = contents.config_domain.rstrip(".").casefold()
    if not named or not known.domain or named == known.domain.rstrip(".").casefold():
        return []
    return [f"Its {CONFIG} is for {contents.config_domain}, the hub knows {known.domain}"]


def _measured_by(known: Known, now: datetime) -> Measures | None:
    """The last good version, as long as the newest one has to be as much as that one."""
    good, snapshot = known.good, known.snapshot
    if good is None or snapshot is None or snapshot.contents is None or good.version >= snapshot.number:
        return None
    since = smaller_since(snapshot.contents, good, snapshot.received_at)
    return good if now - since < SHRUNK_FOR else None


def _lost_stacks(known: Known, contents: Contents) -> list[str]:
    there = {name.casefold() for name in contents.stacks}
    reported = known.reported.stacks if known.reported is not None else ()
    return _few([name for name in reported if name.casefold() not in there], "{} runs, but is not among the apps")


def _passwords(known: Known, now: datetime) -> Check:
    contents = _readable(known)
    if contents is None:
        return Check(PASSWORDS, State.UNKNOWN, "The restic passwords could not be looked for")
    if not contents.passwords:
        words = "Without a restic password no app data comes back"
        return Check(PASSWORDS, State.GAP, "There is no restic password in the snapshot", (words,))
    if words := lost_passwords(contents, _measured_by(known, now)):
        return Check(PASSWORDS, State.GAP, "A restic password is gone from the snapshot", (words,))
    count = count_words(contents.passwords, "restic password")
    return Check(PASSWORDS, State.OK, f"{count} {'is' if contents.passwords == 1 else 'are'} in it", _NEVER_SHOWN)


_NEVER_SHOWN = ("Counted only, the passwords are never shown",)


def _drives(known: Known) -> Check:
    contents, reported = _readable(known), known.reported
    if contents is None or not (contents.disks or DISKS_PART in contents.missing):
        return Check(DRIVES, State.UNKNOWN, "The disk layout could not be looked at")
    if not contents.disks:
        return Check(DRIVES, State.GAP, "There is no disk layout", ("Which drives the apps were on is not in it",))
    gaps = _few([disk.name for disk in contents.disks if not disk.has_uuid], "{} in the layout has no UUID")
    if reported is not None and reported.drives:
        here, retired = _marks(reported.drives), _marks(reported.retired)
        layout = [ReportedDrive(disk.name, disk.device, disk.path) for disk in contents.disks]
        gone = [each.name for each in layout if not _marks([each]) & (here | retired)]
        new = [each.name for each in reported.drives if not _marks([each]) & _marks(layout)]
        gaps += _few(gone, "{} in the layout does not report any more. Was it swapped?")
        gaps += _few(new, "{} reports, but is not in the layout")
    if gaps:
        return Check(DRIVES, State.GAP, "The drives do not all match", tuple(gaps))
    count = count_words(len(contents.disks), "drive")
    if reported is None or not reported.drives:
        return Check(DRIVES, State.OK, f"{count} in the layout, each with a UUID", ("The server reports no drives",))
    return Check(DRIVES, State.OK, f"{count} in the layout, each with a UUID, and all of them report")


def _marks(drives: Sequence[ReportedDrive]) -> set[str]:
    """What they are recognised by; a device is called otherwise after a restart, so one of three is enough."""
    return {text.casefold() for drive in drives for text in (drive.name, drive.device, drive.path) if text}


def _backup(reported: Reported | None) -> Check:
    if reported is None or (reported.last_backup_at is None and reported.last_backup_ok is None):
        return Check(BACKUP, State.UNKNOWN, "The server reports no app backup")
    if reported.last_backup_at is None:
        return Check(BACKUP, State.GAP, "The app backup failed", ("There is no app backup that succeeded",))
    # By the last report: while a server is off, nothing is added to it that could be lost.
    age = max(reported.at - reported.last_backup_at, timedelta())
    if reported.last_backup_ok is False:
        words = f"App data would be more than {span_words(age)} old: the last backup failed"
        return Check(BACKUP, State.GAP, "The last app backup failed", (words,))
    if age > BACKUP_OLD_AFTER:
        words = f"App data would be {span_words(age)} old: no backup last night"
        return Check(BACKUP, State.GAP, "The last good app backup is older than one night", (words,))
    return Check(BACKUP, State.OK, "There is an app backup of last night")


def _retrieval(opening: Opening) -> Check:
    if opening is Opening.NOT_MANAGED:
        words = "No configuration, so no retrieval password. Create a configuration"
        return Check(RETRIEVAL, State.GAP, "There is no retrieval password yet", (words,))
    if opening is Opening.NO_PASSPHRASE:
        return Check(RETRIEVAL, State.BROKEN, "There is no retrieval password", ("The customer has no passphrase",))
    if opening is Opening.WRONG:
        words = "The stored retrieval password is refused, or its seal does not open"
        return Check(RETRIEVAL, State.BROKEN, "The retrieval password does not open the answer", (words,))
    if opening is Opening.NOT_MADE:
        words = "The configuration cannot be made; its preview says why"
        return Check(RETRIEVAL, State.BROKEN, "The recovery answer cannot be made", (words,))
    words = "Tried by the hub itself, not counted as a fetch"
    return Check(RETRIEVAL, State.OK, "The retrieval password opens the recovery answer", (words,))


def _readable(known: Known) -> Contents | None:
    """The contents where their lists say anything: not where the whole is damaged, too large or another's."""
    contents = known.snapshot.contents if known.snapshot is not None else None
    if contents is None or contents.too_large or not contents.is_readable:
        return None
    return None if _foreign(known, contents) else contents


def _with_good(known: Known, *sentences: str) -> tuple[str, ...]:
    """The sentences, the first one with the version that can be fallen back on."""
    good, snapshot = known.good, known.snapshot
    if good is None or snapshot is None or good.version >= snapshot.number:
        return sentences
    return (f"{sentences[0]}. Version {good.version} of {good.received_on} is good", *sentences[1:])


def _few(names: Sequence[str], sentence: str) -> list[str]:
    """A sentence for each of the first names, and one for the rest."""
    found = [sentence.format(name) for name in names[:_FEW]]
    return [*found, f"And {len(names) - _FEW} more"] if len(names) > _FEW else found


def _is(part: str) -> str:
    return "are" if part.endswith("s") else "is"
