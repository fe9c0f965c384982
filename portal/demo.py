"""The demo people: who they are and the access they hold, got the way everybody gets it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet

import clock
from access_requests.models import Grant
from access_requests.services import decisions, drafts, requests
from accounts import answers as challenge_answers
from accounts.assurance import IAL
from accounts.audit_tags import Tag
from accounts.data.questions import QUESTIONS
from accounts.models import ChallengeAnswer, PasswordHistory, User
from accounts.policies import PORTAL_HELP_DESK
from accounts.services import acknowledgements
from audit import events
from catalog.models import Role
from portal import demo_codes, groups

DEMO_PASSWORD = "Lantern-Quay-2026"  # noqa: S105 - printed at start; refused in production
HARBOR = "Harbor Community Health"
CHALLENGE_ANSWERS = ("lantern", "quayside", "harbor")


@dataclass(frozen=True)
class DemoPerson:
    """One person of the demo; `what` is the line printed at start."""

    user_id: str
    first_name: str
    last_name: str
    what: str
    group: str = ""
    is_staff: bool = False
    is_proofed: bool = True
    has_app: bool = True


PEOPLE = (
    DemoPerson(
        "assister.avery",
        "Avery",
        "Assister",
        "assister: holds nothing yet, asks for zONE",
        is_proofed=False,
        has_app=False,
    ),
    DemoPerson("approver.external", "Emery", "External", f"zONE External Approver of {HARBOR}"),
    DemoPerson("approver.cms", "Casey", "Approver", "CMS zONE Approver"),
    DemoPerson(
        "owner.zone",
        "Owen",
        "Zonewell",
        "zONE Business Owner, edits zONE in /admin/",
        is_staff=True,
    ),
    DemoPerson("helpdesk.zone", "Harper", "Zonewell", "zONE Helpdesk"),
    DemoPerson(
        "helpdesk.portal",
        "Parker",
        "Portal",
        "portal help desk: decides what nobody else can",
        group=PORTAL_HELP_DESK,
    ),
    DemoPerson(
        "helpdesk2.portal",
        "Peyton",
        "Portal",
        "portal help desk: the second agent, who confirms",
        group=PORTAL_HELP_DESK,
    ),
    DemoPerson("so.harbor", "Sasha", "Harbor", f"IACS-PC Security Official of {HARBOR}"),
    DemoPerson("bso.harbor", "Bailey", "Harbor", f"IACS-PC Backup Security Official of {HARBOR}"),
    DemoPerson("uga.harbor", "Uma", "Harbor", f"IACS-PC User Group Administrator of {HARBOR}"),
    DemoPerson(
        "eu.harbor",
        "Eli",
        "Harbor",
        f"IACS-PC End User of {HARBOR}",
        is_proofed=False,
        has_app=False,
    ),
    DemoPerson(
        "admin.portal",
        "Addison",
        "Portal",
        "administrator: the catalog and the people in /admin/",
        group=groups.PORTAL_ADMINISTRATORS,
        is_staff=True,
    ),
    DemoPerson(
        "auditor.portal", "Audrey", "Portal", "auditor: reads the log at /audit/", groups.AUDITORS
    ),
)


@dataclass(frozen=True)
class DemoGrant:
    """One role held: who asks for what, and who approves."""

    person: str
    system: str
    role: str
    approver: str
    organization: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


# In this order everybody who approves has got the right to before.
GRANTS = (
    DemoGrant("owner.zone", "zone", "business-owner", "helpdesk.portal"),
    DemoGrant("approver.cms", "zone", "cms-approver", "owner.zone"),
    DemoGrant("approver.external", "zone", "external-approver", "approver.cms", HARBOR),
    DemoGrant("helpdesk.zone", "zone", "helpdesk", "owner.zone"),
    DemoGrant("so.harbor", "iacs-pc", "security-official", "helpdesk.portal", HARBOR),
    DemoGrant("bso.harbor", "iacs-pc", "backup-security-official", "so.harbor", HARBOR),
    DemoGrant(
        "uga.harbor",
        "iacs-pc",
        "user-group-administrator",
        "so.harbor",
        HARBOR,
        {"user-group": "Harbor Billing"},
    ),
    DemoGrant(
        "eu.harbor",
        "iacs-pc",
        "end-user",
        "uga.harbor",
        HARBOR,
        {"user-group": "Harbor Billing"},
    ),
)


@transaction.atomic
def load() -> int:
    """Make the people and their access where they are missing; return how many people are new.

    Raises ValueError in production.
    """
    if settings.IS_PRODUCTION:
        raise ValueError("demo people have no place in production")
    groups.set_up()
    new = [person for person in PEOPLE if not _known(person.user_id)]
    for person in new:
        _add(person)
    if lack_apps():
        # An installation from before there were second factors.
        for user in _people_with_apps():
            _add_app(user)
    for grant in GRANTS:
        _give(grant)
    for person in new:
        acknowledgements.accept_for_demo(user=User.objects.get_by_natural_key(person.user_id))
    return len(new)


def lack_apps() -> bool:
    """Tell whether demo people are there, and none of them has a second factor."""
    people = _people_with_apps()
    return people.exists() and not people.filter(has_mfa=True).exists()


def _people_with_apps() -> QuerySet[User]:
    wanted = [person.user_id for person in PEOPLE if person.has_app]
    return User.objects.filter(user_id_key__in=wanted)


def _known(user_id: str) -> bool:
    return User.objects.filter(user_id_key=user_id).exists()


def _add(person: DemoPerson) -> None:
    now = clock.now()
    user = User.objects.create_user(
        person.user_id,
        f"{person.user_id}@people.example",
        first_name=person.first_name,
        last_name=person.last_name,
        address_line_1="12 Quay Street",
        city="Annapolis",
        state="MD",
        zip_code="21401",
        phone="+14105550123",
        ial=IAL.PROOFED if person.is_proofed else IAL.SELF_ASSERTED,
        proofed_at=now if person.is_proofed else None,
        is_staff=person.is_staff,
        password_changed_at=now,
    )
    user.password = make_password(DEMO_PASSWORD)
    user.save(update_fields=["password"])
    PasswordHistory.objects.create(user=user, hash=user.password, set_at=now)
    ChallengeAnswer.objects.bulk_create(
        ChallengeAnswer(user=user, question=question, hash=challenge_answers.make_hash(answer))
        for (question, _text), answer in zip(QUESTIONS, CHALLENGE_ANSWERS, strict=False)
    )
    if person.group:
        user.groups.add(Group.objects.get(name=person.group))
    events.record(Tag.ACTIVATE, actor=None, target=user, after={"user_id": user.user_id})
    if person.has_app:
        _add_app(user)


def _add_app(user: User) -> None:
    device = demo_codes.add_app(user)
    events.record(Tag.DEVICE_ADDED, actor=None, target=device, after={"kind": device.kind})


def _give(wanted: DemoGrant) -> None:
    """Ask for a role and have it approved, unless the person holds it or once held it."""
    person = User.objects.get_by_natural_key(wanted.person)
    role = Role.objects.select_related("system").get(system__slug=wanted.system, code=wanted.role)
    if Grant.objects.filter(person=person, role=role).exists():
        return
    draft = drafts.save_draft(
        requester=person,
        system=role.system,
        role=role,
        organization_name=wanted.organization,
        answers=wanted.answers,
        reason="Set up with the demo.",
    )
    access_request = requests.submit(access_request_id=draft.pk, requester=person)
    decisions.approve(
        tracking_number=str(access_request.tracking_number),
        approver=User.objects.get_by_natural_key(wanted.approver),
        comment="Set up with the demo.",
    )
