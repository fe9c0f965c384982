"""Addresses of the help center, the pages about the portal, and the auditor's log."""

from django.urls import path

from support.views import audit_log, help_center, pages

app_name = "support"

urlpatterns = [
    path("help/", help_center.help_center, name="help"),
    path("provider-resources/", help_center.provider_resources, name="provider_resources"),
    path("quality-improvement/", help_center.quality_improvement, name="quality_improvement"),
    path("about/", pages.about, name="about"),
    path("newsroom/", pages.newsroom, name="newsroom"),
    path("archive/", pages.archive, name="archive"),
    path("contact/", pages.contact, name="contact"),
    path("email-alerts/", pages.alerts, name="alerts"),
    path("printing/", pages.printing, name="printing"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("paperwork-reduction-act/", pages.paperwork, name="paperwork"),
    path("audit/", audit_log.audit_log, name="audit_log"),
    path("audit/export/", audit_log.audit_export, name="audit_export"),
    path("audit/<int:pk>/", audit_log.audit_entry, name="audit_entry"),
]
