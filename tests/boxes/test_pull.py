from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.configs.values import SCALARS

from felhom_hub.boxes.diff import compare
from felhom_hub.boxes.pull import Held, Pulled, pull
from felhom_hub.configs.documents import read_plain
from felhom_hub.configs.intent import Box, intent
from felhom_hub.configs.merge import merged
from felhom_hub.configs.render import render
from felhom_hub.configs.settings import Settings
from felhom_hub.configs.template import built_in

TEMPLATE = read_plain(built_in())
IDENTITY = {"name": "Kiss Fotó", "email": "kiss@example.hu", "domain": "kiss.example.hu"}
SECRETS = {"api_key": "fh_" + "k" * 40, "session_secret": "s" * 64, "cf_tunnel_token": "t" * 40}
HELD = Held(IDENTITY, Settings(), {"cf_tunnel_token": "t" * 40})


def pushed(held: Held) -> dict[str, Any]:
    """What the hub makes of what it holds."""
    box = Box("kiss-foto", **held.identity, hub_url="https://hub.example.hu", secrets={**SECRETS, **held.tokens})
    return read_plain(render(built_in(), intent(box, held.settings)))


def live(**sections: Any) -> dict[str, Any]:
    return merged(pushed(HELD), sections)


def after(pulled: Pulled, held: Held = HELD) -> Held:
    return Held(pulled.identity, pulled.settings, {**held.tokens, **pulled.tokens})


def test_after_a_push_there_is_nothing_to_pull() -> None:
    found = pull(pushed(HELD), template=TEMPLATE, held=HELD)

    assert (found.count, found.left, after(found)) == (0, (), HELD)


def test_identity_settings_and_overrides_are_taken_over() -> None:
    box = live(
        customer={"name": "Kiss Fotó Kft.", "email": "uj@example.hu"},
        monitoring={"enabled": False},
        logging={"level": "debug"},
        assets={"sync_schedule": "04:00"},
        apps={"jellyfin": {"hw": "vaapi"}},
    )

    found = pull(box, template=TEMPLATE, held=HELD)

    assert found.identity == {**IDENTITY, "name": "Kiss Fotó Kft.", "email": "uj@example.hu"}
    assert (found.settings.is_monitored, found.settings.log_level) == (False, "debug")
    assert found.settings.overrides == 'assets:\n  sync_schedule: "04:00"\napps:\n  jellyfin:\n    hw: vaapi\n'
    assert found.changed == ("customer.name", "customer.email", "monitoring.enabled", "logging.level")
    assert found.added == ("assets.sync_schedule", "apps.jellyfin.hw")
    assert (found.dropped, found.left) == ((), ())


def test_what_is_the_templates_again_is_no_override_any_more() -> None:
    settings = Settings(False, "warn", overrides="assets:\n  sync_enabled: false # slow line\n  retries: 3\nold: 1\n")
    held = replace(HELD, settings=settings)

    found = pull(pushed(HELD) | {"assets": {**TEMPLATE["assets"], "retries": 5}}, template=TEMPLATE, held=held)

    assert (found.settings.is_monitored, found.settings.log_level) == (None, "")
    assert found.settings.overrides == "assets:\n  retries: 5\n"
    assert (found.dropped, found.added) == (("assets.sync_enabled", "old"), ())
    assert found.changed == ("monitoring.enabled", "logging.level", "assets.retries")


def test_comments_stay_with_their_keys_and_a_redundant_line_stays_too() -> None:
    text = "# asked for by phone\nassets:\n  sync_enabled: true # as ever\n"
    held = replace(HELD, settings=Settings(overrides=text))

    found = pull(live(apps={"a": 1}), template=TEMPLATE, held=held)

    assert found.settings.overrides == f"{text}apps:\n  a: 1\n"


def test_tokens_go_to_the_credentials_and_no_secret_to_the_overrides() -> None:
    box = live(
        infrastructure={"cf_tunnel_token": "n" * 30, "cf_api_token": "m" * 30, "region": "eu"},
        hub={"api_key": "another", "url": "https://old.example.hu"},
        backup={"restic_password": "canary-1", "keep": 3},
        list=[{"name": "a", "token": "canary-2"}],
        local_api={"port": 8080, "token": "canary-3"},
    )

    found = pull(box, template=TEMPLATE, held=HELD)

    assert found.tokens == {"cf_tunnel_token": "n" * 30, "cf_api_token": "m" * 30}
    assert found.settings.overrides == "backup:\n  keep: 3\n"
    assert found.left == ("infrastructure.region", "backup.restic_password", "list")
    assert "canary" not in repr(found)
    assert "n" * 30 not in repr(found)


def test_what_no_override_can_say_is_told() -> None:
    box = pushed(HELD)
    del box["paths"]["backups"]
    box["assets"]["sync_schedule"] = ""
    box["infrastructure"]["cf_tunnel_token"] = ""
    box["logging"] = "loud"

    found = pull(box, template=TEMPLATE, held=HELD)

    expected = ("infrastructure.cf_tunnel_token", "logging.level", "logging", "assets.sync_schedule", "paths.backups")
    assert set(found.left) == set(expected)
    assert found.settings.overrides == ""


KEYS = st.sampled_from(["assets", "paths", "apps", "backup", "sync_enabled", "data", "x"])
BOXES = st.dictionaries(KEYS, st.dictionaries(KEYS, SCALARS | st.lists(SCALARS, max_size=2), max_size=3), max_size=4)


@given(BOXES)
def test_pull_then_push_then_pull_changes_nothing_more(sections: dict[str, Any]) -> None:
    box = live(**sections)

    first = pull(box, template=TEMPLATE, held=HELD)
    again = pull(pushed(after(first)), template=TEMPLATE, held=after(first))
    differing = {line.key for line in compare(pushed(after(first)), box, template=TEMPLATE).differences}

    assert differing <= set(first.left)
    assert again.count == 0
    assert after(again) == after(first)
