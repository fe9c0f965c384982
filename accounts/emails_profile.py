"""The mails about changes that people make on their profile pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from accounts import user_agents
from accounts.models import PortalSession, User
from notifications.outbox import Mail, enqueue


def sessions_ended(user: User, ended: Sequence[PortalSession], *, at: datetime) -> None:
    """Says which of the person's sessions were ended from another one."""
    browsers = [user_agents.describe(session.user_agent) for session in ended]
    _to(user, "account_sessions_ended", browsers=browsers, at=localtime(at))


def _to(user: User, name: str, **context: Any) -> None:
    enqueue([Mail(name, user.email, {"user_id": user.user_id, **context}, recipient=user)])
