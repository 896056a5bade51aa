"""The routes of the configuration; a page's template has the name of its route."""

from django.urls import path

from felhom_hub.configs.pages import actions, edit

urlpatterns = [
    path("configs/new", edit.new, name="new"),
    path("configs/check", edit.check, name="check"),
    path("configs/<str:customer_id>/edit", edit.edit, name="edit"),
    path("customers/<str:customer_id>/create-config", actions.create_config, name="create-config"),
    path("customers/<str:customer_id>/delete", actions.delete, name="delete"),
]
