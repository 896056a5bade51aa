from felhom_hub.configs.intent import Box, intent
from felhom_hub.configs.overrides import has_values
from felhom_hub.configs.settings import Settings

BOX = Box(
    "kovacs-peter", "Kovács Péter", "kovacs.example.hu", "peter@example.hu", "https://hub.example.net",
    {"api_key": "fh_k", "session_secret": "s", "cf_tunnel_token": "t"},
)  # fmt: skip


def test_what_the_hub_knows_is_laid_over_what_the_operator_wrote() -> None:
    overrides = "assets:\n  sync_enabled: false # slow line\nhub:\n  report_interval: 30m\n"
    settings = Settings(is_monitored=False, log_level="debug", ping_uuids={"backup": "u"}, overrides=overrides)

    assert intent(BOX, settings) == {
        "assets": {"sync_enabled": False},
        "hub": {"report_interval": "30m", "enabled": True, "url": "https://hub.example.net", "api_key": "fh_k"},
        "customer": {
            "id": "kovacs-peter",
            "name": "Kovács Péter",
            "domain": "kovacs.example.hu",
            "email": "peter@example.hu",
        },
        "infrastructure": {"cf_tunnel_token": "t"},
        "web": {"session_secret": "s"},
        "monitoring": {"enabled": False, "ping_uuids": {"backup": "u"}},
        "logging": {"level": "debug"},
    }


def test_what_nobody_knows_is_left_to_the_template() -> None:
    box = Box("a", "", "", "", "")

    assert intent(box, Settings()) == {"customer": {"id": "a"}, "hub": {"enabled": True}}
    assert intent(box, Settings(overrides="# later\n\n  # more\n")) == intent(box, Settings())
    assert not has_values("# a: 1\n\n")
    assert has_values("# x\na: 1")


def test_no_secret_shows_where_a_box_is_logged() -> None:
    assert "fh_k" not in repr(BOX)
