"""The routes of the operator's pages; a page's template has the name of its route."""

from django.urls import path

from felhom_hub.fleet.pages.block import block, unblock
from felhom_hub.fleet.pages.configs import show_configs
from felhom_hub.fleet.pages.configuration import run_job, show_configuration
from felhom_hub.fleet.pages.customer import show_customer
from felhom_hub.fleet.pages.events import show_events
from felhom_hub.fleet.pages.history import show_history
from felhom_hub.fleet.pages.incident import show_incident
from felhom_hub.fleet.pages.keys import revoke, rotate
from felhom_hub.fleet.pages.overview import show_overview
from felhom_hub.fleet.pages.recovery import check_recovery, show_recovery
from felhom_hub.fleet.pages.report import download_report, show_report
from felhom_hub.fleet.pages.reveal import reveal
from felhom_hub.fleet.pages.search import show_search
from felhom_hub.fleet.pages.setup import show_setup
from felhom_hub.fleet.pages.why import show_why

urlpatterns = [
    path("", show_overview, name="overview"),
    path("search", show_search, name="search"),
    path("events", show_events, name="events"),
    path("incidents/<int:number>", show_incident, name="incident"),
    path("why/<int:number>", show_why, name="why"),
    path("customers/<str:customer_id>", show_customer, name="customer"),
    path("customers/<str:customer_id>/history", show_history, name="history"),
    path("customers/<str:customer_id>/block", block, name="block"),
    path("customers/<str:customer_id>/unblock", unblock, name="unblock"),
    path("customers/<str:customer_id>/reveal", reveal, name="reveal"),
    path("customers/<str:customer_id>/rotate-key", rotate, name="rotate_key"),
    path("customers/<str:customer_id>/keys/<int:number>/revoke", revoke, name="revoke_key"),
    path("customers/<str:customer_id>/report", show_report, name="report"),
    path("customers/<str:customer_id>/report.json", download_report, name="report_download"),
    path("customers/<str:customer_id>/check-recovery", check_recovery, name="check_recovery"),
    path("recovery", show_recovery, name="recovery"),
    path("configuration", show_configuration, name="configuration"),
    path("configuration/jobs/<str:name>/run", run_job, name="run_job"),
    path("setup", show_setup, name="setup"),
    path("configs", show_configs, name="configs"),
]
