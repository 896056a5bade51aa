import json
import os
import subprocess
import sys

import pytest
from tests.cli.test_customer import PETER, Place, place
from tests.servers import forked

__all__ = ["place"]


def asked(place: Place, typed: str) -> subprocess.CompletedProcess[str]:
    """`customer delete` with an answer to its question."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
    return forked.run(
        [sys.executable, "-m", "felhom_hub.cli", "customer", "delete", "kovacs-peter", "--json"],
        env=environment | {"FELHOM_HUB_CONFIG": str(place.directory / "hub.yaml")},
        cwd=place.directory,
        typed=typed,
    )


def test_only_what_is_given_is_changed(place: Place) -> None:
    place.customer("add", *PETER, "--town", "Szeged", "--note", "old")

    assert place.document("edit", "kovacs-peter", "--note", "", "--phone", "+36 1 234") == {
        "customer_id": "kovacs-peter",
        "changed": ["phone", "note"],
    }

    shown = place.document("show", "kovacs-peter")
    assert (shown["name"], shown["town"], shown["phone"], shown["note"]) == ("Kovács Péter", "Szeged", "+36 1 234", "")
    assert place.customer("edit", "kovacs-peter", "--town", "Szeged") == "kovacs-peter was so already\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("edit", "kovacs-peter"), "Nothing to change"),
        (("edit", "kovacs-peter", "--domain", "https://x"), "domain must be"),
        (("edit", "nobody", "--town", "x"), "There is no customer nobody"),
        (("delete", "nobody", "--yes"), "There is no customer nobody"),
    ],
)
def test_a_mistake_is_one_line(place: Place, arguments: tuple[str, ...], words: str) -> None:
    place.customer("add", *PETER)

    done = place.run("customer", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


@pytest.mark.parametrize("typed", ["\n", "kovacs\n", "Kovacs-Peter\n", ""])
def test_another_id_deletes_nobody(place: Place, typed: str) -> None:
    place.customer("add", *PETER)

    done = asked(place, typed)

    assert done.returncode != 0
    assert done.stdout == ""
    assert place.document("show", "kovacs-peter")["name"] == "Kovács Péter"


def test_the_typed_id_deletes(place: Place) -> None:
    place.customer("add", *PETER)

    done = asked(place, "kovacs-peter\n")

    assert json.loads(done.stdout) == {"customer_id": "kovacs-peter", "deleted": True}
    assert "Kovács Péter: configuration, keys, tokens and passphrase go; no reports and no events stay." in done.stderr
    assert place.run("customer", "show", "kovacs-peter").returncode == 2


def test_who_is_sure_is_not_asked(place: Place) -> None:
    place.customer("add", *PETER)
    assert place.customer("delete", "kovacs-peter", "--yes") == "kovacs-peter is deleted\n"
