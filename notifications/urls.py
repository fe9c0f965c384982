"""Addresses of the mailbox page."""

from __future__ import annotations

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("codes/", views.mailbox_codes, name="mailbox_codes"),
    path("<int:pk>/", views.mailbox_message, name="mailbox_message"),
    path("<int:pk>/html/", views.mailbox_html, name="mailbox_html"),
]
