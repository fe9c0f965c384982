"""A proof of identity that its owner disowns is none: what rested on it ends, and all is told."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from access_requests.models import Grant
from access_requests.policies import may_approve
from access_requests.reasons import Reason
from access_requests.standing import Standing
from accounts.assurance import IAL, Strength
from accounts.models import AccountEvent, Disavowal, ProofingAttempt, SecurityCase, User
from accounts.services import accounts, disavowal, proofing, proofing_results
from notifications import links
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import proofing as make
from tests.factories.access_requests import make_grant
from tests.factories.catalog import make_role
from tests.integration.support.helpdesk import (
    Desks,
    make_desks,
    opened,
    page_of,
    recorded,
    strong_client,
    subjects,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desks() -> Desks:
    """A help desk for the person."""
    return make_desks()


@pytest.fixture
def person(desks: Desks) -> User:
    """Somebody for whom somebody else has just proven an identity online."""
    found = desks.person
    attempt = make.begin(found)
    make.answer(found, attempt)
    found.refresh_from_db()
    assert found.ial == IAL.PROOFED
    return found


def disown_newest(person: User) -> SecurityCase:
    """Follow the link in the newest mail, in a browser of its own, and press the button."""
    row = Disavowal.objects.filter(user=person).latest("pk")
    visitor = Client()
    path = reverse("accounts:disavow_link", args=[links.token(disavowal.PURPOSE, row.pk)])
    visitor.get(path)
    assert visitor.post(reverse("accounts:disavow")).status_code == 302
    person.refresh_from_db()
    return SecurityCase.objects.get(user=person)


def give_back(case: SecurityCase, agent: User) -> None:
    """The help desk has made sure of the owner."""
    disavowal.close_case(
        case_id=case.pk,
        actor=agent,
        resolution=SecurityCase.Resolution.RETURNED,
        note="Called back.",
    )


def follow_the_link_in(name: str, person: User) -> None:
    """Follow the link of a mail of this kind, in a browser of its own, and press the button."""
    mail = OutboxMessage.objects.get(name=name, to=person.email)
    text = links.resolve(mail.body_text, mail.message_id)
    found = re.search(r"http://[^/\s]+(/not-me/link/[^\s]+)", text)
    assert found
    visitor = Client()
    visitor.get(found[1])
    visitor.post(reverse("accounts:disavow"))
    person.refresh_from_db()


def test_the_mail_about_a_proof_an_administrator_recorded_takes_it_back(desks: Desks) -> None:
    person, admin = desks.person, cast.administrator()
    admin.session_strength = Strength.STRONG
    accounts.record_proofing(user_id=person.pk, actor=admin, reason="Passport seen")
    needing = make_grant(person, make_role(desks.roles["end-user"].system, required_ial=2))
    person.refresh_from_db()
    assert person.ial == IAL.PROOFED

    follow_the_link_in("account_proofed", person)

    needing.refresh_from_db()
    assert (person.ial, person.proofed_at) == (IAL.SELF_ASSERTED, None)
    assert not person.is_active
    assert needing.end_reason == Grant.EndReason.REVOKED
    assert SecurityCase.objects.get(user=person).took_proof_back


def test_the_mail_about_a_proof_takes_it_back(person: User) -> None:
    follow_the_link_in("proofing_passed", person)

    assert (person.ial, person.proofed_at) == (IAL.SELF_ASSERTED, None)
    (entry,) = recorded("account:withdraw_proof")
    case = SecurityCase.objects.get(user=person)
    assert (entry.before, entry.after) == ({"ial": 2}, {"ial": 1, "case": case.reference})
    told = OutboxMessage.objects.get(name="account_frozen", to=person.email)
    for body in (told.body_text, told.body_html):
        assert "The proof of your identity was taken back" in body


def test_roles_that_need_it_end_and_the_others_stay(desks: Desks, person: User) -> None:
    needing = make_grant(person, make_role(desks.roles["end-user"].system, required_ial=2))
    plain = Grant.objects.get(person=person, role=desks.roles["end-user"])

    case = disown_newest(person)
    give_back(case, desks.portal_agent)

    assert [grant.pk for grant in Grant.objects.active().filter(person=person)] == [plain.pk]
    needing.refresh_from_db()
    assert (needing.end_reason, needing.ended_by) == (Grant.EndReason.REVOKED, None)
    assert needing.end_note == "The proof of identity it rests on was disowned."
    (entry,) = recorded("grant:revoke")
    assert entry.target_id == str(needing.pk)
    assert f"Revoked: {needing.role.name}" in subjects(person)


def test_an_agent_sees_it_in_the_case(desks: Desks, person: User) -> None:
    disown_newest(person)
    agent = strong_client(desks.agent)
    opened(desks.agent, person)

    words = "The proof of identity was taken back"
    assert words in text_of(agent.get(page_of(person)))
    assert words in text_of(agent.get(reverse("support:helpdesk_cases")))


def test_the_owner_starts_anew_and_is_told_why(desks: Desks, person: User) -> None:
    give_back(disown_newest(person), desks.portal_agent)
    person.refresh_from_db()
    client = cast.client_of(person)

    for page in ("proofing_result", "proofing"):
        answer = client.get(reverse(f"accounts:{page}"), follow=True)
        assert "Your proof of identity was taken back" in answer.content.decode()
    role = make_role(required_ial=2)
    nothing = Standing(decides=True)
    assert may_approve(person, role, nothing).reason == Reason.NEEDS_PROOFING

    make.answer(person, make.begin(person))
    person.refresh_from_db()
    assert person.ial == IAL.PROOFED


def test_a_later_fail_is_shown_as_such(desks: Desks, person: User) -> None:
    give_back(disown_newest(person), desks.portal_agent)
    person.refresh_from_db()
    make.begin(person, make.NOT_FOUND)

    page = text_of(cast.client_of(person).get(reverse("accounts:proofing_result")))

    assert "Your identity could not be proven online" in page


def test_a_case_that_proved_is_void_too(desks: Desks) -> None:
    person = cast.proofed(desks.person)
    make.case(person, status="proven", proven_by="phone", closed_at=person.proofed_at)
    disavowal.link(person, AccountEvent.IDENTITY_TRIED)

    give_back(disown_newest(person), desks.portal_agent)

    person.refresh_from_db()
    page = cast.client_of(person).get(reverse("accounts:proofing_case"), follow=True)
    assert "Your proof of identity was taken back" in text_of(page)


@pytest.mark.parametrize("event", [AccountEvent.DEVICE_ADDED, AccountEvent.SIGNED_IN])
def test_disowning_something_else_leaves_the_proof(
    desks: Desks, person: User, event: AccountEvent
) -> None:
    needing = make_grant(person, make_role(required_ial=2))
    disavowal.link(person, event)

    case = disown_newest(person)

    needing.refresh_from_db()
    assert person.ial == IAL.PROOFED
    assert needing.ended_at is None
    assert not case.took_proof_back
    assert recorded("account:withdraw_proof") == []
    told = OutboxMessage.objects.get(name="account_frozen", to=person.email)
    assert "taken back" not in told.body_text


def test_without_a_proof_there_is_nothing_to_take_back(desks: Desks) -> None:
    person = desks.person
    make.begin(person, make.NOT_FOUND)

    case = disown_newest(person)

    assert not case.took_proof_back
    assert recorded("account:withdraw_proof") == []


def test_an_answer_that_is_being_judged_proves_nothing_after_the_freeze(desks: Desks) -> None:
    person = desks.person
    attempt = make.begin(person)
    attempt.take_answers(until=attempt.due_at + timedelta(minutes=5))
    attempt.save()
    disavowal.link(person, AccountEvent.SIGNED_IN)
    disown_newest(person)

    proofing_results.settle(attempt, "", reference=attempt.reference)

    person.refresh_from_db()
    assert person.ial == IAL.SELF_ASSERTED
    stopped = ProofingAttempt.objects.get(user=person)
    assert (stopped.status, stopped.cause, stopped.fails) == ("trouble", "interrupted", 0)
    assert proofing.standing(person).tries_left == 3
