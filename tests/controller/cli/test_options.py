from pathlib import Path

import click
import pytest

from felhom_controller.cli.options import (
    Duration,
    HubUrl,
    Interval,
    Line,
    ListenAddress,
    checked_customer_id,
    opened_state,
    read_key,
)


@pytest.fixture(autouse=True)
def _without_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FELHOM_CONTROLLER_KEY", raising=False)
    monkeypatch.delenv("FELHOM_CONTROLLER_KEY_FILE", raising=False)


def file_with(directory: Path, content: bytes) -> Path:
    path = directory / "key"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8090", ("127.0.0.1", 8090)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:65535", ("::1", 65535)),
        (":8090", ("", 8090)),
    ],
)
def test_listen_address_is_host_and_port(text: str, address: tuple[str, int]) -> None:
    assert ListenAddress()(text) == address


@pytest.mark.parametrize("text", ["", "8090", "127.0.0.1", "127.0.0.1:", "a:65536", "a:-1", "a:８０", "a:http"])
def test_other_listen_address_is_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(click.BadParameter) as raised:
        ListenAddress()(text)

    assert raised.value.message == f"{text!r} is no address to listen on; write it as 127.0.0.1:8090"


def test_duration_is_seconds_and_a_default_stays_as_it_is() -> None:
    assert [Duration()("1h30m"), Duration()("250ms"), Duration()(2.5)] == [5400.0, 0.25, 2.5]


def test_other_duration_is_refused_with_the_way_to_write_it() -> None:
    with pytest.raises(click.BadParameter) as raised:
        Duration()("15 min")

    assert raised.value.message == "'15 min' is not a duration; write it as 30s, 15m or 1h30m"


def test_duration_longer_than_a_year_is_refused_since_no_clock_can_wait_for_it() -> None:
    assert Duration()("8760h") == 31_536_000.0
    with pytest.raises(click.BadParameter) as raised:
        Duration()("8760h1ms")

    assert raised.value.message == "'8760h1ms' is longer than a year (8760h)"


def test_interval_is_a_duration_that_leaves_the_hub_its_breath() -> None:
    assert Interval()("100ms") == 0.1
    for text in ("0s", "99ms"):
        with pytest.raises(click.BadParameter) as raised:
            Interval()(text)
        assert raised.value.message == "an interval of a controller is 100ms or more"


def test_line_keeps_what_people_write() -> None:
    assert Line()("Kiss Fotóstúdió ✓") == "Kiss Fotóstúdió ✓"


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "a\x1b[31m", "\udcff"])
def test_other_line_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter) as raised:
        Line()(text)

    assert raised.value.message == f"{text!r} must be one line of printable characters"


def test_hub_url_without_scheme_is_refused_with_the_way_to_write_it() -> None:
    assert HubUrl()("http://127.0.0.1:8080") == "http://127.0.0.1:8080"
    with pytest.raises(click.BadParameter) as raised:
        HubUrl()("hub.example.hu")

    assert raised.value.message == "'hub.example.hu' is not an address; write it as https://hub.example.hu"


@pytest.mark.parametrize("customer_id", ["a", "Kiss.Foto_2-b", "0", "x" * 128])
def test_possible_customer_id_stays_as_it_is(customer_id: str) -> None:
    assert checked_customer_id(click.Context(click.Command("c")), click.Option(["--id"]), customer_id) == customer_id


@pytest.mark.parametrize("customer_id", ["", ".a", "-a", "_a", "a b", "á", "a/b", "a\n", "x" * 129])
def test_impossible_customer_id_is_refused(customer_id: str) -> None:
    with pytest.raises(click.BadParameter):
        checked_customer_id(click.Context(click.Command("c")), click.Option(["--id"]), customer_id)


def test_key_is_taken_from_the_nearest_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = tmp_path / "near", tmp_path / "far"
    near.write_text("of-the-file\n", encoding="utf-8")
    far.write_text("of-the-named-file\n", encoding="utf-8")

    monkeypatch.setenv("FELHOM_CONTROLLER_KEY_FILE", str(far))
    found = [read_key(None)]
    monkeypatch.setenv("FELHOM_CONTROLLER_KEY", "of-the-variable")
    found += [read_key(None), read_key(near), read_key(near, "of-the-line")]

    assert found == ["of-the-named-file", "of-the-variable", "of-the-file", "of-the-line"]


def test_without_a_key_the_way_out_is_named() -> None:
    with pytest.raises(click.UsageError) as raised:
        read_key(None)

    assert raised.value.message == (
        "no API key: set FELHOM_CONTROLLER_KEY, or write the key to a file and give --key-file"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the API key in {} is empty"),
        (b" \r\n\n", "the API key in {} is empty"),
        (b"secret-one\nsecret-two\n", "the API key in {} is not one line of ASCII letters, digits and signs"),
        (b"secret two", "the API key in {} is not one line of ASCII letters, digits and signs"),
        ("secret-á".encode(), "the API key in {} is not one line of ASCII letters, digits and signs"),
        (b"secret" * 100, "the API key in {} is not one line of ASCII letters, digits and signs"),
        (b"secret-\xff", "the key file {} cannot be read: it is not text"),
    ],
)
def test_impossible_key_is_refused_without_telling_it(content: bytes, reason: str, tmp_path: Path) -> None:
    path = file_with(tmp_path, content)
    with pytest.raises(click.UsageError) as raised:
        read_key(path)

    assert raised.value.message == reason.format(path)


def test_missing_key_file_that_the_environment_names_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FELHOM_CONTROLLER_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(click.UsageError) as raised:
        read_key(None)

    assert raised.value.message == f"the key file {tmp_path / 'none'} cannot be read: No such file or directory"


def test_a_state_directory_is_opened_for_one_controller_at_a_time(tmp_path: Path) -> None:
    assert opened_state(tmp_path / "state").path == tmp_path / "state"
    with pytest.raises(click.UsageError, match="another controller runs on"):
        opened_state(tmp_path / "state")
    (tmp_path / "file").touch()
    with pytest.raises(click.UsageError, match="cannot be written"):
        opened_state(tmp_path / "file" / "state")
