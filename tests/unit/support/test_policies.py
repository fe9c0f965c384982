"""The policies of the support room as decision tables, without a database."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from accounts.assurance import Strength
from support import desks, policies
from support.desks import Desk, Rank
from support.models import Contact, Proposal
from support.reasons import Reason

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
OPEN_FOR = settings.HELP_DESK_CONTACT_LIFETIME
VERIFIED_FOR = settings.HELP_DESK_VERIFICATION_LIFETIME
Way = Contact.Way
State = Proposal.State

SOME, ALL, NONE = Desk(frozenset({5})), Desk(everybody=True), Desk()
SERVED = frozenset({1, 2, 3})


def person(
    pk: Any = 1,
    *,
    rank: Rank = Rank.PERSON,
    desk: Desk = NONE,
    active: bool = True,
    known: bool = True,
    rights: Any = frozenset(),
    strength: Strength = Strength.STRONG,
    version: int = 4,
    must_be_strong: bool = False,
) -> Any:
    return SimpleNamespace(
        must_be_strong=must_be_strong,
        pk=pk,
        rank=rank,
        desk=desk,
        is_active=active,
        is_authenticated=known,
        has_perm=lambda right: right in rights,
        session_strength=strength,
        security_version=version,
    )


def agent(pk: Any = 2, **fields: Any) -> Any:
    return person(pk, **{"desk": SOME, "rank": Rank.WORKER, **fields})


@pytest.fixture(autouse=True)
def _told_desks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Desks and ranks are what the people made here say; desks serve 1, 2 and 3, or everybody."""

    def people_of(desk: Desk) -> Any:
        def filtered(*, pk: Any) -> Any:
            found = desk.everybody or (bool(desk) and pk in SERVED)
            return SimpleNamespace(exists=lambda: found)

        return SimpleNamespace(filter=filtered)

    monkeypatch.setattr(desks, "desk_of", lambda user: user.desk)
    monkeypatch.setattr(desks, "rank_of", lambda user: user.rank)
    monkeypatch.setattr(desks, "people_of", people_of)
    monkeypatch.setattr(policies, "must_be_strong", lambda user: user.must_be_strong)


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        (person(rights={"audit.view_auditentry"}), None),
        (person(), Reason.NOT_AN_AUDITOR),
        (person(rights={"audit.export"}), Reason.NOT_AN_AUDITOR),
        (person(rights={"audit.view_auditentry"}, active=False), Reason.NOT_AN_AUDITOR),
    ],
)
def test_who_reads_the_log(user: Any, reason: Any) -> None:
    assert policies.may_read_audit_log(user).reason == reason


@pytest.mark.parametrize(
    ("user", "people", "everybody"),
    [
        (agent(), None, Reason.NO_PORTAL_AGENT),
        (agent(desk=ALL), None, None),
        (agent(desk=ALL, strength=Strength.NONE), None, None),
        (person(), Reason.NO_AGENT, Reason.NO_PORTAL_AGENT),
        (agent(desk=ALL, known=False), Reason.NO_AGENT, Reason.NO_PORTAL_AGENT),
    ],
)
def test_whom_a_desk_serves(user: Any, people: Any, everybody: Any) -> None:
    assert policies.serves_people(user).reason == people
    assert policies.serves_everybody(user).reason == everybody


RETRY = {"notifications.retry_outboxmessage"}


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        (agent(desk=ALL, rights=RETRY), None),
        (agent(desk=ALL), Reason.NO_PORTAL_AGENT),
        (agent(rights=RETRY), Reason.NO_PORTAL_AGENT),
        (agent(desk=ALL, rights=RETRY, known=False), Reason.NO_PORTAL_AGENT),
    ],
)
def test_who_has_mail_retried(user: Any, reason: Any) -> None:
    assert policies.may_retry_mail(user).reason == reason


@pytest.mark.parametrize(
    ("worker", "subject", "reason"),
    [
        (agent(), person(), None),
        (agent(desk=ALL), person(77), None),
        (agent(), person(rank=Rank.WORKER), None),
        (agent(active=False), person(), Reason.NO_AGENT),
        (agent(desk=NONE), person(), Reason.NO_AGENT),
        (agent(strength=Strength.WEAK), person(), Reason.WEAK_SESSION),
        (agent(strength=Strength.NONE), person(), Reason.WEAK_SESSION),
        (agent(), person(77), Reason.ELSEWHERE),
        (agent(), person(2), Reason.OWN_ACCOUNT),
        (agent(), person(rank=Rank.PORTAL), Reason.HIGHER_ACCOUNT),
        (agent(), person(77, rank=Rank.SUPERUSER), Reason.ELSEWHERE),
        (
            agent(desk=ALL, rank=Rank.PORTAL),
            person(rank=Rank.ADMINISTRATOR),
            Reason.ADMINISTRATORS_ACCOUNT,
        ),
        (
            agent(desk=ALL, rank=Rank.PORTAL),
            person(rank=Rank.SUPERUSER),
            Reason.ADMINISTRATORS_ACCOUNT,
        ),
    ],
)
def test_which_account_an_agent_opens(worker: Any, subject: Any, reason: Any) -> None:
    assert policies.may_open(worker, subject).reason == reason


@pytest.mark.parametrize(
    ("worker", "reason"),
    [
        (agent(), None),
        (agent(active=False), Reason.NO_AGENT),
        (person(), Reason.NO_AGENT),
        (agent(strength=Strength.WEAK), Reason.WEAK_SESSION),
    ],
)
def test_who_works_now(worker: Any, reason: Any) -> None:
    assert policies.may_work(worker).reason == reason


def contact(
    way: str = "",
    *,
    age: Any = SECOND,
    verified: Any = SECOND,
    strength: Strength = Strength.NONE,
) -> Contact:
    made = Contact(opened_at=NOW - age)
    if way:
        made.verify(way=Way(way), at=NOW - verified, strength=strength)
    return made


PROVEN, JUDGED = contact(Way.PORTAL_CODE), contact(Way.PHOTO_ID)
STALE = contact(Way.PORTAL_CODE, verified=VERIFIED_FOR)
OVER = contact(Way.PORTAL_CODE, age=OPEN_FOR)


@pytest.mark.parametrize(
    ("held", "look", "act", "way_in", "device"),
    [
        (None, Reason.NO_CONTACT, Reason.NO_CONTACT, Reason.NO_CONTACT, Reason.NO_CONTACT),
        (OVER, Reason.NO_CONTACT, Reason.NO_CONTACT, Reason.NO_CONTACT, Reason.NO_CONTACT),
        (
            contact(),
            None,
            Reason.NOT_VERIFIED,
            Reason.NOT_VERIFIED,
            Reason.NOT_VERIFIED,
        ),
        (STALE, None, Reason.NOT_VERIFIED, Reason.NOT_VERIFIED, Reason.NOT_VERIFIED),
        (JUDGED, None, None, Reason.NOT_PROVEN, Reason.SECOND_AGENT),
        (PROVEN, None, None, None, None),
        (contact(Way.DEVICE_CODE), None, None, None, None),
    ],
)
def test_what_a_contact_opens(held: Any, look: Any, act: Any, way_in: Any, device: Any) -> None:
    for ask, reason in (
        (policies.may_look, look),
        (policies.may_act, act),
        (policies.may_give_a_way_in, way_in),
        (policies.may_remove_device, device),
    ):
        assert ask(agent(), person(), held, now=NOW).reason == reason, ask.__name__


@pytest.mark.parametrize(
    ("way", "strength", "proven_of_strong", "proven_of_others"),
    [
        (Way.PORTAL_CODE, Strength.STRONG, True, True),
        (Way.PORTAL_CODE, Strength.WEAK, False, True),
        (Way.PORTAL_CODE, Strength.NONE, False, True),
        (Way.DEVICE_CODE, Strength.WEAK, False, True),
        (Way.PHOTO_ID, Strength.NONE, False, False),
        (Way.CALL_BACK, Strength.STRONG, False, False),
    ],
)
def test_a_weak_code_proves_nothing_of_people_who_need_and_have_a_strong_factor(
    way: Way, strength: Strength, proven_of_strong: bool, proven_of_others: bool
) -> None:
    held = contact(way, strength=strength)
    for needs, proven in ((True, proven_of_strong), (False, proven_of_others)):
        subject = person(must_be_strong=needs)
        assert policies.is_proven(subject, held) is proven
        told = None if proven else Reason.NOT_PROVEN
        if not proven and way in Contact.BY_CODE:
            told = Reason.PROVEN_WEAKLY
        assert policies.may_give_a_way_in(agent(), subject, held, now=NOW).reason == told
        alone = policies.may_remove_device(agent(), subject, held, now=NOW)
        assert alone.allowed is proven


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        (person(77), Reason.ELSEWHERE),
        (person(2), Reason.OWN_ACCOUNT),
        (person(rank=Rank.ADMINISTRATOR), Reason.HIGHER_ACCOUNT),
    ],
)
@pytest.mark.parametrize("held", [None, PROVEN])
def test_no_contact_opens_what_an_agent_may_not_open(subject: Any, reason: Any, held: Any) -> None:
    for ask in (
        policies.may_look,
        policies.may_act,
        policies.may_give_a_way_in,
        policies.may_remove_device,
    ):
        assert ask(agent(), subject, held, now=NOW).reason == reason, ask.__name__


@pytest.mark.parametrize(
    ("rank", "held", "reason"),
    [
        (Rank.PERSON, PROVEN, None),
        (Rank.WORKER, PROVEN, Reason.SECOND_AGENT),
        (Rank.WORKER, JUDGED, Reason.SECOND_AGENT),
        (Rank.PORTAL, PROVEN, Reason.SECOND_AGENT),
    ],
)
def test_devices_of_people_with_more_rights_need_two_agents(
    rank: Rank, held: Contact, reason: Any
) -> None:
    worker = agent(rank=Rank.SUPERUSER)
    verdict = policies.may_remove_device(worker, person(rank=rank), held, now=NOW)
    assert verdict.reason == reason


def proposal(
    *,
    subject: Any = None,
    by: int = 3,
    state: str = State.OPEN,
    after: Any = -SECOND,
    until: Any = SECOND,
    version: int = 4,
) -> Any:
    return SimpleNamespace(
        person=subject or person(),
        proposed_by_id=by,
        state=state,
        not_before=NOW + after,
        expires_at=NOW + until,
        security_version=version,
    )


@pytest.mark.parametrize(
    ("worker", "proposed", "reason"),
    [
        (agent(), proposal(), None),
        (agent(), proposal(after=dt.timedelta()), None),
        (agent(), proposal(after=SECOND, until=2 * SECOND), Reason.TOO_EARLY),
        (agent(), proposal(until=dt.timedelta()), Reason.PROPOSAL_OVER),
        (agent(), proposal(until=-SECOND), Reason.PROPOSAL_OVER),
        (agent(), proposal(state=State.DONE), Reason.PROPOSAL_OVER),
        (agent(), proposal(state=State.DROPPED), Reason.PROPOSAL_OVER),
        (agent(), proposal(version=3), Reason.PROPOSAL_OVER),
        (agent(), proposal(by=2), Reason.OWN_PROPOSAL),
        (agent(), proposal(by=2, state=State.DONE), Reason.OWN_PROPOSAL),
        (agent(), proposal(subject=person(2)), Reason.OWN_ACCOUNT),
        (agent(), proposal(subject=person(77)), Reason.ELSEWHERE),
        (agent(strength=Strength.WEAK), proposal(), Reason.WEAK_SESSION),
    ],
)
def test_who_confirms_a_proposal(worker: Any, proposed: Any, reason: Any) -> None:
    assert policies.may_confirm(worker, proposed, now=NOW).reason == reason


@pytest.mark.parametrize(
    ("worker", "proposed", "reason"),
    [
        (agent(), proposal(), None),
        (agent(), proposal(by=2), None),
        (agent(), proposal(state=State.DONE), Reason.PROPOSAL_OVER),
        (agent(), proposal(state=State.DROPPED), Reason.PROPOSAL_OVER),
        (agent(), proposal(subject=person(77)), Reason.ELSEWHERE),
        (agent(), proposal(subject=person(77), state=State.DONE), Reason.ELSEWHERE),
    ],
)
def test_who_drops_a_proposal(worker: Any, proposed: Any, reason: Any) -> None:
    assert policies.may_drop(worker, proposed).reason == reason
