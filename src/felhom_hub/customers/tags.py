"""The tags of a customer: short words by which the operator sorts servers, such as their provider. Pure."""

import re
import unicodedata

from felhom_hub.base.errors import Impossible

MOST = 10
LONGEST = 40
_SEPARATOR = ", "
_LENGTH = 200  # of the column
_RULE = f"letters, digits, dots, dashes, underscores and spaces, {LONGEST} at most"
_TAG = re.compile(r"[\w][\w .-]*")


def written_tags(text: str) -> str:
    """The tags as they are stored: in small letters, each once, in the order in which they were entered.

    Raises Impossible for more than `MOST`, and with the tag that breaks the rule.
    """
    tags = list(dict.fromkeys(tag for each in text.replace("\n", ",").split(",") if (tag := written_tag(each))))
    if len(tags) > MOST or len(_SEPARATOR.join(tags)) > _LENGTH:
        raise Impossible(f"tags must be {MOST} at most, and {_LENGTH} characters in all")
    return _SEPARATOR.join(tags)


def written_tag(text: str) -> str:
    """One tag as it is stored, which may be empty; raises Impossible."""
    tag = " ".join(unicodedata.normalize("NFC", text).lower().split())
    if tag and (len(tag) > LONGEST or not _TAG.fullmatch(tag)):
        raise Impossible(f"tags must have {_RULE}, separated by commas")
    return tag


def tags_of(column: str) -> frozenset[str]:
    """The tags that the column holds."""
    return frozenset(each for each in column.split(_SEPARATOR) if each)
