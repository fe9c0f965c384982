"""Lets the owner of a system edit it: by the object permission, and only that system."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from guardian.shortcuts import get_objects_for_user

from catalog.models import System

OWN = "catalog.own_system"


def systems_owned_by(user: Any) -> QuerySet[System]:
    """Return the systems on which the person holds the ownership, by themselves or by a group."""
    owned: QuerySet[System] = get_objects_for_user(
        user, OWN, klass=System, accept_global_perms=False, with_superuser=False
    )
    return owned


def owns(request: HttpRequest, system: System | None) -> bool:
    """Say whether the person who asks owns this system, or, without one, any system."""
    if not request.user.is_active:
        return False
    owned = systems_owned_by(request.user)
    return (owned if system is None else owned.filter(pk=system.pk)).exists()
