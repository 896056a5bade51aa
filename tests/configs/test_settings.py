import pytest

from felhom_hub.configs.settings import Settings, read_settings, written_settings

UUID = "3b1f8e0a-5c2d-4e6f-8a9b-0c1d2e3f4a5b"


def test_a_form_is_read_and_written_back_the_same() -> None:
    form = {
        "is_monitored": "no",
        "log_level": "debug",
        "report_minutes": "60",
        "disk_high": "90",
        "ping_backup": UUID,
        "ping_heartbeat": "CHANGEME-heartbeat",
        "overrides": "a: 1 # one\nb: 2\n",
    }

    settings, problems = read_settings({**form, "overrides": "a: 1 # one\r\nb: 2\r\n"})

    assert problems == {}
    assert settings == Settings(
        False, "debug", {"disk_high": 90}, {"heartbeat": "CHANGEME-heartbeat", "backup": UUID}, form["overrides"], 60
    )
    assert written_settings(settings) == form


def test_an_empty_form_is_the_default() -> None:
    assert read_settings({}) == (Settings(), {})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("is_monitored", "maybe"),
        ("log_level", "trace"),
        ("ping_backup", "no-uuid"),
        ("ping_integrity", UUID + "0"),
        ("overrides", "- list"),
        ("overrides", "a: #\x85b"),  # a value to one reader, a comment to another
        ("overrides", "a: b\u2028c"),
        ("cpu_high", "x"),
        ("report_minutes", "0"),
        ("report_minutes", "1441"),
        ("report_minutes", "1.5"),
        ("report_minutes", "-15"),
        ("report_minutes", "\u0661\u0665"),
        ("report_minutes", "1h"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field: str, value: str) -> None:
    assert list(read_settings({field: value})[1]) == [field]
