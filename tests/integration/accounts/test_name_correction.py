"""Another name for an account: judged by somebody else, recorded, told, proven where needed."""

from typing import Any

import pytest

import clock
from accounts.assurance import IAL
from accounts.models import AccountEvent, Disavowal, ProofingAttempt, User
from accounts.reasons import Reason
from accounts.services import disavowal, name_correction, proofing
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast, logged
from tests.factories import proofing as make

pytestmark = pytest.mark.django_db

TAG = "account:correct_name"
ENOUGH = ["passport", "lease"]


@pytest.fixture
def person() -> User:
    return cast.assister(middle_name="Rae")


@pytest.fixture
def agent() -> User:
    return cast.portal_help_desk()


def correct(person: User, agent: User, *, reason: str = "Nickname", **more: Any) -> User:
    documents = more.pop("documents", ())
    name = {field: getattr(person, field) for field in name_correction.NAME} | more
    return name_correction.correct(
        user_id=person.pk, agent=agent, name=name, documents=documents, reason=reason
    )


def refusal_of(act: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return str(caught.value.reason)


def nothing_happened(person: User) -> bool:
    person.refresh_from_db()
    is_the_same = person.get_full_name() == "Avery Rae Assister"
    return is_the_same and not AuditEntry.objects.exists() and not OutboxMessage.objects.exists()


def test_every_part_can_be_corrected(person: User, agent: User) -> None:
    version = person.security_version
    correct(
        person, agent, first_name="Averill", middle_name="", last_name="O'Assister", suffix="Jr."
    )

    person.refresh_from_db()
    assert person.get_full_name() == "Averill O'Assister Jr."
    assert (person.ial, person.proofed_at) == (IAL.SELF_ASSERTED, None)
    assert person.security_version == version


def test_only_what_changed_is_recorded_before_and_after(person: User, agent: User) -> None:
    correct(person, agent, last_name="Harbor")

    entry = AuditEntry.objects.get(tag=TAG)
    assert (entry.actor, entry.target_id, entry.reason) == (agent, str(person.pk), "Nickname")
    assert logged.before(TAG) == {"last_name": "Assister"}
    assert logged.after(TAG) == {"last_name": "Harbor"}


def test_the_person_is_told_and_can_disown_it(person: User, agent: User) -> None:
    correct(person, agent, last_name="Harbor")

    mail = OutboxMessage.objects.get()
    assert (mail.name, mail.to, mail.recipient) == ("name_corrected", person.email, person)
    assert "Nickname" in mail.body_text
    assert "/not-me/link/" in mail.body_text
    assert "Hello Avery Rae Harbor," in mail.body_text
    assert "documents" not in mail.body_text
    assert Disavowal.objects.get(user=person).event == AccountEvent.PROFILE_CHANGED


def test_the_same_name_is_refused(person: User, agent: User) -> None:
    assert refusal_of(lambda: correct(person, agent)) == Reason.NAME_UNCHANGED
    assert nothing_happened(person)


def test_a_reason_is_needed(person: User, agent: User) -> None:
    refused = refusal_of(lambda: correct(person, agent, last_name="Harbor", reason="  "))
    assert refused == Reason.REASON_MISSING
    assert nothing_happened(person)


def test_nobody_corrects_the_own_name(agent: User) -> None:
    assert refusal_of(lambda: correct(agent, agent, last_name="Harbor")) == Reason.OWN_ACCOUNT


def test_only_a_superuser_renames_an_administrator(agent: User) -> None:
    admin, superuser = cast.administrator(), cast.superuser()
    assert refusal_of(lambda: correct(admin, agent, last_name="Harbor")) == Reason.HIGHER_ACCOUNT
    assert correct(admin, superuser, last_name="Harbor").last_name == "Harbor"


def test_an_agent_whose_account_is_shut_corrects_nothing(person: User, agent: User) -> None:
    agent.is_active = False
    assert refusal_of(lambda: correct(person, agent, last_name="Harbor")) == Reason.NOT_ALLOWED
    assert nothing_happened(person)


@pytest.mark.parametrize(
    "documents", [[], ["passport"], ["passport", "passport"], ["lease", "utility_bill"]]
)
def test_a_proven_identity_is_not_renamed_without_documents(
    person: User, agent: User, documents: list[str]
) -> None:
    cast.proofed(person)
    since = person.proofed_at
    refused = refusal_of(lambda: correct(person, agent, last_name="Harbor", documents=documents))
    assert refused == Reason.DOCUMENTS_MISSING
    assert nothing_happened(person)
    assert person.proofed_at == since


def test_the_proof_stands_on_the_documents_from_then_on(person: User, agent: User) -> None:
    cast.proofed(person)
    before = clock.now()
    correct(person, agent, last_name="Harbor", documents=["passport", "lease", "passport"])

    person.refresh_from_db()
    assert (person.last_name, person.ial) == ("Harbor", IAL.PROOFED)
    assert person.proofed_at is not None
    assert person.proofed_at >= before
    assert logged.after(TAG) == {"last_name": "Harbor", "documents": ["lease", "passport"]}
    mail = OutboxMessage.objects.get()
    assert "You showed documents for it" in mail.body_text
    assert "passport" not in mail.body_text


def test_who_disowns_the_documents_disowns_the_proof(person: User, agent: User) -> None:
    cast.proofed(person)
    correct(person, agent, last_name="Harbor", documents=ENOUGH)
    row = Disavowal.objects.get(user=person)
    assert row.event == AccountEvent.IDENTITY_TRIED

    disavowal.disown(disavowal_id=row.pk, address="127.0.0.1")

    person.refresh_from_db()
    assert (person.ial, person.is_active) == (IAL.SELF_ASSERTED, False)


def test_an_unknown_kind_of_document_is_an_error(person: User, agent: User) -> None:
    cast.proofed(person)
    with pytest.raises(ValueError, match="library_card"):
        correct(person, agent, last_name="Harbor", documents=["passport", "library_card"])
    assert nothing_happened(person)


def test_documents_are_not_kept_where_none_are_asked_for(person: User, agent: User) -> None:
    correct(person, agent, last_name="Harbor", documents=ENOUGH)
    assert logged.after(TAG) == {"last_name": "Harbor"}
    person.refresh_from_db()
    assert person.ial == IAL.SELF_ASSERTED


def test_what_the_bureau_says_about_the_old_name_proves_nothing(person: User, agent: User) -> None:
    attempt = make.begin(person)
    correct(person, agent, last_name="Harbor")

    attempt.refresh_from_db()
    assert (attempt.status, attempt.fails) == (ProofingAttempt.Status.TROUBLE, 0)
    with pytest.raises(Refusal):
        make.answer(person, attempt)
    person.refresh_from_db()
    assert person.ial == IAL.SELF_ASSERTED
    assert proofing.standing(person).fails == 0
