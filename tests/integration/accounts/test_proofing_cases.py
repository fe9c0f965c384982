"""Cases of people whom the bureau cannot prove: opened, heard by phone, seen on paper, closed."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

import clock
from accounts.assurance import IAL
from accounts.models import ProofingAttempt, ProofingCase, User
from accounts.proofing import references
from accounts.reasons import Reason
from accounts.services import accounts, proofing, proofing_cases
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast, logged
from tests.factories import proofing as make

pytestmark = pytest.mark.django_db

Status = ProofingCase.Status
ENOUGH = ["passport", "utility_bill"]


@pytest.fixture
def person() -> User:
    return cast.assister()


@pytest.fixture
def agent() -> User:
    return cast.portal_help_desk()


def refusal_of(act: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return str(caught.value.reason)


def by_phone(case: ProofingCase, agent: User, *, passed: bool, reason: str = "Call 1") -> Any:
    return proofing_cases.record_phone(case_id=case.pk, agent=agent, passed=passed, reason=reason)


def on_paper(
    case: ProofingCase,
    agent: User,
    *,
    passed: bool = True,
    documents: list[str] = ENOUGH,
    reason: str = "Call 2",
) -> Any:
    return proofing_cases.record_manual(
        case_id=case.pk, agent=agent, passed=passed, documents=documents, reason=reason
    )


def mails() -> list[str]:
    return list(OutboxMessage.objects.order_by("id").values_list("name", flat=True))


def test_a_check_by_phone_can_prove(person: User, agent: User) -> None:
    case = by_phone(make.case(person), agent, passed=True)

    person.refresh_from_db()
    assert (case.status, case.proven_by, case.phone_by_id) == (Status.PROVEN, "phone", agent.pk)
    assert (person.ial, person.proofed_at) == (IAL.PROOFED, case.closed_at)
    assert logged.before("proofing_case:phone") == {"status": "phone", "ial": 1}
    assert logged.after("proofing_case:phone") == {
        "status": "proven",
        "documents": [],
        "proven_by": "phone",
        "ial": 2,
    }
    assert mails() == ["proofing_passed"]


def test_after_the_phone_the_documents_are_next(person: User, agent: User) -> None:
    case = by_phone(make.case(person), agent, passed=False)

    person.refresh_from_db()
    assert (case.status, person.ial) == (Status.MANUAL, IAL.SELF_ASSERTED)
    assert mails() == ["proofing_documents_wanted"]
    case = on_paper(case, agent)
    person.refresh_from_db()
    assert (case.status, case.proven_by) == (Status.PROVEN, "documents")
    assert case.documents == ENOUGH
    assert person.ial == IAL.PROOFED
    entry = AuditEntry.objects.get(tag="proofing_case:manual")
    assert (entry.actor, entry.on_behalf_of, entry.reason) == (agent, person, "Call 2")


@pytest.mark.parametrize(
    ("documents", "is_enough"),
    [
        (["passport", "lease"], True),
        (["passport", "state_id"], True),
        (["passport"], False),
        (["passport", "passport"], False),
        (["lease", "utility_bill"], False),
        ([], False),
    ],
)
def test_one_document_with_a_photograph_and_one_more(
    person: User, agent: User, documents: list[str], is_enough: bool
) -> None:
    case = make.case(person, status=Status.MANUAL)

    if is_enough:
        assert on_paper(case, agent, documents=documents).status == Status.PROVEN
    else:
        refused = refusal_of(lambda: on_paper(case, agent, documents=documents))
        assert refused == Reason.DOCUMENTS_MISSING
        person.refresh_from_db()
        assert person.ial == IAL.SELF_ASSERTED


def test_an_unknown_kind_of_document_is_an_error(person: User, agent: User) -> None:
    case = make.case(person, status=Status.MANUAL)

    with pytest.raises(ValueError, match="library_card"):
        on_paper(case, agent, documents=["passport", "library_card"])


def test_when_nothing_proves_the_person_starts_again_with_all_tries(
    person: User, agent: User
) -> None:
    for _try in range(3):
        make.begin(person, make.NOT_FOUND)
    case = by_phone(ProofingCase.objects.get(), agent, passed=False)

    case = on_paper(case, agent, passed=False, documents=[])

    assert (case.status, case.proven_by) == (Status.NOT_PROVEN, "")
    assert mails()[-1] == "proofing_not_proven"
    assert proofing.standing(person).tries_left == 3
    assert make.begin(person).status == ProofingAttempt.Status.QUESTIONS


def test_somebody_else_has_to_judge(person: User) -> None:
    case = make.case(person)

    assert refusal_of(lambda: by_phone(case, person, passed=True)) == Reason.OWN_ACCOUNT
    with pytest.raises(IntegrityError), transaction.atomic():
        ProofingCase.objects.filter(pk=case.pk).update(phone_by=person)


def test_only_a_superuser_judges_somebody_with_rights(agent: User) -> None:
    case = make.case(cast.administrator())

    assert refusal_of(lambda: by_phone(case, agent, passed=True)) == Reason.HIGHER_ACCOUNT
    assert by_phone(case, cast.superuser(), passed=True).status == Status.PROVEN


def test_an_agent_who_left_judges_nobody(person: User, agent: User) -> None:
    agent.deactivate(at=clock.now(), reason="left")
    agent.save()

    refused = refusal_of(lambda: by_phone(make.case(person), agent, passed=True))
    assert refused == Reason.NOT_ALLOWED


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed(person: User, agent: User, reason: str) -> None:
    case = make.case(person)

    refused = refusal_of(lambda: by_phone(case, agent, passed=True, reason=reason))
    assert refused == Reason.REASON_MISSING


def test_each_step_is_taken_once(person: User, agent: User) -> None:
    case = make.case(person)

    assert refusal_of(lambda: on_paper(case, agent)) == Reason.CASE_ELSEWHERE
    by_phone(case, agent, passed=True)
    assert refusal_of(lambda: by_phone(case, agent, passed=False)) == Reason.CASE_ELSEWHERE


def test_a_pass_online_closes_the_case(person: User) -> None:
    case = proofing_cases.open_by_choice(user=person, by_phone=True)

    make.answer(person, make.begin(person))

    case.refresh_from_db()
    assert (case.status, case.proven_by) == (Status.PROVEN, "online")
    assert logged.after("proofing_case:close") == {"status": "proven", "proven_by": "online"}


def test_what_an_administrator_records_closes_the_case(person: User) -> None:
    case = proofing_cases.open_by_choice(user=person, by_phone=False)

    accounts.record_proofing(user_id=person.pk, actor=cast.superuser(), reason="Seen in person")

    case.refresh_from_db()
    assert (case.status, case.proven_by) == (Status.PROVEN, "administration")


def test_fails_take_the_open_case_along(person: User) -> None:
    case = proofing_cases.open_by_choice(user=person, by_phone=True)

    for _try in range(3):
        make.begin(person, make.NOT_FOUND)

    assert ProofingCase.objects.get() == case
    assert mails().count("proofing_case_opened") == 2


def test_a_case_is_found_by_any_spelling_of_its_number(person: User) -> None:
    case = make.case(person)

    for typed in ("4K7M-9RXA-HWE3", "4k7m 9rxa hwe3", " 4K7M9RXAHWE3 ", "4K7M.9RXA.HWE3"):
        assert proofing_cases.find(typed) == case
    for typed in ("", "4K7M-9RXA", "4K7M-9RXA-HWE4", "4K7M-9RXA-HWEO", "\x00" * 12):
        assert proofing_cases.find(typed) is None


def test_new_numbers_hold_no_sign_that_is_mixed_up() -> None:
    made = {references.new() for _case in range(500)}

    assert len(made) == 500
    assert not set("".join(made)) & set("0ODQ1IL2Z5S8BUVJNTG")
    assert all(references.normalise(number.lower()) == number for number in made)


def test_every_mail_reads_well_and_can_be_disowned(person: User, agent: User) -> None:
    for _try in range(3):
        make.begin(person, make.NOT_FOUND)
    case = by_phone(ProofingCase.objects.get(), agent, passed=False)
    on_paper(case, agent, passed=False, documents=[])
    case = proofing_cases.open_by_choice(user=person, by_phone=False)
    on_paper(case, agent)

    sent = list(OutboxMessage.objects.order_by("id"))

    assert [mail.name for mail in sent] == [
        "proofing_failed",
        "proofing_failed",
        "proofing_case_opened",
        "proofing_documents_wanted",
        "proofing_not_proven",
        "proofing_case_opened",
        "proofing_passed",
    ]
    for mail in sent:
        assert "/not-me/link/" in mail.body_text
        assert "/not-me/link/" in mail.body_html
        assert "{{" not in mail.subject + mail.body_text + mail.body_html
    assert "You can try 2 more times." in sent[0].body_text
    assert "You can try once more." in sent[1].body_text
    assert "a check by phone" in sent[2].body_text
    assert "a check of your documents" in sent[5].body_text
    assert "with your documents" in sent[6].body_text
    assert case.reference in sent[5].subject
    assert f"http://localhost:8000{case.get_absolute_url()}" in sent[5].body_text
