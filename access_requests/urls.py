"""Addresses of requests, decisions and access."""

from django.urls import path

from access_requests import converters  # noqa: F401 - registers "tracking"
from access_requests.views import access, approvals, drafts, requests, tracking, welcome

app_name = "access_requests"

urlpatterns = [
    path("welcome/", welcome.welcome, name="welcome"),
    path("catalog/<slug:slug>/request/", requests.new, name="new"),
    path("catalog/<slug:slug>/request/draft/", drafts.keep, name="keep_draft"),
    path("catalog/<slug:slug>/request/discard/", drafts.discard, name="discard_draft"),
    path("catalog/<slug:slug>/request/review/", requests.review, name="review"),
    path("requests/<tracking:number>/", tracking.detail, name="detail"),
    path(
        "requests/<tracking:number>/acknowledgement/",
        tracking.acknowledgement,
        name="acknowledgement",
    ),
    path("requests/<tracking:number>/answer/", tracking.answer, name="answer"),
    path("requests/<tracking:number>/cancel/", tracking.cancel, name="cancel"),
    path("access/", access.my_access, name="my_access"),
    path("access/<int:grant_id>/remove/", access.remove_role, name="remove_role"),
    path("approvals/", approvals.queue, name="approvals"),
    path("approvals/<tracking:number>/", approvals.approval, name="approval"),
    path("approvals/<tracking:number>/approve/", approvals.approve, name="approve"),
    path("approvals/<tracking:number>/deny/", approvals.deny, name="deny"),
    path(
        "approvals/<tracking:number>/return/",
        approvals.return_for_information,
        name="return_for_information",
    ),
]
