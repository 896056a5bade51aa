import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings
from structlog.testing import capture_logs

from felhom_hub.base import secrets
from felhom_hub.base.secrets import SecretsError
from felhom_hub.operators.models import GeneratedPassword
from felhom_hub.operators.password import is_right
from felhom_hub.project import start
from felhom_hub.project.database_url import SqliteUrl
from felhom_hub.project.start import Prepared, StartError, prepare

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_data_dir(settings: Settings, tmp_path: Path) -> None:
    settings.HUB = replace(
        settings.HUB,
        server=replace(settings.HUB.server, data_dir=tmp_path / "data"),
        auth=replace(settings.HUB.auth, password_hash=None),
    )


def events(settings: Settings, **api: object) -> list[str]:
    settings.HUB = replace(settings.HUB, api=replace(settings.HUB.api, **api))
    with capture_logs() as logs:
        prepare()
    return [entry["event"] for entry in logs]


def test_directory_and_password_are_made_once(settings: Settings) -> None:
    data_dir: Path = settings.HUB.server.data_dir
    first, second = prepare(), prepare()

    assert first.new_password is not None
    assert is_right(first.new_password, GeneratedPassword.objects.get().bcrypt_hash)
    assert second == Prepared(None)
    assert data_dir.stat().st_mode & 0o777 == 0o700


def test_password_of_the_settings_leaves_none_to_make(settings: Settings) -> None:
    settings.HUB = replace(
        settings.HUB, auth=replace(settings.HUB.auth, password_hash="$2b$04$" + "a" * 21 + "." + "a" * 31)
    )

    assert prepare() == Prepared(None)
    assert GeneratedPassword.objects.count() == 0


def test_login_that_is_off_is_warned_of(settings: Settings) -> None:
    before = events(settings)
    settings.HUB = replace(settings.HUB, auth=replace(settings.HUB.auth, password_hash=""))

    assert ("login_is_off" in before, "login_is_off" in events(settings)) == (False, True)


def test_missing_global_key_is_told(settings: Settings) -> None:
    found = ["no_global_key" in events(settings, report_api_key=key) for key in ("a-key", "")]

    assert found == [False, True]


def test_warnings_of_the_settings_are_logged(settings: Settings) -> None:
    settings.HUB_LOADED = replace(settings.HUB_LOADED, warnings=("hub.yaml:1: unknown key colour is ignored",))
    with capture_logs() as logs:
        prepare()

    assert [entry["warning"] for entry in logs if entry["event"] == "setting"] == [
        "hub.yaml:1: unknown key colour is ignored"
    ]


def test_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(StartError) as raised:
        prepare()

    assert str(raised.value) == f"server.data_dir {tmp_path / 'data'} cannot be made: File exists"
    assert not raised.value.may_pass


def test_a_hub_that_was_installed_without_its_front_end_serves_no_page_and_says_so(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path

    with pytest.raises(StartError, match="the front end's files are not built"):
        prepare()


def test_impossible_secret_keys_are_told_in_their_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise SecretsError("the key file is gone")

    monkeypatch.setattr(start, "keyring", refuse)

    with pytest.raises(StartError) as raised:
        prepare()

    assert (str(raised.value), raised.value.may_pass) == ("the key file is gone", False)


@pytest.mark.parametrize(
    ("number", "may_pass"),
    [(errno.ENOSPC, True), (errno.EROFS, True), (errno.EIO, True), (errno.EACCES, False), (errno.EPERM, False)],
    ids=lambda value: errno.errorcode.get(value, "") if value is not True else "passes",
)
@pytest.mark.parametrize("step", ["mkdir", "_draft_beside", "hold_database", "ensure_password"])
def test_whether_a_refusal_of_the_system_may_pass_is_told(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, step: str, number: int, may_pass: bool
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "a file")

    place: Path = settings.HUB.server.data_dir
    if step == "hold_database":
        settings.HUB = replace(settings.HUB, database=replace(settings.HUB.database, url=SqliteUrl(place / "hub.db")))
    key_file = place / "secret.keys"
    settings.HUB = replace(settings.HUB, secrets=replace(settings.HUB.secrets, keys=(), key_file=key_file))
    module = {"mkdir": Path, "_draft_beside": secrets}.get(step, start)
    monkeypatch.setattr(module, step, refuse)

    with pytest.raises(StartError) as raised, start.serving_alone():
        prepare()

    assert raised.value.may_pass is may_pass


@pytest.mark.parametrize(
    ("complaint", "may_pass"),
    [
        ("could not connect to server", True),
        ("database is locked", True),
        ("database or disk is full", True),
        ("attempt to write a readonly database", True),
        ("disk I/O error", True),
        ("database disk image is malformed", False),
        ("unable to open database file", False),
    ],
)
def test_whether_what_a_database_complains_of_may_pass_is_told(
    monkeypatch: pytest.MonkeyPatch, complaint: str, may_pass: bool
) -> None:
    def refuse() -> None:
        raise OperationalError(complaint)

    monkeypatch.setattr(start, "migrate_alone", refuse)

    with pytest.raises(StartError) as raised:
        prepare()

    assert raised.value.may_pass is may_pass


def test_database_that_cannot_be_used_is_named_and_told_in_a_plain_word() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE operators_generatedpassword RENAME TO operators_gone")
    try:
        with pytest.raises(StartError) as raised:
            prepare()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE operators_gone RENAME TO operators_generatedpassword")

    message = str(raised.value)
    assert (message.startswith("the database "), message.endswith(" cannot be used: it does not answer")) == (
        True,
        True,
    )
    assert str(connection.settings_dict["NAME"]) in message
