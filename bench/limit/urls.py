"""The addresses of the limit application."""

from django.urls import path

from bench.limit import views

urlpatterns = [
    path("floor", views.floor, name="floor"),
    path("page", views.page, name="page"),
    path("list50", views.listing, name="listing"),
    path("ask/<str:tracking>", views.ask, name="ask"),
    path("write", views.write, name="write"),
]
