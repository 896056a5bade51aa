"""The routes of the recovery; a page's template has the name of its route."""

from django.urls import path

from felhom_hub.recovery import api, pages

urlpatterns = [
    path("customers/<str:customer_id>/snapshots", pages.show_snapshots, name="snapshots"),
    path("customers/<str:customer_id>/snapshots/<int:version>/download", pages.download, name="snapshot_download"),
    path("api/v1/infra-backup/<str:customer_id>", api.infra_backup),
    path("api/v1/recovery/<str:customer_id>", api.recovery),
]
