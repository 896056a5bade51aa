"""Django's settings, made from hub.yaml and the environment by `hubfile.py`; rooms read `settings.HUB`."""

import os
from pathlib import Path

from felhom_hub.project.sqlite import use_own_sqlite

use_own_sqlite()

from felhom_hub.project import databases, hubfile, shown  # noqa: E402 - whatever may import sqlite3 comes after it is replaced

HUB_LOADED = hubfile.load(hubfile.configured_path(os.environ), os.environ)
HUB = HUB_LOADED.options
HUB_CONFIGURED = shown.configured_settings(HUB_LOADED)

_PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = "unused: sessions, CSRF and secrets at rest have keys of their own"  # noqa: S105 - says so itself
DEBUG = False
ALLOWED_HOSTS = ["*"]  # the hub builds addresses from server.public_url, never from the Host header
ROOT_URLCONF = "felhom_hub.project.urls"
USE_TZ = True
TIME_ZONE = "UTC"  # local time exists only in schedules and in rendered text
USE_I18N = False
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    *(
        f"felhom_hub.{room}.apps.{room.capitalize()}Config"
        for room in (
            "base",
            "operators",
            "customers",
            "assets",
            "events",
            "backups",
            "controllers",
            "silences",
            "telemetry",
            "reports",
            "watch",
            "configs",
            "notify",
            "recovery",
            "boxes",
            "fleet",
            "legacy",
        )
    ),
]

DATABASES = {"default": databases.django_database(HUB.database.url)}

# In the order in which a request passes them.
MIDDLEWARE = [
    "felhom_hub.base.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "felhom_hub.base.compression.CompressionMiddleware",
    "felhom_hub.base.arrival.ArrivalMiddleware",
    "felhom_hub.base.freshness.FreshnessMiddleware",
    "felhom_hub.base.storage.StorageMiddleware",
    "felhom_hub.operators.access.OperatorMiddleware",
    "felhom_hub.operators.csrf.CsrfMiddleware",
    "felhom_hub.operators.access.RequireOperatorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["felhom_hub.base.markup.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "felhom_hub.base.context.frame",
                "felhom_hub.base.storage.intake",
                "felhom_hub.operators.context.operator",
                "felhom_hub.project.navigation.navigation",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = _PACKAGE / "static"
WHITENOISE_MAX_AGE = 31_536_000  # a year: every file's name changes with its content (tools/join_assets.py)
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has business with them

# Where pages listen for server-sent events; answered before Django (asgi.py).
LIVE_PATH = "/live"

# The hub configures logging itself (project/logs.py), once, when a command starts.
LOGGING_CONFIG = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Larger than any body that is let in (asgi.py): an uploaded asset never lies in a temporary file.
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
