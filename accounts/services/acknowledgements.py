"""Which rules a person has to accept, and the acceptance: per version, and again every year."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts import assurance
from accounts.audit_tags import Tag
from accounts.data import rules_of_behavior
from accounts.data.rules_of_behavior import Group
from accounts.models import PortalSession, RulesDocument, TermsAcceptance, User
from audit import events

Codes = Callable[[User], Iterable[str]]
_sources: list[Codes] = []


@dataclass(frozen=True)
class Rules:
    """One document as it is shown and accepted."""

    code: str
    version: str
    title: str
    groups: tuple[Group, ...]

    @property
    def key(self) -> str:
        """Names this very version of the document."""
        return f"{self.code}:{self.version}"


def register_source(codes_for: Codes) -> None:
    """Let ``codes_for(user)`` name the documents of systems this person has to accept.

    For rooms above, in ``AppConfig.ready``; documents that do not exist are left out.
    """
    if codes_for not in _sources:
        _sources.append(codes_for)


def owed_by(user: User) -> list[Rules]:
    """The documents in force for this person that were not accepted in the last 365 days."""
    wanted = _wanted(user)
    since = clock.now() - settings.RULES_ACCEPTANCE_LASTS
    accepted = set(
        TermsAcceptance.objects.filter(
            user=user, document__in=[rules.code for rules in wanted], accepted_at__gt=since
        ).values_list("document", "version")
    )
    return [rules for rules in wanted if (rules.code, rules.version) not in accepted]


def is_settled(session: PortalSession) -> bool:
    """Whether this session may open protected pages; asks once and keeps the answer.

    What comes into force later is asked at the next sign-in, at most twelve hours on.
    """
    if session.rules_checked_at is None and not owed_by(session.user):
        _settle(session)
    return session.rules_checked_at is not None


@transaction.atomic
def accept(*, session: PortalSession, keys: Sequence[str], address: str) -> list[Rules]:
    """Record the acceptance of the documents that were shown; returns what is still owed.

    ``keys`` are those of the documents on the page. A document that changed since then is asked
    for again.
    """
    user = User.objects.select_for_update().get(pk=session.user_id)
    owed = owed_by(user)
    accepted = [rules for rules in owed if rules.key in keys]
    _record(user, accepted, address)
    missing = [rules for rules in owed if rules not in accepted]
    if not missing:
        _settle(session)
    return missing


@transaction.atomic
def accept_for_demo(*, user: User) -> None:
    """Record that a person of the demo has accepted everything; refused in production."""
    if settings.IS_PRODUCTION:
        raise ValueError("people accept rules themselves")
    _record(user, owed_by(user), "")


def _record(user: User, accepted: Sequence[Rules], address: str) -> None:
    now = clock.now()
    TermsAcceptance.objects.bulk_create(
        TermsAcceptance(
            user=user,
            document=rules.code,
            version=rules.version,
            accepted_at=now,
            address=address or None,
        )
        for rules in accepted
    )
    if accepted:
        after = {rules.code: rules.version for rules in accepted}
        events.record(Tag.RULES_ACCEPTED, actor=user, target=user, after=after)


def _settle(session: PortalSession) -> None:
    session.rules_checked_at = clock.now()
    session.save(update_fields=["rules_checked_at"])


def _wanted(user: User) -> list[Rules]:
    documents = TermsAcceptance.Document
    wanted = [
        Rules(
            documents.RULES_OF_BEHAVIOR.value,
            rules_of_behavior.VERSION,
            _("Rules of Behavior"),
            rules_of_behavior.FOR_EVERYBODY,
        )
    ]
    if assurance.needs_strong_factor(user):
        wanted.append(
            Rules(
                documents.PRIVILEGED_RULES.value,
                rules_of_behavior.VERSION,
                _("Rules for people with elevated rights"),
                rules_of_behavior.PRIVILEGED,
            )
        )
    return wanted + _of_systems(user)


def _of_systems(user: User) -> list[Rules]:
    codes = {code for codes_for in _sources for code in codes_for(user)}
    if not codes:
        return []
    found = RulesDocument.objects.filter(code__in=codes, is_in_force=True).order_by("title")
    return [_of_document(document) for document in found]


def _of_document(document: RulesDocument) -> Rules:
    lines: tuple[Any, ...] = tuple(
        line.strip() for line in document.body.splitlines() if line.strip()
    )
    return Rules(document.code, document.version, document.title, (Group("", lines),))
