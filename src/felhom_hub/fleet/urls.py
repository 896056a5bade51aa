"""The routes of the operator's pages."""

from django.urls import path

from felhom_hub.fleet import pages

urlpatterns = [
    path("", pages.fleet),
    path("customers/<str:customer_id>", pages.customer),
]
