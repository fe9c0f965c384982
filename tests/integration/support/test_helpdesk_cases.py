"""What an agent does about proofs of identity and reports "this was not me"."""

from django.urls import reverse

from accounts.models import ProofingCase
from accounts.services import proofing_cases
from tests.integration.support.acting import BY_JUDGEMENT, act, frozen
from tests.integration.support.helpdesk import (
    Desks,
    opened,
    page_of,
    recorded,
    strong_client,
    text_of,
)


def test_phone_then_documents_prove_an_identity(desks: Desks) -> None:
    case = proofing_cases.open_by_choice(user=desks.person, by_phone=True)
    ProofingCase.objects.filter(pk=case.pk).update(status=ProofingCase.Status.PHONE)
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    assert case.reference in text_of(strong_client(desks.agent).get(page_of(desks.person)))
    act(desks, "phone-proofing", outcome="not_proven")
    case.refresh_from_db()
    assert case.status == ProofingCase.Status.MANUAL
    assert act(desks, "manual-proofing", outcome="proven", documents=["lease"]).status_code == 409
    act(desks, "manual-proofing", outcome="proven", documents=["passport", "lease"])
    desks.person.refresh_from_db()
    assert desks.person.ial == 2
    (entry,) = recorded("proofing_case:manual")
    assert entry.actor_id == desks.agent.pk
    assert entry.reason == "Lost the phone (CALL-77)"


def test_a_reported_account_is_given_back(desks: Desks) -> None:
    case = frozen(desks.person)
    client = strong_client(desks.agent)
    listed = text_of(client.get(reverse("support:helpdesk_cases")))
    assert case.reference in listed
    assert desks.person.user_id not in listed
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    text = text_of(client.get(page_of(desks.person)))
    assert "Frozen by its owner" in text
    assert case.reference in text
    act(desks, "close-case", resolution="returned")
    case.refresh_from_db()
    desks.person.refresh_from_db()
    assert case.closed_by_id == desks.agent.pk
    assert desks.person.frozen_at is None
    assert case.reference not in text_of(client.get(reverse("support:helpdesk_cases")))


def test_cases_of_others_are_not_listed(desks: Desks) -> None:
    case = frozen(desks.outsider)
    assert case.reference not in text_of(
        strong_client(desks.agent).get(reverse("support:helpdesk_cases"))
    )
    assert case.reference in text_of(
        strong_client(desks.portal_agent).get(reverse("support:helpdesk_cases"))
    )
