"""Who may do what in the support room: each function answers one question."""

from typing import Any

from accounts.verdicts import ALLOWED, Verdict, refused
from support.reasons import Reason

READ_LOG_PERMISSION = "audit.view_auditentry"


def may_read_audit_log(user: Any) -> Verdict:
    """Whether this person reads and exports the audit log."""
    if user.is_active and user.has_perm(READ_LOG_PERMISSION):
        return ALLOWED
    return refused(Reason.NOT_AN_AUDITOR)
