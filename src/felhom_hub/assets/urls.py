"""The routes of the assets: for controllers, and the operator's page; its template has the name of its route."""

from django.urls import path

from felhom_hub.assets import api, pages

urlpatterns = [
    path("api/v1/assets/manifest", api.manifest),
    # `path` takes separators too, so that every name that is none gets the same 404 from the same place.
    path("api/v1/assets/file/<path:filename>", api.file),
    path("assets", pages.show_assets, name="assets"),
    path("assets/refresh", pages.refresh, name="refresh_assets"),
    path("assets/<str:name>/delete", pages.delete, name="delete_asset"),
    path("assets/<str:name>/restore", pages.restore, name="restore_asset"),
]
