"""How a status looks: shape, tone and words (design language, section 3). Pure."""

from dataclasses import dataclass

from felhom_hub.reports.status import Status


@dataclass(frozen=True, slots=True)
class Look:
    """`tone` is the `t-…` class, `mark` the shape, `word` what a chip says."""

    tone: str
    mark: str
    word: str


LOOKS = {
    Status.DOWN: Look("down", "down", "Down"),
    Status.WARN: Look("warn", "warn", "Warning"),
    Status.PENDING: Look("idle", "pending", "Pending"),
    Status.DISABLED: Look("idle", "paused", "Disabled"),
    Status.OK: Look("ok", "ok", "OK"),
    Status.BLOCKED: Look("idle", "blocked", "Blocked"),
}
