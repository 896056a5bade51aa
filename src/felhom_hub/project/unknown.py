"""Warnings for keys and variables that no setting has, each with the nearest; hubfile.py hands them on."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from felhom_hub.project.setting import ENVIRONMENT_PREFIX, FILE_SUFFIX, Setting
from felhom_hub.project.values import clipped

# Kubernetes puts these into every container of a namespace that has a service named felhom-hub.
_KUBERNETES = re.compile(
    r"(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)", re.ASCII
)
_NAME_SHOWN = 60


def unknown_key_warnings(unknown: Iterable[tuple[str, str]], settings: Mapping[str, Setting]) -> list[str]:
    """One line for each (key or section, place)."""
    # A key may also have been written under the wrong section or under none.
    keys = {key: key for key in settings} | {setting.name: key for key, setting in settings.items()}
    sections = keys | {setting.section: setting.section for setting in settings.values()}
    return [
        f"{where}: unknown key {_name(name)} is ignored{_nearest(name, keys if '.' in name else sections)}"
        for name, where in unknown
    ]


def unknown_variable_warnings(
    environ: Mapping[str, str], settings: Mapping[str, Setting], *, also_known: str
) -> list[str]:
    """One line for each variable with the hub's prefix that is no setting's, in the order of their names."""
    known = {also_known, *settings}
    known |= {variable + FILE_SUFFIX for variable, setting in settings.items() if setting.is_secret}
    # Compared without the prefix, which would make all names alike.
    near = {name.removeprefix(ENVIRONMENT_PREFIX): name for name in known}
    strangers = (name for name in sorted(environ) if name.startswith(ENVIRONMENT_PREFIX) and name not in known)
    return [
        f"{_name(name)}: unknown variable is ignored{_nearest(name.removeprefix(ENVIRONMENT_PREFIX), near)}"
        for name in strangers
        if not _KUBERNETES.fullmatch(name.removeprefix(ENVIRONMENT_PREFIX))
    ]


def _nearest(name: str, near: Mapping[str, str]) -> str:
    # Keys are in small letters and variables in capitals; a wrong case is still a near miss.
    folded = {candidate.lower(): shown for candidate, shown in near.items()}
    for attempt in (name.lower(), name.lower().rpartition(".")[2]):
        found = get_close_matches(attempt, folded, n=1, cutoff=0.7)
        if found:
            return f"; did you mean {folded[found[0]]}?"
    return ""


def _name(name: str) -> str:
    short = clipped(name, _NAME_SHOWN)
    return short if short.isprintable() else repr(short)
