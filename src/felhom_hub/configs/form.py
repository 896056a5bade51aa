"""The form of a customer: its fields in groups, as the template prints them, with what is wrong with each. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from felhom_hub.configs.settings import LOG_LEVELS, PINGS
from felhom_hub.configs.thresholds import METERS, NAMES, default_of

DETAILS: Final = ("name", "domain", "email", "town", "phone", "tags", "note")
TOKENS: Final = ("cf_api_token", "cf_tunnel_token")

# What comes back where the sign-in ended before the form was saved.
RETURNING: Final = (
    "customer_id", *DETAILS, "is_monitored", "log_level", "report_minutes", *NAMES, *(f"ping_{name}" for name in PINGS),
    "overrides",    "editing", "seen", *(f"{what}_{name}" for name in TOKENS for what in ("remove", "drop")),
)  # fmt: skip

_LABELS: Final = {
    "name": "Name",
    "customer_id": "Customer id",
    "domain": "Domain",
    "email": "Contact email",
    "town": "Town",
    "phone": "Phone",
    "tags": "Tags",
    "note": "Operator note",
    "cf_api_token": "Cloudflare API token",
    "cf_tunnel_token": "Tunnel token",
    "is_monitored": "Monitoring",
    "log_level": "Log level",
    "report_minutes": "Reports every, min",
    "overrides": "Overrides",
    **{
        name: f"{METERS[name.rpartition('_')[0]].label} {'warning' if name.endswith('_high') else 'critical'}, "
        f"{METERS[name.rpartition('_')[0]].unit}"
        for name in NAMES
    },
    **{f"ping_{name}": f"{label} UUID" for name, label in PINGS.items()},
}
_HINTS: Final = {
    "customer_id": "Letters, digits, dots, dashes and underscores. Cannot be changed later.",
    "domain": "The domain of the box, without https://.",
    "email": "Gets the Hungarian notifications that the customer allows.",
    "tags": "What servers have in common, such as their provider; a silence may be for a tag. Separated by commas.",
    "note": "Only shown in the hub.",
    "cf_api_token": "Needs Zone DNS:Edit for certificates and Zone WAF:Edit for geo restriction.",
    "cf_tunnel_token": "Leave empty if the site has a public address.",
    "is_monitored": "What the controller itself does; the hub watches in either case.",
    "report_minutes": "How often this box reports. Its silence counts later or earlier accordingly.",
    "overrides": "YAML that is merged over the template. Keys that the hub writes itself are refused.",
}
_REQUIRED: Final = frozenset({"customer_id", "name", "domain", "email"})
_CHOICES: Final = {
    "is_monitored": (("", "As in the template"), ("yes", "On"), ("no", "Off")),
    "log_level": (("", "As in the template"), *((level, level) for level in LOG_LEVELS)),
}


def label_of(name: str) -> str:
    """What stands above the field; its name where a newer hub has one that is not known here."""
    return _LABELS.get(name, name)


@dataclass(frozen=True)
class Field:
    """One field; `stored` is what is there now where somebody else changed it meanwhile."""

    name: str
    value: str = ""
    problem: str = ""
    stored: str | None = None
    entered_at: datetime | None = None  # of a token that is there
    kept: str = ""  # of a token that was typed and is not saved yet: its envelope

    @property
    def label(self) -> str:
        """What stands above it."""
        return label_of(self.name)

    @property
    def hint(self) -> str:
        """What stands below it."""
        return _HINTS.get(self.name, "")

    @property
    def optional(self) -> str:
        """The word beside the label."""
        return "deprecated" if self.name.startswith("ping_") else "" if self.name in _REQUIRED else "optional"

    @property
    def placeholder(self) -> str:
        """What holds while it is empty."""
        if self.name == "report_minutes":
            return "as the others"
        return f"{default_of(self.name):g} (default)" if self.name in NAMES else ""

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Value and word of each choice; empty for a text."""
        return _CHOICES.get(self.name, ())

    @property
    def is_long(self) -> bool:
        """True for a text of several lines."""
        return self.name in {"note", "overrides"}

    @property
    def begins_row(self) -> bool:
        """True for the first of a pair that stands side by side: a warning and what is critical."""
        return self.name in NAMES and self.name.endswith("_high")

    @property
    def described_by(self) -> str:
        """The ids of its hint and its problem."""
        return f"{f'f-{self.name}-h ' if self.hint else ''}f-{self.name}-e"


@dataclass(frozen=True)
class Form:
    """The form as it is shown; `customer_id` is empty for a new customer."""

    customer_id: str
    name: str
    seen: str
    identity: list[Field]
    tokens: list[Field]
    monitoring: list[Field]
    overrides: Field
    legacy: list[Field]
    removed: frozenset[str] = frozenset()
    is_refused: bool = False
    is_conflict: bool = False
    is_returned: bool = False  # a sign-in came in between; nothing was tried yet

    @property
    def fields(self) -> list[Field]:
        """All of them, in the order of the page."""
        return [*self.identity, *self.tokens, *self.monitoring, self.overrides, *self.legacy]

    @property
    def wrong(self) -> list[Field]:
        """Those that need a change."""
        return [field for field in self.fields if field.problem]

    @property
    def changed(self) -> list[Field]:
        """Those that somebody else has another value in."""
        return [field for field in self.fields if field.stored is not None]

    @property
    def opens_legacy(self) -> bool:
        """True when something below the fold needs to be seen."""
        return any(field.problem or field.stored is not None for field in self.legacy)


def form_of(
    values: Mapping[str, str],
    *,
    customer_id: str = "",
    name: str = "",
    seen: str = "",
    problems: Mapping[str, str] | None = None,
    held: Mapping[str, datetime] | None = None,
    kept: Mapping[str, str] | None = None,
    removed: frozenset[str] = frozenset(),
    stored: Mapping[str, str] | None = None,
    is_refused: bool = False,
    is_returned: bool = False,
) -> Form:
    """The form with these values; `stored` are those in the database where they became others meanwhile."""
    problems, held, kept = problems or {}, held or {}, kept or {}

    def field(name: str) -> Field:
        value = "" if name in TOKENS else values.get(name, "")
        other = None
        if stored is not None and name not in TOKENS and stored.get(name, "") != value.replace("\r\n", "\n"):
            other = stored.get(name, "")
        return Field(name, value, problems.get(name, ""), other, held.get(name), kept.get(name, ""))

    return Form(
        customer_id=customer_id,
        name=name,
        seen=seen,
        identity=[field(each) for each in (DETAILS if customer_id else ("name", "customer_id", *DETAILS[1:]))],
        tokens=[field(each) for each in TOKENS],
        monitoring=[field(each) for each in ("is_monitored", "log_level", "report_minutes", *NAMES)],
        overrides=field("overrides"),
        legacy=[field(f"ping_{each}") for each in PINGS],
        removed=removed,
        is_refused=is_refused,
        is_returned=is_returned,
        is_conflict=stored is not None,
    )
