"""What the operator writes down about a customer, and the rule of each item."""

import re
import unicodedata
from dataclasses import asdict, dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from felhom_hub.base.errors import Impossible
from felhom_hub.customers.identity import CUSTOMER_ID, CUSTOMER_ID_RULE
from felhom_hub.customers.tags import written_tags

# As long as their columns.
_LENGTHS = {"name": 200, "town": 100, "phone": 50}
EMAIL_LENGTH, _DOMAIN_LENGTH = 254, 253  # RFC 5321 and RFC 1035
_NOTE_LENGTH = 4000
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
# The last label has a letter: an IP address is no domain.
_DOMAIN = re.compile(rf"({_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}", re.ASCII)
_DOMAIN_RULE = "a domain such as kovacs.example.hu, without https:// and path (accents in their xn-- form)"
_is_email = EmailValidator(allowlist=[])


@dataclass(frozen=True)
class Details:
    """Name, domain and e-mail are required; the rest may be empty."""

    name: str
    domain: str
    email: str
    town: str = ""
    phone: str = ""
    note: str = ""
    tags: str = ""


_FINE = Details("name", "example.hu", "somebody@example.hu")


def check_customer_id(customer_id: str) -> None:
    """Nothing happens for an id by the contract's rule; raises Impossible for another."""
    if not CUSTOMER_ID.fullmatch(customer_id):
        raise Impossible(f"The customer's id must be {CUSTOMER_ID_RULE}")


def checked(details: Details) -> Details:
    """The same as it is stored: trimmed, the domain in lower case; raises Impossible with the item and its rule."""
    name = _line("name", details.name)
    if not name:
        raise Impossible("name must not be empty")
    return Details(
        name=name,
        domain=_domain(details.domain),
        email=checked_email(details.email),
        town=_line("town", details.town),
        phone=_line("phone", details.phone),
        note=_note(details.note),
        tags=written_tags(details.tags),
    )


def checked_email(value: str) -> str:
    """The address, trimmed; raises Impossible for what is not one address."""
    email = _trimmed(value)
    try:
        _is_email(email)
        is_address = len(email) <= EMAIL_LENGTH and email.isprintable()
    except ValidationError:
        is_address = False
    if not is_address:
        raise Impossible("email must be one address such as anna@example.hu")
    return email


def problems_of(details: Details) -> dict[str, str]:
    """What is wrong with each item, in one sentence; empty where `checked` raises nothing."""
    found = {}
    for item, value in asdict(details).items():
        try:
            checked(replace(_FINE, **{item: value}))
        except Impossible as error:
            found[item] = f"{error.sentence[0].upper()}{error.sentence[1:]}."
    return found


def _line(item: str, value: str) -> str:
    text = _trimmed(value)
    if len(text) > _LENGTHS[item] or not text.isprintable():
        raise Impossible(f"{item} must be one line of at most {_LENGTHS[item]} printable characters")
    return text


def _note(value: str) -> str:
    text = "\n".join(_trimmed(value).splitlines())
    if len(text) > _NOTE_LENGTH or not all(line.isprintable() for line in text.split("\n")):
        raise Impossible(f"note must be at most {_NOTE_LENGTH} printable characters; it may have several lines")
    return text


def _domain(value: str) -> str:
    domain = _trimmed(value).lower().removesuffix(".")
    if len(domain) > _DOMAIN_LENGTH or not _DOMAIN.fullmatch(domain):
        raise Impossible(f"domain must be {_DOMAIN_RULE}")
    return domain


def _trimmed(value: str) -> str:
    return unicodedata.normalize("NFC", value.strip())
