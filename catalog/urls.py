"""Addresses of the catalog, below /catalog/."""

from django.urls import path

from catalog.views import listing, systems

app_name = "catalog"

urlpatterns = [
    path("", listing.catalog, name="list"),
    path("<slug:slug>/", systems.system, name="system"),
]
