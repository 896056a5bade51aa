import hashlib
from pathlib import Path

import pytest

from felhom_controller.config import ConfigError, ConfigFile, section_of

GOOD = b"customer:\n  id: kiss-foto\n"
# Each line has nine times the entries of the one before.
BOMB = b"a0: &a0 {k: v}\n" + b"".join(
    b"a%d: &a%d {<<: [%s], k%d: v}\n" % (line, line, b", ".join([b"*a%d" % (line - 1)] * 9), line)
    for line in range(1, 12)
)
NEWER = b"# newer\ncustomer: {id: kiss-foto, name: Kiss}\n"


def test_before_the_first_configuration_there_is_none(tmp_path: Path) -> None:
    config = ConfigFile(tmp_path / "controller.yaml", "kiss-foto")
    assert (config.read(), config.hash()) == (None, None)


def test_a_new_configuration_is_live_and_the_old_one_kept(tmp_path: Path) -> None:
    config = ConfigFile(tmp_path / "controller.yaml", "kiss-foto")
    config.apply(GOOD)
    config.apply(NEWER)
    assert (config.read(), config.previous_path.read_bytes()) == (NEWER, GOOD)
    assert config.hash() == hashlib.sha256(NEWER).hexdigest()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["controller.yaml", "controller.yaml.previous"]


def test_a_check_writes_nothing_and_refuses_what_apply_would(tmp_path: Path) -> None:
    config = ConfigFile(tmp_path / "controller.yaml", "kiss")
    with pytest.raises(ConfigError):
        config.check(b"customer: {id: nagy}")
    config.check(b"customer: {id: kiss}")
    assert list(tmp_path.iterdir()) == []


def test_the_same_configuration_again_keeps_the_previous_one(tmp_path: Path) -> None:
    config = ConfigFile(tmp_path / "controller.yaml", "kiss-foto")
    for content in (GOOD, NEWER, NEWER):
        config.apply(content)
    assert config.previous_path.read_bytes() == GOOD


def test_the_file_is_private(tmp_path: Path) -> None:
    ConfigFile(tmp_path / "controller.yaml", "kiss-foto").apply(GOOD)
    assert (tmp_path / "controller.yaml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"customer:\n  id: papp\n", "customer.id must be 'kiss-foto'; this configuration names 'papp'"),
        (b"hub: {}\n", "customer.id must be 'kiss-foto'; this configuration names no customer"),
        (b"customer: kiss-foto\n", "customer.id must be 'kiss-foto'; this configuration names no customer"),
        (b"", "the configuration must be a YAML mapping"),
        (b"- a\n", "the configuration must be a YAML mapping"),
        (b"\xff\xfe\x00", "the configuration is not UTF-8 text"),
        (b"a: [1\nb: 2\n", "the configuration is not YAML: "),
        (b"a\x00b: 1\n", "the configuration is not YAML: "),
        (b"[" * 20_000, "the configuration is nested deeper than 64 levels"),
        (b"a: !!python/object/apply:os.system [true]\n", "the configuration is not YAML: "),
        (b"a: !!int ''\n", "the configuration is not YAML that can be read"),
        (b"a: !!bool perhaps\n", "the configuration is not YAML that can be read"),
        (BOMB, "the configuration merges more than 10000 entries into one mapping"),
    ],
)
def test_what_cannot_be_this_controllers_is_refused_and_changes_nothing(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    config = ConfigFile(tmp_path / "controller.yaml", "kiss-foto")
    config.apply(GOOD)
    with pytest.raises(ConfigError) as caught:
        config.apply(content)
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)
    assert config.read() == GOOD


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"api_key: 'top-secret\n", "the configuration is not YAML: it cannot be read in line 2"),
        (b"k: top-secret\nk: top-secret2\n", "the configuration is not YAML: a key comes twice in line 2"),
        (b"k: *top-secret\n", "the configuration is not YAML: it cannot be read in line 1"),
    ],
)
def test_a_refusal_quotes_nothing_of_the_configuration(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ConfigFile(tmp_path / "c.yaml", "kiss-foto").apply(content)
    assert str(caught.value) == sentence


def test_merges_of_a_usual_size_are_applied(tmp_path: Path) -> None:
    config = ConfigFile(tmp_path / "controller.yaml", "kiss-foto")
    merging = b"x: &x {id: kiss-foto}\ny: &y {name: Kiss}\ncustomer:\n  <<: [*x, *y]\n"
    config.apply(merging)
    assert config.read() == merging


@pytest.mark.parametrize(
    ("content", "section"),
    [
        (b"assets: {sync_enabled: false}", {"sync_enabled": False}),
        (b"assets: 7", {}),
        (b"other: {}", {}),
        (b"assets: {", {}),
        (b"[]", {}),
        (b"", {}),
        (None, {}),
    ],
)
def test_a_section_is_a_mapping_or_nothing(content: bytes | None, section: dict[str, object]) -> None:
    assert section_of(content, "assets") == section
