"""The routes of the pages about silences; a page's template has the name of its route."""

from django.urls import path

from felhom_hub.silences import pages

urlpatterns = [
    path("silences", pages.show_silences, name="silences"),
    path("silences/<int:number>/edit", pages.edit, name="edit"),
    path("silences/<int:number>/end", pages.end, name="end_silence"),
]
