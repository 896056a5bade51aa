"""The parts of a customer's page: which there are, in their order, and which of them need attention."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from felhom_hub.fleet.backups import Backup
from felhom_hub.fleet.meters import Tone
from felhom_hub.fleet.reported import Reported
from felhom_hub.fleet.storage import DriveRow
from felhom_hub.fleet.system import Tile


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page for the section bar; open by itself on narrow screens where it has a problem."""

    anchor: str
    title: str
    tone: Tone


def sections_of(reported: Reported | None, more: Mapping[str, Tone], *, is_managed: bool) -> list[Section]:
    """The sections that have something to show; `more` has the tones of those that rest on no report."""
    sections = []
    if reported is not None:
        sections = [
            Section("system", "Last known state" if reported.is_old else "System", _worst(reported.tiles)),
            Section("reports", "Reports", ""),
        ]
        if reported.drives:
            sections.append(Section("storage", "Storage", _worst(reported.drives)))
        if reported.containers is not None:
            sections.append(Section("containers", "Containers", reported.containers.tone))
        if reported.backups:
            sections.append(Section("backups", "Backups", _worst(reported.backups)))
    sections += _among(more, ("recovery", "Recovery"), ("events", "Events"), ("config", "Config"))
    if is_managed and reported is not None:  # before the first report they are all that there is
        sections += [Section("credentials", "Credentials", ""), Section("setup", "Set-up", "")]
    sections += _among(more, ("notifications", "Notifications"))
    if reported is not None:
        sections.append(Section("history", "History", ""))
    return sections


def _among(more: Mapping[str, Tone], *titles: tuple[str, str]) -> list[Section]:
    return [Section(anchor, title, more[anchor]) for anchor, title in titles if anchor in more]


def _worst(parts: Iterable[Tile | DriveRow | Backup]) -> Tone:
    tones = {part.tone for part in parts}
    return "down" if "down" in tones else "warn" if "warn" in tones else ""
