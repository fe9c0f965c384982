"""The mails about proving an identity: what happened, and what to do next."""

from typing import Any

from django.urls import reverse

from accounts.models import AccountEvent, ProofingCase, User
from accounts.services import disavowal
from notifications.outbox import Mail, enqueue


def passed(user: User, *, way: str) -> None:
    """Says that the identity is proven, and in which way."""
    _to(user, "proofing_passed", way=way)


def recorded(user: User) -> None:
    """Says that an administrator recorded the identity as proven."""
    _to(user, "account_proofed")


def failed(user: User, *, tries_left: int) -> None:
    """Says that the check online did not work out, and how often it can be tried again."""
    _to(user, "proofing_failed", path=reverse("accounts:proofing"), tries_left=tries_left)


def case_opened(case: ProofingCase) -> None:
    """Says under which number the person's case goes on, by phone or with documents."""
    by_phone = case.status == ProofingCase.Status.PHONE
    _about(case, "proofing_case_opened", by_phone=by_phone)


def documents_wanted(case: ProofingCase) -> None:
    """Says that the check by phone was not enough and documents are next."""
    _about(case, "proofing_documents_wanted")


def not_proven(case: ProofingCase) -> None:
    """Says that the case was closed without success, and what can be done."""
    _about(case, "proofing_not_proven")


def _about(case: ProofingCase, name: str, **context: Any) -> None:
    _to(case.user, name, path=case.get_absolute_url(), reference=case.reference, **context)


def _to(user: User, name: str, **context: Any) -> None:
    context = {
        "user_id": user.user_id,
        "not_me": disavowal.link(user, AccountEvent.IDENTITY_TRIED),
        **context,
    }
    enqueue([Mail(name, user.email, context, recipient=user)])
