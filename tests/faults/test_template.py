"""The hub is killed while it takes a new template: the old or the new one holds, whole, and in the end the new one."""

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

import pytest
from tests.servers.hub import Hub
from tests.servers.pages import Page, Pages
from tests.structure.callers import run_python

from felhom_hub.configs.template import built_in

CUSTOMERS = 40  # so many that a trial takes a moment
FEATURES = 80
HELD = "SELECT text, candidate FROM configs_fetchedtemplate"

# The first customer's passphrase is printed.
_PLANT = """
import sys
import django
django.setup()
from django.db import transaction
from felhom_hub.base.instants import utc_now
from felhom_hub.customers.credentials import make_secrets
from felhom_hub.customers.models import Customer
with transaction.atomic():
    for number in reversed(range(int(sys.argv[1]))):
        customer = Customer.objects.create(
            customer_id=f"c{number}", name="N", domain="n.hu", email="n@n.hu", is_managed=True, created_at=utc_now()
        )
        passphrase = make_secrets(customer, now=utc_now()).retrieval_password
print(passphrase)
"""


def template(number: int) -> str:
    """Of which every part says which one it is."""
    return built_in() + "".join(f"feature_{place}:\n  of_round: {number}\n" for place in range(FEATURES))


def served(text: str) -> Callable[[str, dict[str, str]], Page]:
    return lambda _path, _headers: Page(200, text.encode())


def is_adopted(hub: Hub, text: str) -> bool:
    return hub.rows(HELD) == [(text, "")]


def fetched_file(hub: Hub, passphrase: str) -> str:
    """What a box is set up with."""
    answer = hub.request("GET", "/api/v1/config/c0", key=None, X_Retrieval_Password=quote(passphrase))
    assert answer.status == 200
    return answer.body.decode()


def kill_while_it_is_fetched(hub: Hub, pages: Pages, new: str) -> None:
    taken, killed = threading.Event(), threading.Event()

    def hold(_path: str, _headers: dict[str, str]) -> Page:
        taken.set()
        killed.wait(60)
        return Page(200, new.encode())

    pages.answer = hold
    ask(hub)
    assert taken.wait(30), hub.log[-2000:]
    hub.kill()
    killed.set()


def kill_while_it_waits(hub: Hub, pages: Pages, new: str) -> None:
    pages.answer = served(new)
    ask(hub)
    hub.wait_until(lambda: new in hub.rows(HELD)[0], "the template to be stored")
    hub.kill()


def kill_when_it_holds(hub: Hub, pages: Pages, new: str) -> None:
    pages.answer = served(new)
    ask(hub)
    hub.wait_until(lambda: hub.rows(HELD)[0][0] == new, "the template to hold")
    hub.kill()


def kill_at_random(hub: Hub, pages: Pages, new: str) -> None:
    pages.answer = served(new)
    ask(hub)
    hub.wait_until(lambda: new in hub.rows(HELD)[0], "the template to be stored")
    time.sleep(random.uniform(0, 0.5))
    hub.kill()


def ask(hub: Hub) -> None:
    """The button of the page; nobody has to sign in to this hub."""
    form = "application/x-www-form-urlencoded"
    assert hub.post("/configuration/template/fetch", b"", key=None, Content_Type=form).status == 303


KILLS = (kill_while_it_is_fetched, kill_while_it_waits, kill_when_it_holds, kill_at_random)


@pytest.mark.parametrize("rounds", [1, pytest.param(8, marks=pytest.mark.long)])
def test_kill_9_around_an_adoption_leaves_a_whole_template(
    new_hub: Callable[..., Hub], pages: Pages, rounds: int, record_property: Callable[[str, object], None]
) -> None:
    url = f"{pages.url}/controller.yaml.example"
    hub = new_hub(settings={"registry.template_url": url, "registry.image": "", "auth.password_hash": ""})
    old, left = template(0), []
    pages.answer = served(old)
    hub.start()
    passphrase = run_python(hub, "-c", _PLANT, str(CUSTOMERS)).strip()
    hub.wait_until(lambda: is_adopted(hub, old), "the first template to hold")

    for number, kill in enumerate(KILLS * rounds, start=1):
        new = template(number)
        kill(hub, pages, new)
        ((held, candidate),) = hub.rows(HELD)
        assert held in {old, new}, kill.__name__
        assert candidate in {"", new}, kill.__name__
        left.append("new" if held == new else "old")

        pages.answer = served(new)
        # As if the leases' minutes had gone by.
        hub.execute("UPDATE base_job SET lease_until = NULL")
        hub.start()
        hub.wait_until(partial(is_adopted, hub, new), f"the new template to hold after {kill.__name__}")
        assert fetched_file(hub, passphrase).count(f"of_round: {number}\n") == FEATURES
        old = new
    record_property("held_after_the_kill", ", ".join(left))
    assert {*left[:2]} == {"old"}
    assert left[2] == "new"
