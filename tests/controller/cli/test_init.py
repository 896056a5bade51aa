import pytest
from tests.controller.cli.commands import KEY, ended

from felhom_controller import __version__
from felhom_controller.cli import main

RUN = ("run", "--hub", "http://127.0.0.1:9", "--customer-id", "a")
FLEET = ("fleet", "--hub", "http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("frob",), "No such command 'frob'."),
        (("run", "--customer-id", "a"), "Missing option '--hub'."),
        (
            (*RUN[:2], "hub.example.hu", *RUN[3:]),
            "'hub.example.hu' is not an address; write it as https://hub.example.hu",
        ),
        ((*RUN[:4], "-a b"), "'-a b' must be 1 to 128 letters, digits, '.', '_' or '-', not a sign first"),
        ((*RUN, "--interval", "15"), "'15' is not a duration; write it as 30s, 15m or 1h30m"),
        ((*RUN, "--listen", "8090"), "'8090' is no address to listen on; write it as 127.0.0.1:8090"),
        ((*RUN, "--key-file", "/nowhere/key"), "the key file /nowhere/key cannot be read: No such file or directory"),
        ((*FLEET, "--count", "10001"), "10001 is not in the range 1<=x<=10000."),
        ((*FLEET, "--interval", "1ms"), "an interval of a controller is 100ms or more"),
        ((*FLEET, "--keys", "/dev/null"), "the keys file /dev/null must be one JSON object"),
        ((*FLEET, "--key", "two words"), "the API key in --key is not one line of ASCII letters, digits and signs"),
        (("event", "--customer-id", "a", "--type", "X", "--message", "m"), "'X' must be 3 to 64 small letters"),
    ],
)
def test_a_mistake_is_one_plain_line_and_status_2(
    arguments: tuple[str, ...],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FELHOM_CONTROLLER_KEY", KEY)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    written = capsys.readouterr()
    assert (ended.value.code, written.out, written.err.count("\n")) == (2, "", 1)
    assert sentence in written.err


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("fleet", "-h"), ("event", "--help")])
def test_help_shows_an_example(arguments: tuple[str, ...]) -> None:
    done = ended(*arguments)
    assert done.returncode == 0
    assert "felhom-controller " in done.stdout


def test_the_version_is_told() -> None:
    assert ended("--version").stdout == f"felhom-controller, version {__version__}\n"
