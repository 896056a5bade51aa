from tests.project.defaults import DEFAULTS

from felhom_hub.project.hubfile import Loaded, load
from felhom_hub.project.options import SETTINGS


def test_without_file_and_environment_every_setting_has_its_default() -> None:
    assert load(None, {}) == Loaded(DEFAULTS, warnings=(), sources=dict.fromkeys(SETTINGS, "default"))
