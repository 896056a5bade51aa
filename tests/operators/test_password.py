import re
import threading

import bcrypt
import pytest
from django.db import connection
from pytest_django import Settings
from tests.operators.site import with_auth
from tests.servers.browser import PASSWORD, PASSWORD_HASH

from felhom_hub.operators.models import GeneratedPassword
from felhom_hub.operators.password import (
    UnusablePasswordError,
    bcrypt_hash,
    check_usable,
    ensure_password,
    hash_in_force,
    is_login_off,
    is_right,
)


def test_the_right_password_is_right_and_another_is_not() -> None:
    assert is_right(PASSWORD, PASSWORD_HASH)
    assert not is_right(PASSWORD + "x", PASSWORD_HASH)
    assert not is_right("harom-ot-het", PASSWORD_HASH)


def test_a_new_hash_has_twelve_rounds_and_fits_its_password() -> None:
    new = bcrypt_hash("x" * 72)

    assert new.startswith("$2b$12$")
    assert bcrypt.checkpw(b"x" * 72, new.encode())


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "The password is empty"),
        ("x" * 73, "The password has 73 bytes; bcrypt reads only 72, so a longer one is refused"),
        ("ő" * 37, "The password has 74 bytes; bcrypt reads only 72, so a longer one is refused"),
        ("a\0b", "The password holds a NUL character, which bcrypt cannot take"),
        ("a\ud800b", "The password holds a character that is no text"),
    ],
)
def test_what_can_be_nobodys_password_is_refused_plainly(password: str, sentence: str) -> None:
    with pytest.raises(UnusablePasswordError) as caught:
        check_usable(password)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(("configured", "off"), [(None, False), ("", True), (PASSWORD_HASH, False)])
def test_login_is_off_only_where_the_hash_is_written_as_empty(settings: Settings, configured: str, off: bool) -> None:
    with_auth(settings, password_hash=configured)
    assert is_login_off() is off


@pytest.mark.django_db
@pytest.mark.parametrize("configured", ["", PASSWORD_HASH])
def test_a_configured_hash_is_in_force_and_nothing_is_made(settings: Settings, configured: str) -> None:
    GeneratedPassword.objects.create(bcrypt_hash="$2b$04$other", created_at=0)
    with_auth(settings, password_hash=configured)

    assert hash_in_force() == configured
    assert ensure_password() is None


@pytest.mark.django_db
def test_without_a_configured_hash_one_password_is_made_and_told_once(settings: Settings) -> None:
    with_auth(settings, password_hash=None)
    assert hash_in_force() is None

    password = ensure_password()

    assert password is not None
    assert re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", password)
    stored = hash_in_force()
    assert stored is not None
    assert is_right(password, stored)
    assert password not in stored
    assert ensure_password() is None


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_that_start_together_one_tells_the_password(settings: Settings) -> None:
    with_auth(settings, password_hash=None)
    told: list[str | None] = []
    together = threading.Barrier(2)

    def start() -> None:
        together.wait(30)
        told.append(ensure_password())
        connection.close()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    passwords = [password for password in told if password]
    assert len(told) == 2
    assert len(passwords) == 1
    stored = hash_in_force()
    assert stored is not None
    assert is_right(passwords[0], stored)
