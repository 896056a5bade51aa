"""The routes of what is done with a box; a page's template has the name of its route."""

from django.urls import path

from felhom_hub.boxes import pages

urlpatterns = [
    path("customers/<str:customer_id>/diff", pages.show_diff, name="diff"),
    path("customers/<str:customer_id>/compare", pages.compare, name="compare"),
    path("customers/<str:customer_id>/push", pages.push, name="push"),
    path("customers/<str:customer_id>/pull", pages.pull, name="pull"),
    path("customers/<str:customer_id>/update", pages.update, name="update"),
    path("customers/<str:customer_id>/calls/<int:number>/withdraw", pages.withdraw_call, name="withdraw_call"),
    path("customers/<str:customer_id>/confirm-host", pages.confirm, name="confirm_host"),
    path("customers/<str:customer_id>/withdraw-host", pages.withdraw_confirmed, name="withdraw_host"),
]
