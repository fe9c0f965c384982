"""Gathers everything that a system's own page tells, in two statements."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from accounts.assurance import loa_label
from catalog.models import ApprovalRule, Role, RoleAttribute, System
from catalog.models.roles import describe_rung
from catalog.services.listing import NO_COLUMNS_OF_SEARCH, desks_of


@dataclass(frozen=True)
class SystemPage:
    """A system with its help desks (`desks`) and `parts`, and what can be asked for in it."""

    system: System
    desks: list[dict[str, Any]]
    parts: list[dict[str, str]]
    roles: list["RoleOnPage"] = field(default_factory=list)


@dataclass(frozen=True)
class RoleOnPage:
    """A role with the people who decide, in words and in order, and what a request needs."""

    role: Role
    deciders: list[str]
    attributes: list[dict[str, Any]]
    exclusions: list[str]

    @property
    def assurance(self) -> str:
        """The level of assurance that the role asks for, as the source documents name it."""
        return loa_label(self.role.required_ial, self.role.required_aal)


def of(slug: str) -> SystemPage | None:
    """Return the page of a listed system, or None when there is no such system."""
    parts = System.objects.listed().filter(parent=OuterRef("pk")).by_title()
    system = (
        System.objects.listed()
        .filter(slug=slug)
        .select_related("category", "parent")
        .defer(*NO_COLUMNS_OF_SEARCH, *(f"parent__{name}" for name in NO_COLUMNS_OF_SEARCH))
        .annotate(
            desks=desks_of(OuterRef("pk")),
            parts=ArraySubquery(
                parts.values(data=JSONObject(slug="slug", acronym="acronym", name="name"))
            ),
        )
        .first()
    )
    if system is None:
        return None
    return SystemPage(
        system=system,
        desks=system.desks,  # type: ignore[attr-defined] # annotated
        parts=system.parts,  # type: ignore[attr-defined] # annotated
        roles=[_on_page(role) for role in _roles_of(system)],
    )


def _roles_of(system: System) -> list[Role]:
    this = OuterRef("pk")
    rules = ApprovalRule.objects.filter(role=this).order_by("order")
    attributes = RoleAttribute.objects.filter(role=this).order_by("order", "id")
    excluded = Role.objects.filter(excludes=this, is_active=True).order_by("order", "id")
    return list(
        system.roles.filter(is_active=True)
        .order_by("order", "id")
        .annotate(
            rungs=ArraySubquery(
                rules.values(data=JSONObject(role=F("approver_role__name"), scope="scope"))
            ),
            questions=ArraySubquery(
                attributes.values(
                    data=JSONObject(
                        label="label", help_text="help_text", required="required", choices="choices"
                    )
                )
            ),
            excluded_names=ArraySubquery(excluded.values("name")),
        )
    )


def _on_page(role: Any) -> RoleOnPage:
    return RoleOnPage(
        role=role,
        deciders=[describe_rung(rung["role"], rung["scope"]) for rung in role.rungs],
        attributes=role.questions,
        exclusions=role.excluded_names,
    )
