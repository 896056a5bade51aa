"""The operator's routes."""

from django.urls import path

from felhom_hub.operators import pages

urlpatterns = [
    path("login", pages.login, name="login"),
    path("logout", pages.logout, name="logout"),
]
