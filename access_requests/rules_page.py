"""Writes the page that says who approves what, from the rules in the database and in the code."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils import translation

from access_requests.reasons import Reason
from accounts.assurance import AAL, IAL
from catalog.models import ApprovalRule, Role, System

_HEAD = """\
# Who approves what

Written by `make rules` from the catalog and the code; do not edit it by hand. A test fails when
this page is stale.

## How a request finds the people who decide

1. The rules of the role are read in order. The first one with somebody able to decide wins; the
   rules below it do not matter then.
2. *Holders of a role* are people who hold that role now. *Of the same organization* counts only
   those who hold it for the organization that the request names.
3. *People assigned to decide* hold the object permission `decide_requests` on the role or on the
   system, in person or through a group.
4. When no rule has anybody, the owner of the system decides (object permission `own_system`,
   which every business owner role carries), and when there is none, the portal help desk, which
   is alerted by mail.
5. The requester never counts, nor does anybody whose account is switched off. So nobody decides
   their own request, by whatever road.
6. When people come or go, the requests that waited move at once; what no event tells is found by
   a sweep every five minutes. An approver who has not decided is reminded after {reminders} days;
   after {expiry} days the request expires, and the requester is told.

The code is `access_requests/routing.py`; the rules stand in `catalog/data/`.
"""

_REASONS = """\
## What is refused, and what the person reads

| Code | Sentence |
|---|---|
"""


def render() -> str:
    """Return the page as Markdown, always in English and in a fixed order."""
    with translation.override("en"):
        return "\n".join(
            [
                _HEAD.format(
                    reminders=_and(settings.REQUEST_REMINDER_DAYS),
                    expiry=settings.REQUEST_EXPIRY_DAYS,
                ),
                _REASONS + "".join(f"| `{reason.name}` | {reason.label} |\n" for reason in Reason),
                "## Rules by system\n",
                *_systems(),
            ]
        )


def _and(days: Sequence[int]) -> str:
    *first, last = map(str, days)
    return f"{', '.join(first)} and {last}" if first else last


def _systems() -> Iterable[str]:
    roles = (
        Role.objects.requestable()
        .select_related("system")
        .prefetch_related("approval_rules__approver_role__system", "excludes")
    )
    by_system: defaultdict[System, list[Role]] = defaultdict(list)
    for role in roles.order_by("system__name", "order", "pk"):
        by_system[role.system].append(role)
    alike: defaultdict[str, list[System]] = defaultdict(list)
    for system, own in by_system.items():
        if all(role.is_default for role in own):
            alike[_table(own)].append(system)
        else:
            yield f"### {_name(system)}\n\n{_table(own)}"
    for table, systems in alike.items():
        names = ", ".join(_name(system) for system in systems)
        yield (
            "### Systems with the default roles\n\n"
            "The source documents name no role for these systems, so the portal gives them two:\n"
            f"{names}.\n\n{table}"
        )


def _name(system: System) -> str:
    if system.acronym and system.acronym != system.name:
        return f"{system.acronym} ({system.name})"
    return system.name


def _table(roles: Iterable[Role]) -> str:
    lines = [
        "| Role | Needs | Who decides, in order | Cannot be held together with |",
        "|---|---|---|---|",
    ]
    for role in roles:
        rules = "<br>".join(
            f"{number}. {_words(role, rule)}"
            for number, rule in enumerate(role.approval_rules.all(), start=1)
        )
        excluded = ", ".join(sorted(other.name for other in role.excludes.all()))
        lines.append(f"| {role.name} | {_needs(role)} | {rules or '-'} | {excluded or '-'} |")
    return "\n".join(lines) + "\n"


def _words(role: Role, rule: ApprovalRule) -> str:
    other = rule.approver_role
    if other is None or other.system_id == role.system_id:
        return rule.describe()
    return f"{rule.describe()} ({_name(other.system)})"


def _needs(role: Role) -> str:
    needs = []
    if role.required_ial > IAL.SELF_ASSERTED:
        needs.append(str(IAL(role.required_ial).label).lower())
    if role.required_aal > AAL.PASSWORD:
        needs.append(str(AAL(role.required_aal).label).lower())
    return ", ".join(needs) or "an account"
