"""Reads the delivered data files into entries and refuses whatever is wrong with them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.core.validators import EmailValidator, URLValidator, validate_slug
from django.db.models import Model

from accounts.assurance import AAL, IAL
from catalog import validators
from catalog.models import ApprovalRule, Category, HelpDesk, Role, RoleAttribute, System
from catalog.services import data_checks, default_roles
from catalog.services.delivered import (
    AttributeEntry,
    BrokenDataError,
    CategoryEntry,
    Delivered,
    HelpDeskEntry,
    Place,
    Problem,
    RoleEntry,
    RuleEntry,
    SystemEntry,
)
from catalog.services.yaml_nodes import Fields, read_root

ASSIGNED = "assigned"
web_address = URLValidator(schemes=["https", "http"])
email = EmailValidator()


def read(folder: Path) -> Delivered:
    """Return all entries of the ``*.yaml`` files in a folder and the folders in it.

    Raises BrokenDataError with every problem found, each with file and line.
    """
    delivered, problems = Delivered(), list[Problem]()
    files = sorted(folder.rglob("*.yaml"))
    if not files:
        problems.append(Problem(Place(str(folder), 1), "no *.yaml file is here"))
    for path in files:
        root = read_root(path, path.relative_to(folder).as_posix(), problems)
        if root is not None:
            _read_file(root, delivered)
    default_roles.add_to(delivered)
    if not problems:
        problems += data_checks.problems_of(delivered)
    if problems:
        raise BrokenDataError(sorted(problems, key=lambda p: (p.place.file, p.place.line)))
    _complete_exclusions(delivered)
    return delivered


def _complete_exclusions(delivered: Delivered) -> None:
    """Let an exclusion that is written with one of two roles hold for both."""
    excluded_by: dict[str, set[str]] = {}
    for role in delivered.roles:
        for other in role.excludes:
            excluded_by.setdefault(f"{role.system}/{other}", set()).add(role.id)
    delivered.roles = [
        replace(role, excludes=sorted({*role.excludes, *excluded_by.get(role.key, ())}))
        for role in delivered.roles
    ]


def _read_file(root: Fields, delivered: Delivered) -> None:
    root.only("categories", "systems", "roles")
    for number, fields in enumerate(root.mappings("categories"), start=1):
        delivered.categories.append(_category(fields, number))
    for fields in root.mappings("systems"):
        delivered.systems.append(_system(fields))
    for number, fields in enumerate(root.mappings("roles"), start=1):
        delivered.roles.append(_role(fields, number))


def _category(fields: Fields, order: int) -> CategoryEntry:
    fields.only("id", "name")
    return CategoryEntry(
        place=fields.place,
        id=_id(fields, _longest(Category, "slug")),
        name=fields.text("name", required=True, longest=_longest(Category, "name")),
        order=order,
    )


def _system(fields: Fields) -> SystemEntry:
    fields.only(
        "id", "acronym", "name", "synonyms", "description", "category", "part_of", "web_address",
        "precondition", "reapply_wait_minutes", "default_roles", "help_desks",
    )  # fmt: skip
    defaults = fields.mapping("default_roles")
    if defaults is not None:
        defaults.only("identity_assurance", "sign_in_strength")
    return SystemEntry(
        place=fields.place,
        id=_id(fields, _longest(System, "slug")),
        acronym=fields.text("acronym", longest=_longest(System, "acronym")),
        name=fields.text("name", required=True, longest=_longest(System, "name")),
        synonyms=fields.texts("synonyms", check=validators.synonym),
        description=fields.text("description", required=True),
        category=fields.text("category", required=True),
        part_of=fields.text("part_of"),
        web_address=fields.text("web_address", longest=200, check=web_address),
        precondition=fields.text("precondition"),
        reapply_wait_minutes=fields.number("reapply_wait_minutes", default=0, least=0, most=10080),
        default_identity_assurance=_identity_assurance(defaults),
        default_sign_in_strength=_sign_in_strength(defaults),
        help_desks=[_help_desk(desk) for desk in fields.mappings("help_desks")],
    )


def _help_desk(fields: Fields) -> HelpDeskEntry:
    fields.only("name", "phones", "tty", "fax", "emails", "hours", "web_address", "notes")
    longest = _longest(HelpDesk, "tty")
    return HelpDeskEntry(
        place=fields.place,
        name=fields.text("name", required=True, longest=_longest(HelpDesk, "name")),
        phones=fields.texts("phones", longest=longest, check=validators.phone),
        tty=fields.text("tty", longest=longest, check=validators.phone),
        fax=fields.text("fax", longest=longest, check=validators.phone),
        emails=fields.texts("emails", longest=254, check=email),
        hours=fields.text("hours", longest=_longest(HelpDesk, "hours")),
        web_address=fields.text("web_address", longest=200, check=web_address),
        notes=fields.text("notes"),
    )


def _role(fields: Fields, order: int) -> RoleEntry:
    fields.only(
        "system", "id", "name", "kind", "description", "identity_assurance", "sign_in_strength",
        "excludes", "default", "attributes", "approved_by",
    )  # fmt: skip
    system = fields.text("system", required=True)
    return RoleEntry(
        place=fields.place,
        system=system,
        id=_id(fields, _longest(Role, "code")),
        name=fields.text("name", required=True, longest=_longest(Role, "name")),
        kind=fields.choice("kind", Role.Kind.values),
        description=fields.text("description"),
        identity_assurance=_identity_assurance(fields),
        sign_in_strength=_sign_in_strength(fields),
        excludes=fields.texts("excludes"),
        default=fields.flag("default", default=False),
        order=order,
        attributes=[_attribute(part) for part in fields.mappings("attributes")],
        approved_by=list(_rules(fields, system)),
    )


def _attribute(fields: Fields) -> AttributeEntry:
    fields.only(
        "id", "label", "kind", "required", "help", "choices", "pattern", "hint", "max_length",
        "may_be_new",
    )  # fmt: skip
    return AttributeEntry(
        place=fields.place,
        id=_id(fields, _longest(RoleAttribute, "code")),
        label=fields.text("label", required=True, longest=_longest(RoleAttribute, "label")),
        kind=fields.choice("kind", RoleAttribute.Kind.values),
        required=fields.flag("required", default=True),
        help=fields.text("help", longest=_longest(RoleAttribute, "help_text")),
        choices=fields.texts("choices"),
        pattern=fields.text(
            "pattern", longest=_longest(RoleAttribute, "pattern"), check=validators.pattern
        ),
        hint=fields.text("hint", longest=_longest(RoleAttribute, "pattern_hint")),
        max_length=fields.number("max_length", default=200, least=1, most=5000),
        may_be_new=fields.flag("may_be_new", default=False),
    )


def _rules(fields: Fields, system: str) -> Iterator[RuleEntry]:
    for item in fields.items("approved_by"):
        if isinstance(item, str):
            if item != ASSIGNED:
                fields.complain(
                    fields.nodes["approved_by"],
                    f'an approver is a mapping with a role, or the word "{ASSIGNED}"',
                )
            yield RuleEntry(
                place=fields.at("approved_by"), role=None, scope=ApprovalRule.Scope.ANY.value
            )
            continue
        item.only("role", "scope")
        role = item.text("role", required=True)
        yield RuleEntry(
            place=item.place,
            role=role if "/" in role else f"{system}/{role}",
            scope=item.choice(
                "scope", ApprovalRule.Scope.values, default=ApprovalRule.Scope.ANY.value
            ),
        )


def _id(fields: Fields, longest: int) -> str:
    return fields.text("id", required=True, longest=longest, check=validate_slug)


def _identity_assurance(fields: Fields | None) -> int:
    least, most = min(IAL.values), max(IAL.values)
    if fields is None:
        return least
    return fields.number("identity_assurance", default=least, least=least, most=most)


def _sign_in_strength(fields: Fields | None) -> int:
    least, most = min(AAL.values), max(AAL.values)
    if fields is None:
        return least
    return fields.number("sign_in_strength", default=least, least=least, most=most)


def _longest(model: type[Model], field: str) -> int:
    options = model._meta  # noqa: SLF001 - public by documentation
    return getattr(options.get_field(field), "max_length", None) or 0
