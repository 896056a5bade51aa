"""The operator's password: which hash is in force, whether one is right, and the one made at the first start."""

import secrets
from http import HTTPStatus
from typing import ClassVar

import bcrypt
from django.conf import settings

from felhom_hub.base.instants import utc_now
from felhom_hub.operators.models import GeneratedPassword

# bcrypt reads no further, so that two long passwords with the same beginning would be one.
MAX_PASSWORD_BYTES = 72

# A tenth of a second on a small server's processor.
BCRYPT_ROUNDS = 12

# Four groups of five from 30 letters and digits that look like no other: 98 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz2345678"
_GROUPS, _GROUP_LETTERS = 4, 5


class UnusablePasswordError(ValueError):
    """This can be nobody's password; the sentence says why."""

    status: ClassVar[int] = HTTPStatus.BAD_REQUEST


def is_login_off() -> bool:
    """True when hub.yaml says `password_hash: ""`: everybody is the operator."""
    return bool(settings.HUB.auth.password_hash == "")


def hash_in_force() -> str | None:
    """The hash that sign-in checks: hub.yaml's, else the generated one; "" is no login, None before the first start."""
    configured: str | None = settings.HUB.auth.password_hash
    if configured is not None:
        return configured
    # Read anew each time, for another process may have made it, or an operator deleted it to get a new one.
    return GeneratedPassword.objects.values_list("bcrypt_hash", flat=True).first()


def ensure_password() -> str | None:
    """There is a hash in force; the password itself is returned this one time, when it has just been made."""
    if hash_in_force() is not None:
        return None
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS))
    # Of two processes that start together, the one whose row came first has made it.
    _, is_new = GeneratedPassword.objects.get_or_create(
        pk=GeneratedPassword.ONLY, defaults={"bcrypt_hash": bcrypt_hash(password), "created_at": utc_now()}
    )
    return password if is_new else None


def bcrypt_hash(password: str) -> str:
    """What `auth.password_hash` wants; UnusablePasswordError when bcrypt cannot hold the password."""
    return bcrypt.hashpw(_encoded(password), bcrypt.gensalt(BCRYPT_ROUNDS)).decode("ascii")


def check_usable(password: str) -> None:
    """UnusablePasswordError when this can be nobody's password."""
    _encoded(password)


def is_right(password: str, hash_of_right: str) -> bool:
    """True when the hash was made of this password; takes a tenth of a second by design."""
    return bcrypt.checkpw(_encoded(password), hash_of_right.encode("ascii"))


def _encoded(password: str) -> bytes:
    try:
        encoded = password.encode("utf-8")
    except UnicodeEncodeError:
        raise UnusablePasswordError("The password holds a character that is no text") from None
    if not encoded:
        raise UnusablePasswordError("The password is empty")
    if b"\0" in encoded:
        raise UnusablePasswordError("The password holds a NUL character, which bcrypt cannot take")
    if len(encoded) > MAX_PASSWORD_BYTES:
        raise UnusablePasswordError(
            f"The password has {len(encoded)} bytes; bcrypt reads only {MAX_PASSWORD_BYTES}, so a longer one is refused"
        )
    return encoded
