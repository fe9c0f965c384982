"""An agent corrects a name: for callers who have read a code, and never a proven one unseen."""

from typing import Any

import pytest

from accounts.models import User
from accounts.reasons import Reason as AccountReason
from support.reasons import Reason
from support.services import helpdesk_actions as actions
from tests import cast
from tests.integration.support.acting import BY_CODE, BY_JUDGEMENT, WHY, act, refused
from tests.integration.support.helpdesk import (
    Desks,
    action_of,
    opened,
    page_of,
    recorded,
    strong_client,
    subjects,
    text_of,
)

ACTION = "correct-name"
RIGHT = {"first_name": "Averill", "middle_name": "Rae", "last_name": "Harbor", "suffix": "Jr."}
SUBJECT = "The name of your account was corrected"


def correct(agent: User, person: User, **more: Any) -> None:
    typed: dict[str, Any] = {"name": RIGHT, "reason": "Nickname", **more}
    actions.correct_name(agent=agent, person_id=person.pk, **typed)


def name_of(person: User) -> str:
    return User.objects.get(pk=person.pk).get_full_name()


def test_the_form_begins_with_the_present_name(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    page = strong_client(desks.agent).get(action_of(desks.person, ACTION))
    html = page.content.decode()
    assert 'value="Avery"' in html
    assert 'value="Assister"' in html
    assert 'autocomplete="given-name"' not in html
    assert "Documents you have seen" not in html
    fields = list(page.context["form"].fields)
    assert fields == ["first_name", "middle_name", "last_name", "suffix", "reason"]


def test_a_name_is_corrected_recorded_and_told(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    answer = act(desks, ACTION, **RIGHT)
    assert answer["Location"] == page_of(desks.person)
    assert name_of(desks.person) == "Averill Rae Harbor Jr."
    (entry,) = recorded("account:correct_name")
    assert (entry.actor_id, entry.target_id) == (desks.agent.pk, str(desks.person.pk))
    assert entry.reason == "Lost the phone (CALL-77)"
    assert subjects(desks.person)[-1] == SUBJECT
    shown = text_of(strong_client(desks.agent).get(page_of(desks.person)))
    assert "The name is corrected." not in shown  # said once, in the window that did it
    assert "Averill Rae Harbor Jr." in shown


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first_name": ""}, "Enter the first name."),
        ({"last_name": "x" * 61}, "at most 60 characters"),
        ({"last_name": "<b>Harbor</b>"}, "Use letters, spaces, hyphens"),
        ({"first_name": "R2D2"}, "Use letters, spaces, hyphens"),
        ({"first_name": "-"}, "Enter a name."),
        ({"suffix": "PhD"}, "Select a valid choice"),
        ({"reason": " "}, "Please correct the following"),
    ],
)
def test_a_name_is_checked_as_in_the_registration(
    desks: Desks, typed: dict[str, str], words: str
) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    before = name_of(desks.person)
    answer = act(desks, ACTION, **{**RIGHT, **typed})
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert name_of(desks.person) == before
    assert recorded("account:correct_name") == []


def test_a_form_that_changes_nothing_is_refused(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    person = desks.person
    same = {"first_name": f" {person.first_name} ", "last_name": person.last_name}
    answer = act(desks, ACTION, **same)
    assert answer.status_code == 409
    assert str(AccountReason.NAME_UNCHANGED.label) in answer.content.decode()
    assert recorded("account:correct_name") == []
    assert SUBJECT not in subjects(person)


def test_nobody_is_renamed_before_the_caller_is_verified(desks: Desks) -> None:
    opened(desks.agent, desks.person)
    answer = act(desks, ACTION, **RIGHT)
    assert answer["Location"] == page_of(desks.person)
    assert refused(lambda: correct(desks.agent, desks.person)) == Reason.NOT_VERIFIED
    assert name_of(desks.person) == "Avery Assister"


def test_a_caller_who_read_no_code_gets_no_other_name(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    answer = act(desks, ACTION, **RIGHT)
    assert answer.status_code == 409
    assert str(Reason.NOT_PROVEN.label) in answer.content.decode()
    assert name_of(desks.person) == "Avery Assister"
    assert recorded("account:correct_name") == []


def test_without_a_contact_nobody_is_renamed(desks: Desks) -> None:
    assert refused(lambda: correct(desks.agent, desks.person)) == Reason.NO_CONTACT


def test_outside_the_desk_there_is_no_such_page(desks: Desks) -> None:
    client = strong_client(desks.agent)
    assert client.get(action_of(desks.outsider, ACTION)).status_code == 404
    assert client.post(action_of(desks.outsider, ACTION), {**WHY, **RIGHT}).status_code == 404
    assert refused(lambda: correct(desks.agent, desks.outsider)) == Reason.ELSEWHERE


def test_for_others_there_is_no_such_page(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    for visitor in (desks.person, cast.auditor()):
        client = strong_client(visitor)
        answer = client.post(action_of(desks.person, ACTION), {**WHY, **RIGHT})
        assert answer.status_code == 404
    assert name_of(desks.person) == "Avery Assister"


def test_an_account_that_is_shut_keeps_its_name(desks: Desks) -> None:
    User.objects.filter(pk=desks.person.pk).update(is_active=False)
    opened(desks.agent, desks.person, way=BY_CODE)
    assert act(desks, ACTION, **RIGHT).status_code == 404


def test_a_proven_identity_needs_documents(desks: Desks) -> None:
    cast.proofed(desks.person)
    opened(desks.agent, desks.person, way=BY_CODE)
    page = strong_client(desks.agent).get(action_of(desks.person, ACTION))
    assert "Documents you have seen" in text_of(page)
    assert list(page.context["form"].fields)[-2:] == ["documents", "reason"]

    none = act(desks, ACTION, **RIGHT)
    assert none.status_code == 200
    assert str(AccountReason.DOCUMENTS_MISSING.label) in none.content.decode()
    short = act(desks, ACTION, **RIGHT, documents=["lease"])
    assert short.status_code == 409
    assert str(AccountReason.DOCUMENTS_MISSING.label) in short.content.decode()
    assert name_of(desks.person) == "Avery Assister"

    act(desks, ACTION, **RIGHT, documents=["passport", "lease"])
    assert name_of(desks.person) == "Averill Rae Harbor Jr."
    (entry,) = recorded("account:correct_name")
    assert entry.after is not None
    assert entry.after["documents"] == ["lease", "passport"]
    desks.person.refresh_from_db()
    assert desks.person.ial == 2
