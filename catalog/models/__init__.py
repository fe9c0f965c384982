"""Systems, roles, approval rules and help desks."""

from catalog.models.permissions import (
    RoleGroupObjectPermission,
    RoleUserObjectPermission,
    SystemGroupObjectPermission,
    SystemUserObjectPermission,
)
from catalog.models.roles import ApprovalRule, Role, RoleAttribute
from catalog.models.systems import Category, HelpDesk, System

__all__ = [
    "ApprovalRule",
    "Category",
    "HelpDesk",
    "Role",
    "RoleAttribute",
    "RoleGroupObjectPermission",
    "RoleUserObjectPermission",
    "System",
    "SystemGroupObjectPermission",
    "SystemUserObjectPermission",
]
