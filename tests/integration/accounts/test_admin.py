"""People in the administration pages: read, act with a reason, never on oneself."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import PortalSession, User
from accounts.services import accounts as service
from accounts.signals import user_deactivated
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast

pytestmark = pytest.mark.django_db

LIST = "admin:accounts_user_changelist"


def act(client: Client, action: str, user: User, reason: str = "asked by phone") -> str:
    """Run an action of the list; returns the page that follows."""
    data = {"action": action, "_selected_action": [user.pk], "reason": reason}
    response = client.post(reverse(LIST), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_administrators_find_people_and_see_no_secrets() -> None:
    user = cast.assister(phone="+14105550142")
    client = cast.client_of(cast.administrator())

    found = client.get(reverse(LIST), {"q": "AVERY"}).content.decode()
    page = client.get(reverse("admin:accounts_user_change", args=[user.pk])).content.decode()

    assert "assister.avery" in found
    assert "+14105550142" in page
    assert user.password not in page
    assert "security_version" not in page


@pytest.mark.parametrize("make", [cast.assister, cast.auditor, cast.portal_help_desk])
def test_others_find_no_administration(make: Any) -> None:
    client = cast.client_of(make())

    assert client.get(reverse(LIST)).status_code == 404


def test_closing_an_account_ends_sessions_tells_and_records() -> None:
    user, admin = cast.assister(), cast.administrator()
    theirs = cast.client_of(user)
    heard: list[Any] = []

    def receiver(**kwargs: Any) -> None:
        heard.append((kwargs["user"], kwargs["actor"]))

    user_deactivated.connect(receiver)
    try:
        page = act(cast.client_of(admin), "deactivate", user)
    finally:
        user_deactivated.disconnect(receiver)

    assert "1 account changed." in page
    user.refresh_from_db()
    assert not user.is_active
    assert user.deactivation_reason == "asked by phone"
    assert heard == [(user, admin)]
    assert theirs.get("/profile/").status_code == 302
    entry = AuditEntry.objects.get(tag="account:deactivate")
    assert (entry.actor_id, entry.target_id, entry.reason) == (
        admin.pk,
        str(user.pk),
        "asked by phone",
    )
    assert (entry.before, entry.after) == ({"is_active": True}, {"is_active": False})
    assert OutboxMessage.objects.get(name="account_deactivated").to == user.email
    session = PortalSession.objects.get(user=user)
    assert session.end_reason == PortalSession.End.ACCOUNT_CHANGED


def test_an_account_opens_again() -> None:
    user, client = cast.assister(), cast.client_of(cast.administrator())
    act(client, "deactivate", user)

    act(client, "reactivate", user)

    user.refresh_from_db()
    assert user.is_active
    assert user.deactivated_at is None
    assert OutboxMessage.objects.filter(name="account_reactivated").count() == 1


def test_proofing_is_recorded_with_its_reason() -> None:
    user, client = cast.assister(), cast.client_of(cast.administrator())

    act(client, "record_proofing", user, "passport seen on site")

    user.refresh_from_db()
    assert user.ial == 2
    assert user.proofed_at is not None
    entry = AuditEntry.objects.get(tag="account:proof_identity")
    assert (entry.before, entry.after) == ({"ial": 1}, {"ial": 2})
    assert OutboxMessage.objects.filter(name="account_proofed").count() == 1
    assert "already in this state" in act(client, "record_proofing", user)


@pytest.mark.parametrize("action", ["deactivate", "record_proofing"])
def test_nobody_acts_on_their_own_account(action: str) -> None:
    admin = cast.administrator()

    page = act(cast.client_of(admin), action, admin)

    assert "Somebody else has to do this" in page
    admin.refresh_from_db()
    assert admin.is_active
    assert admin.ial == 1


def test_a_reason_is_needed() -> None:
    user = cast.assister()

    page = act(cast.client_of(cast.administrator()), "deactivate", user, "  ")

    assert "Please give a reason." in page
    user.refresh_from_db()
    assert user.is_active


def test_administrators_do_not_close_superusers() -> None:
    user = cast.superuser()

    page = act(cast.client_of(cast.administrator()), "deactivate", user)

    assert "Only a superuser" in page
    user.refresh_from_db()
    assert user.is_active


def _rights(**values: Any) -> dict[str, Any]:
    return {"groups": [], "user_permissions": [], **values}


@pytest.mark.parametrize("target", ["self", "other"])
def test_staff_cannot_give_rights(target: str) -> None:
    admin, other = cast.administrator(), cast.assister()
    user = admin if target == "self" else other
    client = cast.client_of(admin)

    response = client.post(
        reverse("admin:accounts_user_change", args=[user.pk]),
        _rights(is_staff="on", is_superuser="on"),
    )

    assert response.status_code == 404
    user.refresh_from_db()
    assert not user.is_superuser
    refused = AuditEntry.objects.get(tag="account:change_rights")
    assert (refused.outcome, refused.actor_id, refused.target_id) == (
        "refused",
        admin.pk,
        str(user.pk),
    )


def test_a_superuser_gives_rights_and_it_is_recorded() -> None:
    user, group = cast.assister(), Group.objects.create(name="Auditors")
    theirs = cast.client_of(user)

    response = cast.client_of(cast.superuser()).post(
        reverse("admin:accounts_user_change", args=[user.pk]),
        _rights(is_staff="on", groups=[group.pk], email="evil@people.example", ial="2"),
    )

    assert response.status_code == 302
    user.refresh_from_db()
    assert user.is_staff
    assert list(user.groups.all()) == [group]
    assert user.email == "assister.avery@people.example"
    assert user.ial == 1
    entry = AuditEntry.objects.get(tag="account:change_rights")
    assert entry.before is not None
    assert entry.after is not None
    assert entry.before["groups"] == []
    assert entry.after["groups"] == ["Auditors"]
    assert theirs.get("/profile/").status_code == 302


def test_a_superuser_cannot_change_own_rights() -> None:
    admin = cast.superuser()

    with pytest.raises(Refusal) as refusal:
        service.change_rights(user_id=admin.pk, actor=admin, rights={"is_superuser": False})

    assert refusal.value.reason == "own_account"
    assert (
        cast.client_of(admin)
        .post(reverse("admin:accounts_user_change", args=[admin.pk]), _rights())
        .status_code
        == 404
    )


def test_people_are_neither_added_nor_deleted() -> None:
    user, client = cast.assister(), cast.client_of(cast.superuser())

    assert client.get(reverse("admin:accounts_user_add")).status_code == 404
    assert (
        client.post(
            reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"}
        ).status_code
        == 404
    )
    response = client.post(
        reverse(LIST), {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
    )
    assert response.status_code in {200, 302}
    assert User.objects.filter(pk=user.pk).exists()
