"""Rules in front of everything else: who is asked, when, and that no road leads around."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import clock
from access_requests.models import Grant
from accounts.data import rules_of_behavior
from accounts.models import PortalSession, RulesDocument, TermsAcceptance, User
from accounts.services import acknowledgements
from audit.models import AuditEntry
from tests import cast
from tests.factories.access_requests import make_grant
from tests.factories.catalog import make_role, make_system
from tests.integration.accounts.test_strangers import PROTECTED

pytestmark = pytest.mark.django_db

PAGE = "accounts:acknowledge"
PROFILE = "accounts:profile"


@pytest.fixture
def held_grant() -> Grant:
    """A role in force."""
    return make_grant(cast.end_user(), make_role(make_system("TRAIN")))


def newly_signed_in(user: User) -> Client:
    """A browser of somebody who has just signed in."""
    client = cast.client_of(user)
    PortalSession.objects.filter(user=user).update(rules_checked_at=None)
    return client


def accepted(user: User, document: str = "rules_of_behavior", **fields: Any) -> None:
    """The person accepted this document some time."""
    values = {"version": rules_of_behavior.VERSION, "accepted_at": clock.now(), **fields}
    TermsAcceptance.objects.create(user=user, document=document, **values)


def tick(client: Client, **changes: str) -> Any:
    """Tick every box the page shows and send it."""
    form = client.get(reverse(PAGE)).context["form"]
    data = {name: form[name].initial or "on" for name in form.fields}
    return client.post(reverse(PAGE), {**data, **changes})


def test_who_has_accepted_goes_on_and_is_asked_about_once() -> None:
    user = cast.assister()
    accepted(user)
    client = newly_signed_in(user)

    assert client.get(reverse(PROFILE)).status_code == 200
    assert PortalSession.objects.get(user=user).rules_checked_at is not None
    with CaptureQueriesContext(
        connection,
    ) as later:
        client.get(reverse(PROFILE))
    assert not any("termsacceptance" in query["sql"] for query in later)


# The page that asks, and how long the session goes on while somebody reads it.
BEFORE = {reverse(PAGE), reverse("accounts:time_left")}


def test_no_protected_address_opens_before_the_rules_are_accepted() -> None:
    client = newly_signed_in(cast.superuser())
    wrong = {}
    for path in PROTECTED:
        for method in ("get", "head", "post", "put", "delete"):
            response = getattr(client, method)(path)
            led = response.headers.get("Location", "").startswith(reverse(PAGE))
            if not led and response.status_code != 404 and path not in BEFORE:
                wrong[method, path] = response.status_code

    assert wrong == {}


def test_public_pages_and_logging_out_stay_open() -> None:
    client = newly_signed_in(cast.assister())

    assert client.get("/").status_code == 200
    assert client.get(reverse("support:help")).status_code == 200
    assert client.post(reverse("accounts:logout")).status_code == 302
    assert client.get(reverse(PROFILE))["Location"].startswith("/login/")


def test_accepting_leads_to_the_page_somebody_wanted() -> None:
    user = cast.assister()
    client = newly_signed_in(user)
    led = client.get(reverse(PROFILE) + "?x=1")
    assert led["Location"] == f"{reverse(PAGE)}?next=%2Fprofile%2F%3Fx%3D1"
    page = client.get(led["Location"])
    assert 'value="/profile/?x=1"' in page.content.decode()

    response = tick(client, next="/profile/?x=1")

    assert response["Location"] == "/profile/?x=1"
    assert client.get(response["Location"]).status_code == 200
    row = TermsAcceptance.objects.get(user=user)
    assert (row.document, row.version) == ("rules_of_behavior", rules_of_behavior.VERSION)
    entry = AuditEntry.objects.get(tag="terms:accept")
    assert entry.after == {"rules_of_behavior": rules_of_behavior.VERSION}


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_afterwards_only_paths_of_the_portal_are_visited(wanted: str) -> None:
    client = newly_signed_in(cast.assister())

    assert tick(client, next=wanted)["Location"] == reverse("access_requests:welcome")


def test_an_unticked_box_accepts_nothing() -> None:
    client = newly_signed_in(cast.assister())
    form = client.get(reverse(PAGE)).context["form"]

    response = client.post(reverse(PAGE), {"document_1": form["document_1"].initial})

    assert "Tick this box to go on" in response.content.decode()
    assert not TermsAcceptance.objects.exists()
    assert client.get(reverse(PROFILE)).status_code == 302


@pytest.mark.parametrize(("days", "asked"), [(364, False), (366, True)])
def test_it_is_asked_again_after_a_year(days: int, asked: bool) -> None:
    user = cast.assister()
    accepted(user, accepted_at=clock.now() - timedelta(days=days))

    status = newly_signed_in(user).get(reverse(PROFILE)).status_code

    assert (status == 302) is asked


def test_a_new_version_is_asked_for() -> None:
    user = cast.assister()
    accepted(user, version="2012-01-01")

    assert newly_signed_in(user).get(reverse(PROFILE)).status_code == 302


def test_people_with_elevated_rights_accept_the_addendum_besides() -> None:
    staff = cast.administrator()
    accepted(staff)
    client = newly_signed_in(staff)

    page = client.get(reverse(PAGE)).content.decode()
    assert "Rules for people with elevated rights" in page
    assert "With elevated rights I must not" in page
    assert "prosecution, which can end in prison" not in page
    tick(client)
    assert TermsAcceptance.objects.filter(user=staff, document="privileged_rules").count() == 1
    assert client.get(reverse(PROFILE)).status_code == 200


def test_the_general_page_leaves_the_addendum_out() -> None:
    page = newly_signed_in(cast.assister()).get(reverse(PAGE)).content.decode()

    assert "prosecution, which can end in prison" in page
    assert "With elevated rights" not in page


def test_a_document_that_changes_while_it_is_read_is_shown_again() -> None:
    user = cast.assister()
    client = newly_signed_in(user)

    response = tick(client, document_1="rules_of_behavior:2012-01-01")

    assert response.status_code == 200
    assert not TermsAcceptance.objects.exists()
    assert rules_of_behavior.VERSION in response.content.decode()


def test_a_system_may_add_rules_for_those_who_hold_a_role(held_grant: Grant) -> None:
    system = held_grant.role.system
    document = RulesDocument.objects.create(
        code=system.slug, title="Rules of the system", version="1", body="Be kind.\n\nBe brief.\n"
    )
    accepted(held_grant.person)
    client = newly_signed_in(held_grant.person)

    page = client.get(reverse(PAGE)).content.decode()
    assert "Rules of the system" in page
    assert page.count("<li>Be ") == 2
    tick(client)
    assert client.get(reverse(PROFILE)).status_code == 200

    RulesDocument.objects.filter(pk=document.pk).update(version="2")
    assert newly_signed_in(held_grant.person).get(reverse(PROFILE)).status_code == 302
    RulesDocument.objects.filter(pk=document.pk).update(is_in_force=False)
    assert newly_signed_in(held_grant.person).get(reverse(PROFILE)).status_code == 200


def test_rules_of_a_system_are_not_asked_of_others(held_grant: Grant) -> None:
    RulesDocument.objects.create(
        code=held_grant.role.system.slug, title="Rules", version="1", body="Be kind."
    )
    stranger = cast.stranger()
    accepted(stranger)

    assert newly_signed_in(stranger).get(reverse(PROFILE)).status_code == 200


def test_two_tabs_accept_once() -> None:
    user = cast.assister()
    client = newly_signed_in(user)
    session = PortalSession.objects.get(user=user)
    keys = [rules.key for rules in acknowledgements.owed_by(user)]

    tick(client)
    assert acknowledgements.accept(session=session, keys=keys, address="") == []

    assert TermsAcceptance.objects.count() == 1
    assert AuditEntry.objects.filter(tag="terms:accept").count() == 1
    assert client.get(reverse(PAGE))["Location"] == reverse("access_requests:welcome")


def test_nobody_accepts_for_people_in_production(settings: Any) -> None:
    settings.IS_PRODUCTION = True
    with pytest.raises(ValueError, match="themselves"):
        acknowledgements.accept_for_demo(user=cast.assister())
