"""The routes of the configuration; a page's template has the name of its route."""

from django.urls import path

from felhom_hub.configs import api
from felhom_hub.configs.pages import actions, edit, preview, template, versions

urlpatterns = [
    path("configs/new", edit.new, name="new"),
    path("configs/check", edit.check, name="check"),
    path("configs/<str:customer_id>/edit", edit.edit, name="edit"),
    path("customers/<str:customer_id>/create-config", actions.create_config, name="create-config"),
    path("customers/<str:customer_id>/delete", actions.delete, name="delete"),
    path("customers/<str:customer_id>/config", preview.show_config, name="config"),
    path("customers/<str:customer_id>/versions", versions.show_versions, name="versions"),
    path("customers/<str:customer_id>/versions/<int:number>", versions.show_version, name="version"),
    path("customers/<str:customer_id>/versions/<int:number>/restore", versions.restore, name="version-restore"),
    path("customers/<str:customer_id>/unlock", actions.unlock, name="unlock"),
    path("configuration/template", template.show_template, name="template"),
    path("configuration/template/fetch", template.fetch, name="template-fetch"),
    path("api/v1/config/<str:customer_id>", api.config),
    path("api/v1/pending/<str:customer_id>/config", api.pending_config),
]
