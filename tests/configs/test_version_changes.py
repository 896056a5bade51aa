from dataclasses import replace

from felhom_hub.configs.settings import Settings
from felhom_hub.configs.version_changes import Change, changes_between
from felhom_hub.configs.versions import Content
from felhom_hub.customers.details import Details

PETER = Details("Kovács Péter", "kovacs.example.hu", "peter@kovacs.example.hu", town="Győr")
MASK = "••••••••"


def content(overrides: str = "", **settings: object) -> Content:
    return Content(PETER, Settings(overrides=overrides, **settings))  # type: ignore[arg-type]


def test_fields_are_told_by_their_labels_in_the_words_of_the_form() -> None:
    then = content(is_monitored=True, log_level="debug", thresholds={"disk_high": 90.5})
    now = Content(replace(PETER, town="", note="x"), Settings(ping_uuids={"backup": "CHANGEME"}))

    assert changes_between(then, now) == [
        Change("Town", "Győr", None),
        Change("Operator note", None, "x"),
        Change("Monitoring", "On", "As in the template"),
        Change("Log level", "debug", "As in the template"),
        Change("Disk warning, %", "90.5", None),
        Change("Backup UUID", None, "CHANGEME"),
    ]


def test_overrides_are_told_key_by_key_and_secrets_not_at_all() -> None:
    then = content("a: {b: 1, password: one}\nlist:\n  - {token: x}\nsame: 1\n")
    now = content("same: 1 # else\na:\n  b: 1.5\n  password: two\n  new: [1]\nlist:\n  - {token: y}\n")

    assert changes_between(then, now) == [
        Change("a.b", "1", "1.5", is_key=True),
        Change("a.password", MASK, MASK, is_key=True, is_secret=True),
        Change("list", MASK, MASK, is_key=True, is_secret=True),
        Change("a.new", None, "[1]", is_key=True),
    ]


def test_comments_alone_are_a_difference_whose_text_is_not_shown() -> None:
    then, now = content("a: 1 # the password is hunter22\n"), content("a: 1\n")

    assert [(each.label, each.is_secret) for each in changes_between(then, now)] == [("Overrides", False)]
    assert "hunter22" not in str(changes_between(then, now))


def test_a_text_that_cannot_be_read_is_not_shown() -> None:
    found = changes_between(content("a: &x hunter22\nb: *x\n"), content("a: 1\n"))

    assert [each.label for each in found] == ["Overrides"]
    assert "hunter22" not in str(found)


def test_the_same_has_no_changes() -> None:
    assert changes_between(content("a: 1\n"), content("a: 1\n")) == []
