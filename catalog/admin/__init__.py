"""The catalog in the administration pages."""

from catalog.admin.categories import CategoryAdmin
from catalog.admin.roles import RoleAdmin
from catalog.admin.systems import SystemAdmin

__all__ = ["CategoryAdmin", "RoleAdmin", "SystemAdmin"]
