"""The baseline's settings: the hub's own, database options included, with the view's route and no middleware at all."""

from felhom_hub.project.settings import *  # noqa: F403 - they are the same but for what follows

ROOT_URLCONF = "bench.baseline"
MIDDLEWARE = []
