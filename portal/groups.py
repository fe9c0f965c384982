"""The groups of people who work on the portal itself, and what each may do."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.policies import PORTAL_HELP_DESK

PORTAL_ADMINISTRATORS = "Portal administrators"
AUDITORS = "Auditors"

_READ_REQUESTS = (
    "access_requests.view_accessrequest",
    "access_requests.view_decision",
    "access_requests.view_grant",
)

# Group to permissions, each as "room.codename".
PERMISSIONS: dict[str, tuple[str, ...]] = {
    PORTAL_ADMINISTRATORS: (
        *(
            f"catalog.{verb}_{model}"
            for model in ("category", "system", "helpdesk", "role", "roleattribute", "approvalrule")
            for verb in ("add", "change", "delete", "view")
        ),
        # People and groups who decide by assignment; nobody assigns themselves (catalog/admin).
        *(
            f"catalog.{verb}_{model}{kind}objectpermission"
            for model in ("system", "role")
            for kind in ("user", "group")
            for verb in ("add", "change", "delete", "view")
        ),
        *(f"organizations.{verb}_organization" for verb in ("add", "change", "view")),
        "accounts.view_user",
        "accounts.change_user",
        *(f"accounts.{verb}_rulesdocument" for verb in ("add", "change", "view")),
        *_READ_REQUESTS,
        "access_requests.revoke_grant",
        "notifications.view_outboxmessage",
        "notifications.retry_outboxmessage",
    ),
    # Requests that nobody else can decide come to this group (access_requests/routing.py).
    # It serves everybody at /helpdesk/ (support/desks.py), and sends failed mails again.
    PORTAL_HELP_DESK: (
        "accounts.view_user",
        "notifications.view_outboxmessage",
        "notifications.retry_outboxmessage",
    ),
    AUDITORS: ("audit.view_auditentry",),
}


@transaction.atomic
def set_up() -> int:
    """Make the groups and bring their permissions in line; return how many groups changed.

    Raises Permission.DoesNotExist when a permission is named that no room defines.
    """
    changed = 0
    for name, labels in PERMISSIONS.items():
        group, created = Group.objects.get_or_create(name=name)
        wanted = {_permission(label) for label in labels}
        if created or set(group.permissions.all()) != wanted:
            group.permissions.set(wanted)
            changed += 1
    return changed


def _permission(label: str) -> Permission:
    room, _, codename = label.partition(".")
    return Permission.objects.get(content_type__app_label=room, codename=codename)
