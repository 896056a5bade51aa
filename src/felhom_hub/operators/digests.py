"""Digests and tokens of sign-in: what is kept of a secret instead of the secret itself."""

import secrets
from hashlib import sha256

TOKEN_BYTES = 32  # 64 hex digits


def new_token() -> str:
    """64 hex digits that nobody can guess."""
    return secrets.token_hex(TOKEN_BYTES)


def digest(secret: str) -> str:
    """The SHA-256 of the secret, as 64 hex digits."""
    # Lone surrogates reach us from a cookie's raw bytes.
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
