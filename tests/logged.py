"""What the audit log kept of the one change with a tag."""

from typing import Any

from audit.models import AuditEntry


def before(tag: str) -> dict[str, Any]:
    """Return the side before the change."""
    side = AuditEntry.objects.get(tag=tag).before
    assert side is not None
    return dict(side)


def after(tag: str) -> dict[str, Any]:
    """Return the side after the change."""
    side = AuditEntry.objects.get(tag=tag).after
    assert side is not None
    return dict(side)
