"""The routes of the read API."""

from django.urls import path

from felhom_hub.reports import api

urlpatterns = [
    path("api/v1/customers", api.customers),
    path("api/v1/customers/<str:customer_id>", api.customer),
    path("api/v1/customers/<str:customer_id>/history", api.customer_history),
]
