"""Download My Data: complete, own only, without secrets, after a fresh sign-in, recorded."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from access_requests.models import AccessRequest, Grant
from accounts import my_data
from accounts.models import ChallengeAnswer, PasswordHistory, RulesDocument, User
from accounts.services import email_change
from audit.models import AuditEntry
from tests import cast
from tests.factories import access_requests as requests
from tests.factories.catalog import make_role, make_system
from tests.integration.accounts.profiles import somebody

pytestmark = pytest.mark.django_db

PAGE = "/profile/data/"
READ = "/profile/data/page/"

# Tables that point at people and are in no section, and why.
ELSEWHERE = {
    "django_otp_webauthn.WebAuthnCredential": "the public key of a passkey, told as MFA device",
    "django_otp_webauthn.WebAuthnUserHandle": "a random number for passkeys, says nothing",
    "guardian.UserObjectPermission": "unused: catalog has tables of its own",
    "admin.LogEntry": "unused: the audit log records what administrators do",
}


def download(client: Client) -> dict[str, Any]:
    """The sections of the file."""
    answer = client.post(PAGE)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-')
    found: dict[str, Any] = json.loads(answer.content)
    return found["sections"]  # type: ignore[no-any-return]


def a_grant(person: User | None = None) -> Grant:
    """A role held by somebody, with the request and the decision behind it."""
    person = person or somebody(first_name="Wilhelmina")
    return requests.make_grant(person, make_role(make_system()), approver=cast.cms_approver())


def test_every_table_about_people_is_told_of_or_has_a_reason() -> None:
    told = {table for section in my_data.registered() for table in section.tables}
    pointing = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "related_model", None) is User and not field.auto_created
    }

    assert pointing - told == set(ELSEWHERE)
    assert told - {"accounts.User"} <= pointing


def test_the_file_tells_of_account_sessions_requests_grants_and_who_decided() -> None:
    grant = a_grant()
    user = grant.person
    email_change.ask(user=user, email="new@people.example", actor=user)

    sections = download(cast.client_of(user))

    (account,) = sections["account"]["rows"]
    assert account["user_id"] == user.user_id
    assert account["email"] == user.email
    (held,) = sections["grants"]["rows"]
    assert held["role"] == grant.role.name
    (asked,) = sections["requests"]["rows"]
    assert asked["tracking_number"] == held["tracking_number"]
    assert asked["decided_by"] == grant.decision.approver.get_full_name()
    assert sections["sessions"]["rows"][0]["address"] == "127.0.0.1"
    assert sections["email_changes"]["rows"][0]["new_email"] == "new@people.example"
    assert any(row["tag"] == "email:ask_change" for row in sections["log"]["rows"])
    assert {row["to"] for row in sections["mails"]["rows"]} >= {user.email}


def test_an_approver_finds_the_own_decisions_without_the_names_of_others() -> None:
    grant = a_grant()
    approver = grant.decision.approver

    text = json.dumps(download(cast.client_of(approver)))

    assert str(grant.decision.access_request.tracking_number) in text
    assert grant.person.email not in text
    assert "Wilhelmina" not in text


def test_secrets_are_in_neither_file_nor_page() -> None:
    user = somebody()
    PasswordHistory.objects.create(user=user, hash=user.password, set_at=user.created_at)
    client = cast.client_of(user)

    text = json.dumps(download(client)) + client.get(READ).content.decode()

    assert "Which food did you refuse to eat as a child?" in text
    for answer in ChallengeAnswer.objects.filter(user=user):
        assert answer.hash not in text
    assert user.password not in text
    assert user.portal_sessions.get().key_hash not in text
    assert "key_hash" not in text


def test_nobody_gets_the_data_of_somebody_else() -> None:
    user = somebody(address_line_1="12 Quay Street")
    other = cast.client_of(cast.stranger())

    text = json.dumps(download(other)) + other.get(f"{READ}?user={user.pk}").content.decode()

    assert "12 Quay Street" not in text
    assert user.email not in text


def test_each_look_is_recorded() -> None:
    user = somebody()
    client = cast.client_of(user)
    client.get(PAGE)
    assert not AuditEntry.objects.exists()

    client.get(READ)
    download(client)

    entries = AuditEntry.objects.filter(tag="account:read_own_data", actor=user).order_by("id")
    assert [entry.after for entry in entries] == [{"form": "page"}, {"form": "file"}]


def test_a_sign_in_of_long_ago_does_not_do() -> None:
    with time_machine.travel("2026-03-02 17:00:00+00:00", tick=False) as traveller:
        client = cast.client_of(somebody())
        traveller.shift(timedelta(minutes=5, seconds=1))

        assert client.get(PAGE).status_code == 200
        for answer in (client.get(READ), client.post(PAGE)):
            assert answer.status_code == 302
            assert answer["Location"].startswith("/login/")
        assert not AuditEntry.objects.filter(tag="account:read_own_data").exists()


def test_what_others_wrote_is_shown_as_text() -> None:
    grant = a_grant()
    AccessRequest.objects.update(reason="<script>alert(1)</script>")

    page = cast.client_of(grant.person).get(READ).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_long_section_is_cut_on_the_page_and_whole_in_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("accounts.services.my_data.ROWS_ON_PAGE", 2)
    user = somebody()
    for _ in range(3):
        client = cast.client_of(user)

    page = client.get(READ).content.decode()

    assert page.count("These are the newest. The file holds all.") == 2  # sessions and questions
    assert len(download(client)["sessions"]["rows"]) == 3


def test_more_rows_cost_no_more_queries(
    django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_change, "CHANGES_PER_HOUR", 99)
    user = somebody()
    email_change.ask(user=user, email="n@people.example", actor=user)
    client = cast.client_of(user)
    client.get(READ)
    with django_assert_max_num_queries(40) as few:
        client.get(READ)
    for number in range(5):
        email_change.ask(user=user, email=f"n{number}@people.example", actor=user)
    a_grant(user)
    with django_assert_max_num_queries(len(few)):
        client.get(READ)


def test_what_was_typed_into_a_request_and_not_sent_is_told_too() -> None:
    person = somebody()
    typed = {"organization_name": "Harb", "answers": {"code": ""}, "reason": "I he", "window": "w"}
    requests.make_draft(person, make_role(make_system()), typed=typed)

    (asked,) = download(cast.client_of(person))["requests"]["rows"]

    assert asked["typed"] == {"organization": "Harb", "reason": "I he"}


def test_the_page_names_what_the_file_gives_as_codes() -> None:
    person = somebody()
    RulesDocument.objects.create(code="zone", title="Rules of zONE", version="3", body="Be kind.")
    for document in ("terms", "zone"):
        person.terms_acceptances.create(document=document, version="2026-01")
    client = cast.client_of(person)

    page = client.get(READ).content.decode()

    for words in (
        "Terms and Conditions, 2026-01",
        "Rules of zONE, 2026-01",
        "English",
        "(410) 555-0142",
    ):
        assert words in page
    sections = download(client)
    assert {row["document"] for row in sections["acceptances"]["rows"]} >= {"terms", "zone"}
    assert sections["account"]["rows"][0]["language"] == "en"
