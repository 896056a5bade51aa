import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from stat import S_IMODE
from threading import Barrier

import pytest
from pytest_django import Settings

from felhom_hub.base.secret_keys import SecretKey, format_secret_key
from felhom_hub.base.secrets import (
    Keyring,
    NoKeyring,
    NotAuthentic,
    SecretsError,
    UnknownKey,
    add_key,
    exposure_warning,
    forget_keyring,
    keyring,
    load_or_make_keyring,
    open_sealed,
    open_text,
    seal,
)

OLD, NEW = SecretKey("2025", bytes(range(32))), SecretKey("2026-11", bytes(range(32, 64)))
PURPOSE = "api_key:kovacs-peter"


@pytest.fixture(autouse=True)
def _no_keys_remembered() -> Iterator[None]:
    forget_keyring()
    yield
    forget_keyring()


@pytest.mark.parametrize("plaintext", [b"", b"\x00\xff", b"x" * 100_000])
def test_what_was_sealed_opens_for_the_same_purpose(plaintext: bytes) -> None:
    ring = Keyring((NEW,))
    assert ring.open(ring.seal(plaintext, purpose=PURPOSE), purpose=PURPOSE) == plaintext


def test_text_is_sealed_as_utf_8() -> None:
    ring = Keyring((NEW,))
    assert ring.open(ring.seal("alma-kerék", purpose=PURPOSE), purpose=PURPOSE) == "alma-kerék".encode()


def test_an_envelope_names_version_and_key_and_is_new_each_time() -> None:
    ring = Keyring((NEW, OLD))
    first, second = ring.seal(b"same", purpose=PURPOSE), ring.seal(b"same", purpose=PURPOSE)
    # 12 bytes of nonce, and 4 of ciphertext with 16 of tag.
    assert re.fullmatch(r"v1:2026-11:[A-Za-z0-9_-]{16}:[A-Za-z0-9_-]{27}", first)
    assert first.split(":")[2] != second.split(":")[2]
    assert first.split(":")[3] != second.split(":")[3]


@pytest.mark.parametrize("purpose", ["api_key:nagy-anna", "session_secret:kovacs-peter", "", "api_key:kovacs-peter "])
def test_an_envelope_does_not_open_for_another_purpose(purpose: str) -> None:
    ring = Keyring((NEW,))
    with pytest.raises(NotAuthentic):
        ring.open(ring.seal(b"canary", purpose=PURPOSE), purpose=purpose)


@pytest.mark.parametrize("part", [2, 3])
def test_a_changed_envelope_does_not_open(part: int) -> None:
    ring = Keyring((NEW,))
    parts = ring.seal(b"canary", purpose=PURPOSE).split(":")
    parts[part] = ("A" if parts[part][0] != "A" else "B") + parts[part][1:]
    with pytest.raises(NotAuthentic, match=r"^A stored secret was changed, or belongs to something else$"):
        ring.open(":".join(parts), purpose=PURPOSE)


def test_an_envelope_does_not_open_under_another_keys_name() -> None:
    same_key = replace(NEW, key_id="2025")
    envelope = Keyring((NEW,)).seal(b"canary", purpose=PURPOSE)
    with pytest.raises(NotAuthentic):
        Keyring((same_key,)).open(envelope.replace("2026-11", "2025"), purpose=PURPOSE)


@pytest.mark.parametrize(
    "envelope", ["", "canary", "v1:2026-11:AAAA", "v1:2026-11:!:?", "v1:2026-11::", "v1:2026-11:AAAA:A"]
)
def test_what_is_no_envelope_does_not_open(envelope: str) -> None:
    with pytest.raises(NotAuthentic):
        Keyring((NEW,)).open(envelope, purpose=PURPOSE)


def test_an_envelope_of_a_later_version_is_told_as_such() -> None:
    envelope = Keyring((NEW,)).seal(b"canary", purpose=PURPOSE).replace("v1:", "v2:", 1)
    with pytest.raises(NotAuthentic, match='an envelope of version "v2", which this hub cannot read'):
        Keyring((NEW,)).open(envelope, purpose=PURPOSE)


def test_older_keys_open_and_the_first_one_seals() -> None:
    envelope = Keyring((OLD,)).seal(b"canary", purpose=PURPOSE)
    ring = Keyring((NEW, OLD))
    assert ring.open(envelope, purpose=PURPOSE) == b"canary"
    assert ring.seal(b"canary", purpose=PURPOSE).startswith("v1:2026-11:")


def test_a_key_that_is_gone_is_named_with_the_way_out() -> None:
    envelope = Keyring((OLD,)).seal(b"canary", purpose=PURPOSE)
    with pytest.raises(UnknownKey) as caught:
        Keyring((NEW,)).open(envelope, purpose=PURPOSE)
    assert str(caught.value) == (
        'A stored secret was sealed with the key "2025", which this hub does not have; bring that key back in '
        "secrets.keys or secrets.key_file"
    )


def test_a_keyring_shows_no_key() -> None:
    assert repr(Keyring((NEW,))) == "Keyring(keys=(SecretKey(key_id='2026-11'),))"


def test_the_first_start_makes_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret.keys"
    old_mask = os.umask(0)
    try:
        made = load_or_make_keyring((), path)
    finally:
        os.umask(old_mask)
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret.keys"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="ascii") == format_secret_key(made.keys[0]) + "\n"
    assert load_or_make_keyring((), path) == made


def test_two_new_files_have_keys_of_different_names(tmp_path: Path) -> None:
    first = load_or_make_keyring((), tmp_path / "one")
    second = load_or_make_keyring((), tmp_path / "two")
    with pytest.raises(UnknownKey):
        second.open(first.seal(b"canary", purpose=PURPOSE), purpose=PURPOSE)


def test_who_starts_at_the_same_time_finds_the_same_key(tmp_path: Path) -> None:
    barrier = Barrier(8)

    def start(_number: int) -> Keyring:
        barrier.wait()
        return load_or_make_keyring((), tmp_path / "secret.keys")

    with ThreadPoolExecutor(8) as pool:
        rings = set(pool.map(start, range(8)))
    assert len(rings) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret.keys"]


def test_configured_keys_come_first_and_make_no_file(tmp_path: Path) -> None:
    assert load_or_make_keyring((NEW, OLD), tmp_path / "secret.keys") == Keyring((NEW, OLD))
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_without_a_directory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "secret.keys"
    with pytest.raises(NoKeyring, match=rf"^{re.escape(str(path))} cannot be made: no such file or directory$"):
        load_or_make_keyring((), path)


def test_a_directory_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoKeyring, match=rf"^{re.escape(str(tmp_path))} cannot be read: is a directory$"):
        load_or_make_keyring((), tmp_path)


def test_a_link_to_nowhere_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret.keys"
    path.symlink_to(tmp_path / "unmounted")
    with pytest.raises(NoKeyring, match=r"cannot be read: no such file or directory$"):
        load_or_make_keyring((), path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret.keys"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "holds no key; bring its content back, or remove it to have a new key made"),
        (b"\n", "holds no key; bring its content back, or remove it to have a new key made"),
        (
            b"one:canary\n",
            "must hold keys, each id:base64-of-32-bytes, one a line: key 1 is not base64 after its colon",
        ),
        (b"\xff\xfe", "cannot be read: it is not text"),
    ],
)
def test_a_file_without_sound_keys_is_refused_and_not_shown(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "secret.keys"
    path.write_bytes(content)
    with pytest.raises(NoKeyring) as caught:
        load_or_make_keyring((), path)
    assert str(caught.value) == f"{path} {reason}"
    assert path.read_bytes() == content


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_can_read_is_worth_a_warning(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret.keys"
    load_or_make_keyring((), path)
    assert exposure_warning((), path) is None
    path.chmod(mode)
    assert exposure_warning((), path) == f"{path} can be read by others (mode {mode:03o}); set it to 600"
    assert exposure_warning((NEW,), path) is None


def test_a_file_that_is_not_there_is_no_exposure(tmp_path: Path) -> None:
    assert exposure_warning((), tmp_path / "secret.keys") is None


def use(settings: Settings, path: Path, *keys: SecretKey) -> None:
    settings.HUB = replace(settings.HUB, secrets=replace(settings.HUB.secrets, keys=keys, key_file=path))


def test_the_process_seals_with_the_keys_of_its_settings(settings: Settings, tmp_path: Path) -> None:
    use(settings, tmp_path / "secret.keys", NEW)
    envelope = seal("canary", purpose=PURPOSE)
    assert envelope.startswith("v1:2026-11:")
    assert open_text(envelope, purpose=PURPOSE) == "canary"
    assert open_sealed(envelope, purpose=PURPOSE) == b"canary"
    use(settings, tmp_path / "secret.keys", OLD)
    with pytest.raises(UnknownKey):
        open_sealed(envelope, purpose=PURPOSE)


def test_a_file_that_has_changed_is_read_anew(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "secret.keys"
    use(settings, path)
    made = keyring()
    assert keyring() is made

    added = add_key(path)

    assert keyring() == Keyring((added, *made.keys))
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["secret.keys"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_that_root_adds_is_the_hub_s_to_read(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "secret.keys"
    use(settings, path)
    keyring()
    os.chown(path, 10001, 10002)

    add_key(path)

    assert (path.stat().st_uid, path.stat().st_gid) == (10001, 10002)


@pytest.mark.parametrize("text", [None, "", "no key"])
def test_a_file_that_is_lost_while_the_hub_runs_leaves_the_keys_that_were(
    settings: Settings, tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "secret.keys"
    use(settings, path)
    made = keyring()
    path.unlink()
    if text is not None:
        path.write_text(text, encoding="ascii")

    assert [keyring(), keyring()] == [made, made]
    assert path.exists() is (text is not None)

    path.write_text(format_secret_key(OLD), encoding="ascii")
    assert keyring() == Keyring((OLD,))


@pytest.mark.parametrize("text", [None, "no key"])
def test_no_key_is_added_to_a_file_that_cannot_be_read(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "secret.keys"
    if text is not None:
        path.write_text(text, encoding="ascii")

    with pytest.raises(NoKeyring):
        add_key(path)

    assert [each.read_text() for each in tmp_path.iterdir()] == ([] if text is None else [text])


def test_a_failure_to_read_the_keys_is_not_remembered(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "secret.keys"
    path.touch()
    use(settings, path)
    with pytest.raises(SecretsError):
        keyring()
    path.write_text(format_secret_key(OLD), encoding="ascii")
    assert keyring() == Keyring((OLD,))
