"""The routes of the apps' pages; a page's template has the name of its route."""

from django.urls import path

from felhom_hub.telemetry.pages.app import show_app
from felhom_hub.telemetry.pages.apps import show_apps

urlpatterns = [
    path("apps", show_apps, name="apps"),
    path("apps/<path:app_name>", show_app, name="app"),
]
