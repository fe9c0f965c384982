"""Addresses of the help center, the help desk console, and the auditor's log."""

from django.urls import path

from support.views import (
    audit_log,
    help_center,
    helpdesk_actions,
    helpdesk_code,
    helpdesk_lists,
    helpdesk_mail,
    helpdesk_person,
    helpdesk_search,
    pages,
)

app_name = "support"

urlpatterns = [
    path("help/", help_center.help_center, name="help"),
    path("provider-resources/", help_center.provider_resources, name="provider_resources"),
    path("quality-improvement/", help_center.quality_improvement, name="quality_improvement"),
    path("quality-improvement/destinations/", help_center.choose_destination, name="destinations"),
    path(
        "quality-improvement/destinations/<slug:destination>/",
        help_center.go_to_destination,
        name="destination",
    ),
    path("about/", pages.about, name="about"),
    path("newsroom/", pages.newsroom, name="newsroom"),
    path("archive/", pages.archive, name="archive"),
    path("contact/", pages.contact, name="contact"),
    path("email-alerts/", pages.alerts, name="alerts"),
    path("printing/", pages.printing, name="printing"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("paperwork-reduction-act/", pages.paperwork, name="paperwork"),
    path("helpdesk/", helpdesk_search.applications, name="helpdesk"),
    path("helpdesk/enterprise/", helpdesk_search.enterprise, name="helpdesk_enterprise"),
    path("helpdesk/proposals/", helpdesk_lists.proposals, name="helpdesk_proposals"),
    path("helpdesk/proposals/<int:pk>/", helpdesk_lists.proposal, name="helpdesk_proposal"),
    path("helpdesk/mail/", helpdesk_mail.failed_mail, name="helpdesk_mail"),
    path("helpdesk/cases/", helpdesk_lists.cases, name="helpdesk_cases"),
    path("helpdesk/people/<int:pk>/", helpdesk_person.person, name="helpdesk_person"),
    path("helpdesk/people/<int:pk>/verify/", helpdesk_person.verify, name="helpdesk_verify"),
    path("helpdesk/people/<int:pk>/<slug:action>/", helpdesk_actions.act, name="helpdesk_action"),
    path("profile/help-desk-code/", helpdesk_code.helpdesk_code, name="helpdesk_code"),
    path("audit/", audit_log.audit_log, name="audit_log"),
    path("audit/export/", audit_log.audit_export, name="audit_export"),
    path("audit/<int:pk>/", audit_log.audit_entry, name="audit_entry"),
]
