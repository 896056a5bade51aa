"""Questions of other rooms about the apps."""

from typing import NamedTuple

from felhom_hub.telemetry.address import app_path
from felhom_hub.telemetry.figures import WHOLE_FLEET
from felhom_hub.telemetry.models import AppFigures
from felhom_hub.telemetry.periods import MONTH


class KnownApp(NamedTuple):
    """An app that some box has reported within a month."""

    app_name: str
    display_name: str
    installations: int

    @property
    def path(self) -> str:
        """The address of its page."""
        return app_path(self.app_name)


def known_apps() -> list[KnownApp]:
    """Every app that the figures know, in no order."""
    rows = AppFigures.objects.filter(period=MONTH.key).exclude(app_name=WHOLE_FLEET)
    return [KnownApp(*row) for row in rows.values_list("app_name", "display_name", "installations")]
