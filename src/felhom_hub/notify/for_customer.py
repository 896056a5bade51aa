"""The customer's letter about an event, in Hungarian. Pure."""

from datetime import datetime, timedelta

from felhom_hub.events.catalogue import CATALOGUE, LEGACY_TYPE, texts_of
from felhom_hub.notify.advice_hu import ADVICE_HU, GENERIC_HU
from felhom_hub.notify.letter import Letter, Tone
from felhom_hub.notify.situation import Situation, one_line

_MAX_MESSAGE = 600
_DAYS = ("hétfő", "kedd", "szerda", "csütörtök", "péntek", "szombat", "vasárnap")
_MONTHS = (
    "január", "február", "március", "április", "május", "június",
    "július", "augusztus", "szeptember", "október", "november", "december",
)  # fmt: skip
_SILENT = frozenset(("node_down", "node_stale"))
_BECAUSE, _WHERE = "Ezt a levelet azért kapta, mert", "a szervere kezelőfelületén, a Beállítások, Értesítések oldalon"
# What its own box has sent, whatever is switched on here.
_OF_THE_BOX = {"test": "a szerverén valaki próbaüzenetet kért", LEGACY_TYPE: "a szervere üzenetet küldött Önnek"}
# A customer is not frightened more than the matter deserves: red is for a server that is out of reach.
_TONES: dict[str, Tone] = {"error": "warn", "warning": "warn", "info": "info"}


def customer_letter(situation: Situation) -> Letter:
    """What happened, since when, what it means for them, what happens next, and whom to reach."""
    advice = ADVICE_HU.get(situation.event_type) or GENERIC_HU[situation.severity]
    name = one_line(situation.name, 100)
    return Letter(
        language="hu",
        tone=_tone(situation),
        tag=advice.tag,
        subject=advice.heading,
        heading=advice.heading,
        preview=_what(situation),
        greeting=f"Kedves {name}!" if name else "Kedves Ügyfelünk!",
        paragraphs=tuple(each for each in (_what(situation), advice.meaning, *_notes(situation)) if each),
        facts=_facts(situation),
        steps_heading="Mit tehet most?",
        steps=advice.steps,
        link_label="",
        link="",
        closing=("Üdvözlettel:", "a Felhom csapata"),
        footer=_footer(situation),
    )


def _tone(situation: Situation) -> Tone:
    if situation.is_recovery:
        return "ok"
    return "down" if situation.event_type == "node_down" else _TONES[situation.severity]


def _what(situation: Situation) -> str:
    """The catalogue's sentence; of a type that it does not know the box's own words are told, as it meant them.

    Of a known type they are not: they are for technicians, and often in English.
    """
    if situation.event_type == LEGACY_TYPE or situation.event_type not in CATALOGUE:
        said = one_line(situation.message, _MAX_MESSAGE)
        if said:
            return said
    return texts_of(situation.event_type, situation.severity).hungarian


def _notes(situation: Situation) -> list[str]:
    notes = []
    if situation.held_back:
        notes.append(f"A legutóbbi levelünk óta ez még {situation.held_back} alkalommal előfordult.")
    if situation.later:
        notes.append("Amikor ez kezdődött, nem írtunk Önnek, de a helyzet azóta sem változott.")
    if situation.is_late:
        notes.append("Elnézést kérünk, hogy ezt a levelet csak késve tudtuk elküldeni.")
    return notes


def _facts(situation: Situation) -> tuple[tuple[str, str], ...]:
    silent = situation.event_type in _SILENT and situation.last_report_at is not None
    pairs = (
        ("Szerver", one_line(situation.domain, 200)),
        ("Utolsó jelentés", date_words(situation, situation.last_report_at) if silent else ""),
        ("Időpont", "" if silent else date_words(situation, situation.at)),
        ("Utolsó mentés", date_words(situation, situation.last_backup_at)),
    )
    return tuple((name, value) for name, value in pairs if value)


def date_words(situation: Situation, at: datetime | None) -> str:
    """The local time as a Hungarian letter has it: "2026. március 12., csütörtök 12:18"."""
    if at is None:
        return ""
    local = at.astimezone(situation.zone)
    return f"{local.year}. {_MONTHS[local.month - 1]} {local.day}., {_DAYS[local.weekday()]} {local:%H:%M}"


def _footer(situation: Situation) -> tuple[str, ...]:
    if situation.is_recovery:
        return f"{_BECAUSE} a probléma kezdetéről is értesítettük.", f"Az értesítéseit {_WHERE} bármikor módosíthatja."
    if situation.event_type in _OF_THE_BOX:
        return (f"{_BECAUSE} {_OF_THE_BOX[situation.event_type]}.",)
    hours = situation.cooldown // timedelta(hours=1)
    often = f"{hours} óránként" if hours > 1 else "óránként"
    return (
        f"{_BECAUSE} ez az értesítés be van kapcsolva a szerverén.",
        f"{_WHERE[0].upper()}{_WHERE[1:]} bármikor kikapcsolhatja.",
        *((f"Ugyanerről {often} legfeljebb egyszer írunk.",) if hours else ()),
    )
