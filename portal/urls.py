"""Every address of the portal; docs/urls.md is the list for people."""

from django.contrib import admin
from django.urls import include, path

from portal import health, views

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("", include(([path("", views.home, name="home")], "portal"))),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Addresses are tried in turn, so what is opened most stands first.
    path("", include("access_requests.urls")),
    path("catalog/", include("catalog.urls")),
    path("", include("accounts.urls")),
    path("", include("support.urls")),
    path("mailbox/", include("notifications.urls")),
    path("admin/", admin.site.urls),
]
