from pathlib import Path

import pytest

from felhom_hub.project.options import SETTINGS, Options
from felhom_hub.project.setting import Setting, items_of, settings_of


def test_every_member_of_every_section_is_a_setting() -> None:
    assert {setting.key: setting for setting in settings_of(Options)} == SETTINGS
    assert SETTINGS["server.listen"].variable == "FELHOM_HUB_SERVER__LISTEN"


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS.keys())
def test_every_default_passes_its_own_rule(setting: Setting) -> None:
    value = setting.default_value(Path("/srv/felhom"))
    assert (value is None) == (setting.default is None)


@pytest.mark.parametrize(
    ("key", "value"),
    [("assets.dir", Path("/srv/felhom/assets")), ("secrets.key_file", Path("/srv/felhom/secret.keys"))],
)
def test_a_default_may_lie_in_the_data_directory(key: str, value: Path) -> None:
    assert SETTINGS[key].default_value(Path("/srv/felhom")) == value


def test_no_variable_of_one_setting_is_the_file_variable_of_another() -> None:
    files = {f"{setting.variable}_FILE" for setting in SETTINGS.values() if setting.is_secret}
    assert files & {setting.variable for setting in SETTINGS.values()} == set()


def test_items_lie_between_commas_and_line_breaks() -> None:
    assert items_of(" a, b\n\nc ,,") == ["a", "b", "c"]
