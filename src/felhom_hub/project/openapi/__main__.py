"""`python -m felhom_hub.project.openapi > docs/api.md` brings the reference up to date."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "felhom_hub.project.settings")
django.setup()

from felhom_hub.project.openapi.reference import render_reference  # noqa: E402 - what it describes needs Django set up

sys.stdout.write(render_reference())
