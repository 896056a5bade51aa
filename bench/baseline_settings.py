"""The baseline's settings: the hub's own, database options included, with the view's route and no middleware at all.

Only its patience is longer: of 32 writers that wait by turns of chance one is left out for more than the hub's 5 s now
and then, and a comparison wants an answer to every request.
"""

from felhom_hub.project.settings import *  # noqa: F403 - they are the same but for what follows
from felhom_hub.project.settings import DATABASES

ROOT_URLCONF = "bench.baseline"
MIDDLEWARE = []
DATABASES["default"]["OPTIONS"]["timeout"] = 60  # seconds
