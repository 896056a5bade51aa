"""The routes of the operator's pages; a page's template has the name of its route."""

from django.urls import path

from felhom_hub.fleet.pages.configs import show_configs
from felhom_hub.fleet.pages.customer import show_customer
from felhom_hub.fleet.pages.overview import show_overview

urlpatterns = [
    path("", show_overview, name="overview"),
    path("customers/<str:customer_id>", show_customer, name="customer"),
    path("configs", show_configs, name="configs"),
]
