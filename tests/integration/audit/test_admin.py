"""The administration page of the log can be read by those who may, and changes nothing."""

from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import RequestFactory

from audit import events
from audit.admin import AuditEntryAdmin
from audit.models import AuditEntry
from tests import cast

pytestmark = pytest.mark.django_db


def _request(**fields: Any) -> Any:
    person = get_user_model().objects.create_user("some.one", "one@example.org", **fields)
    request = RequestFactory().get("/")
    request.user = person
    return request


def test_nothing_can_be_changed_even_by_a_superuser() -> None:
    request, page = _request(is_superuser=True, is_staff=True), AuditEntryAdmin(AuditEntry, site)
    assert page.has_view_permission(request)
    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)
    assert page.get_actions(request) == {}


def test_only_who_may_sees_it() -> None:
    request, page = _request(is_staff=True), AuditEntryAdmin(AuditEntry, site)
    assert not page.has_view_permission(request)
    request.user.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    request.user = get_user_model().objects.get(pk=request.user.pk)
    assert page.has_view_permission(request)


def test_what_a_superuser_posts_there_changes_nothing() -> None:
    entry = events.record("session:sign_in", actor=None, target=None)
    client, before = cast.client_of(cast.superuser()), list(AuditEntry.objects.values())
    log = "/admin/audit/auditentry/"
    changed = {"tag": "x:y", "outcome": "refused", "reason": "nothing happened", "post": "yes"}
    chosen = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}

    for address in (f"{log}add/", f"{log}{entry.pk}/change/", f"{log}{entry.pk}/delete/"):
        assert client.post(address, changed).status_code == 404
    assert client.post(log, chosen).status_code in {200, 302}

    assert list(AuditEntry.objects.values()) == before
    assert client.get(f"{log}{entry.pk}/change/").status_code == 200


def test_no_other_model_of_the_log_is_served() -> None:
    assert [model for model in site._registry if model._meta.app_label == "audit"] == [AuditEntry]
