"""The table of the routes that Django answers; intake, health and live updates are before it (`asgi.py`)."""

from django.urls import URLPattern, URLResolver, include, path

from felhom_hub.base import pages
from felhom_hub.project.openapi.pages import show_api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("felhom_hub.operators.urls")),
    path("theme", pages.choose_theme, name="theme"),
    path("browser", pages.choose_browser, name="browser"),
    path("api", show_api, name="api"),
    path("", include("felhom_hub.fleet.urls")),
    path("", include("felhom_hub.configs.urls")),
    path("", include("felhom_hub.recovery.urls")),
    path("", include("felhom_hub.boxes.urls")),
    path("", include("felhom_hub.notify.urls")),
    path("", include("felhom_hub.silences.urls")),
    path("", include("felhom_hub.reports.urls")),
    path("", include("felhom_hub.telemetry.urls")),
    path("", include("felhom_hub.assets.urls")),
]

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.server_error
