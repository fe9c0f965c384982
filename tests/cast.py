"""The people of the tests: who they are, and how they sign in."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group, Permission
from django.test import Client

import clock
from accounts.assurance import IAL, SESSION_AAL, Strength
from accounts.models import PortalSession, User
from accounts.services import sessions
from tests.factories import accounts


def sign_in(client: Client, user: User, strength: Strength | None = None) -> PortalSession:
    """Give a test client a signed-in session without the pages; returns the registry row.

    As strong as the person can be, unless ``strength`` says otherwise.
    """
    token, now = sessions.new_token(), clock.now()
    if strength is None:
        weak = Strength.WEAK if user.has_mfa else Strength.NONE
        strength = Strength.STRONG if user.has_strong_factor else weak
    row = PortalSession.objects.create(
        user=user,
        key_hash=sessions.hash_of(token),
        created_at=now,
        last_activity_at=now,
        address="127.0.0.1",
        strength=strength,
        aal=strength.aal,
        verified_at=now,
        security_version=user.security_version,
        rules_checked_at=now,
    )
    session = client.session
    session.flush()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.PortalBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[sessions.SESSION_TOKEN] = token
    session[SESSION_AAL] = int(strength.aal)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return row


def client_of(user: User, strength: Strength | None = None) -> Client:
    """A new test client that is signed in as this person."""
    client = Client()
    sign_in(client, user, strength)
    return client


def assister(**fields: Any) -> User:
    """Registers, asks for zONE."""
    return _person("assister.avery", "Avery", "Assister", **fields)


def external_approver(**fields: Any) -> User:
    """Decides for people of the own organization."""
    return _strong("approver.external", "Emery", "Approver", **fields)


def cms_approver(**fields: Any) -> User:
    """Decides for everybody."""
    return _strong("approver.cms", "Casey", "Approver", **fields)


def business_owner(**fields: Any) -> User:
    """Owns a system."""
    return _strong("owner.zone", "Oakley", "Owner", **fields)


def system_help_desk(**fields: Any) -> User:
    """Helps the people of one system."""
    return _strong("helpdesk.zone", "Harper", "Helper", **fields)


def portal_help_desk(**fields: Any) -> User:
    """Helps everybody."""
    return _with_group(_strong("helpdesk.portal", "Hollis", "Helper", **fields), "Portal help desk")


def security_official(**fields: Any) -> User:
    """Stands at the top of a provider organization."""
    return _strong("so.harbor", "Sage", "Harbor", **fields)


def backup_official(**fields: Any) -> User:
    """Stands in for the security official."""
    return _strong("bso.harbor", "Blair", "Harbor", **fields)


def group_administrator(**fields: Any) -> User:
    """Runs a user group of a provider organization."""
    return _strong("uga.harbor", "Gray", "Harbor", **fields)


def end_user(**fields: Any) -> User:
    """Works in a provider organization."""
    return _person("eu.harbor", "Ellis", "Harbor", **fields)


def administrator(**fields: Any) -> User:
    """Manages catalog and accounts in the administration pages."""
    admin = _strong("admin.portal", "Adrian", "Admin", **{"is_staff": True, **fields})
    return _with_group(admin, "Portal administrators", "accounts.view_user", "accounts.change_user")


def superuser(**fields: Any) -> User:
    """May do everything in the administration pages."""
    rights = {"is_staff": True, "is_superuser": True}
    return _strong("super.portal", "Sidney", "Super", **{**rights, **fields})


def auditor(**fields: Any) -> User:
    """Reads everything, changes nothing."""
    return _with_group(
        _strong("auditor.portal", "Auden", "Auditor", **fields), "Auditors", "audit.view_auditentry"
    )


def stranger(**fields: Any) -> User:
    """Has an account and nothing else."""
    return _person("stranger.sam", "Sam", "Stranger", **fields)


def proofed(user: User) -> User:
    """The same person with a proven identity."""
    user.proof(at=clock.now())
    user.save()
    assert user.ial == IAL.PROOFED
    return user


def _person(user_id: str, first: str, last: str, **fields: Any) -> User:
    return accounts.user(user_id, **{"first_name": first, "last_name": last, **fields})


def _strong(user_id: str, first: str, last: str, **fields: Any) -> User:
    """Somebody whose work demands a strong second factor, and who has one."""
    factor = {"has_mfa": True, "has_strong_factor": True}
    return _person(user_id, first, last, **{**factor, **fields})


def _with_group(user: User, name: str, *permissions: str) -> User:
    group, _created = Group.objects.get_or_create(name=name)
    for permission in permissions:
        app_label, codename = permission.split(".")
        group.permissions.add(
            Permission.objects.get(content_type__app_label=app_label, codename=codename)
        )
    user.groups.add(group)
    return user
