"""Gives a system for which the sources name no role the two that every system needs."""

from accounts.assurance import AAL, IAL
from catalog.models import ApprovalRule, Role
from catalog.services.delivered import Delivered, RoleEntry, RuleEntry, SystemEntry

END_USER = "end-user"
APPROVER = "approver"


def add_to(delivered: Delivered) -> None:
    """Add the default roles to every system that has no role of its own."""
    served = {role.system for role in delivered.roles}
    for system in delivered.systems:
        if system.id not in served:
            delivered.roles += [_end_user(system), _approver(system)]


def _end_user(system: SystemEntry) -> RoleEntry:
    return _role(
        system,
        id=END_USER,
        name="End User",
        kind=Role.Kind.END_USER,
        description=f"Uses {system.acronym or system.name}.",
        order=1,
        identity_assurance=system.default_identity_assurance,
        sign_in_strength=system.default_sign_in_strength,
        approvers=[f"{system.id}/{APPROVER}", None],
    )


def _approver(system: SystemEntry) -> RoleEntry:
    return _role(
        system,
        id=APPROVER,
        name="Approver",
        kind=Role.Kind.APPROVER,
        description=f"Decides who may use {system.acronym or system.name}.",
        order=2,
        identity_assurance=IAL.SELF_ASSERTED,
        sign_in_strength=AAL.TWO_FACTORS,
        approvers=[None],
    )


def _role(
    system: SystemEntry,
    *,
    id: str,  # noqa: A002 - the word of the data files
    name: str,
    kind: Role.Kind,
    description: str,
    order: int,
    identity_assurance: int,
    sign_in_strength: int,
    approvers: list[str | None],
) -> RoleEntry:
    return RoleEntry(
        place=system.place,
        system=system.id,
        id=id,
        name=name,
        kind=kind.value,
        description=description,
        identity_assurance=int(identity_assurance),
        sign_in_strength=int(sign_in_strength),
        excludes=[],
        default=True,
        order=order,
        attributes=[],
        approved_by=[
            RuleEntry(place=system.place, role=role, scope=ApprovalRule.Scope.ANY.value)
            for role in approvers
        ],
    )
