"""One written value through its setting's rule, and the line that says why it cannot be; no line holds a secret."""

from felhom_hub.project.setting import Setting
from felhom_hub.project.sources import Written

# As much of a wrong value or reason as helps; it came from outside and may be a whole file.
_SHOWN = 80
_REASON = 200


class ImpossibleError(ValueError):
    """The value breaks its setting's rule; the message is the whole line for the operator."""


def read_value(setting: Setting, written: Written) -> object:
    """The value as its rule reads it; ImpossibleError names place, key and rule, and the value unless it is secret."""
    if written.is_list and not setting.rule.is_list:
        raise ImpossibleError(f"{written.where}: {setting.key} is a list, but must be {setting.rule.must_be}")
    try:
        return setting.rule.read(written.text)
    except ValueError as error:
        reason = f"; {clipped(str(error), _REASON)}" if str(error) else ""
        is_what = "" if setting.is_secret else f"is {shown(written.text)}, but "
        line = f"{written.where}: {setting.key} {is_what}must be {setting.rule.must_be}{reason}"
        raise ImpossibleError(line) from None


def shown(text: str) -> str:
    """The text quoted, on one line, with what a terminal might obey escaped."""
    return repr(clipped(text.replace("\n", ", "), _SHOWN))


def clipped(text: str, length: int) -> str:
    """At most so many characters, and a dot-dot-dot where there were more."""
    return text if len(text) <= length else f"{text[:length]}…"
