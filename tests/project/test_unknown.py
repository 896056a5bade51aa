import pytest

from felhom_hub.project.options import SETTINGS
from felhom_hub.project.unknown import unknown_key_warnings, unknown_variable_warnings

BY_VARIABLE = {setting.variable: setting for setting in SETTINGS.values()}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("alertng", "hub.yaml:3: unknown key alertng is ignored; did you mean alerting?"),
        (
            "alerting.stale_treshold",
            "hub.yaml:3: unknown key alerting.stale_treshold is ignored; did you mean alerting.stale_threshold?",
        ),
        ("listen", "hub.yaml:3: unknown key listen is ignored; did you mean server.listen?"),
        ("api.listen", "hub.yaml:3: unknown key api.listen is ignored; did you mean server.listen?"),
        ("SERVER", "hub.yaml:3: unknown key SERVER is ignored; did you mean server?"),
        ("server.dataDir", "hub.yaml:3: unknown key server.dataDir is ignored; did you mean server.data_dir?"),
        ("server.LISTEN", "hub.yaml:3: unknown key server.LISTEN is ignored; did you mean server.listen?"),
        ("api.x", "hub.yaml:3: unknown key api.x is ignored"),
        ("dashboard", "hub.yaml:3: unknown key dashboard is ignored"),
        ("a\x1b[31m", "hub.yaml:3: unknown key 'a\\x1b[31m' is ignored"),
        ("q" * 1000, f"hub.yaml:3: unknown key {'q' * 60}… is ignored"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest(name: str, line: str) -> None:
    assert unknown_key_warnings([(name, "hub.yaml:3")], SETTINGS) == [line]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("FELHOM_HUB_SERVER_LISTEN", "; did you mean FELHOM_HUB_SERVER__LISTEN?"),
        ("FELHOM_HUB_API__REPORT_KEY_FILE", "; did you mean FELHOM_HUB_API__REPORT_API_KEY_FILE?"),
        ("FELHOM_HUB_server__listen", "; did you mean FELHOM_HUB_SERVER__LISTEN?"),
        ("FELHOM_HUB_X", ""),
    ],
)
def test_an_unknown_variable_is_told_with_the_nearest(name: str, nearest: str) -> None:
    warnings = unknown_variable_warnings({name: "hunter2"}, BY_VARIABLE, also_known="FELHOM_HUB_CONFIG")
    assert warnings == [f"{name}: unknown variable is ignored{nearest}"]


@pytest.mark.parametrize(
    "name",
    [
        "FELHOM_HUB_SERVER__LISTEN",
        "FELHOM_HUB_API__REPORT_API_KEY_FILE",
        "FELHOM_HUB_CONFIG",
        "FELHOM_OTHER",
        "FELHOM_HUB_SERVICE_HOST",
        "FELHOM_HUB_SERVICE_PORT_HTTP",
        "FELHOM_HUB_PORT",
        "FELHOM_HUB_PORT_8080_TCP_ADDR",
    ],
)
def test_known_variables_and_those_of_kubernetes_are_not_told(name: str) -> None:
    assert unknown_variable_warnings({name: "x"}, BY_VARIABLE, also_known="FELHOM_HUB_CONFIG") == []
