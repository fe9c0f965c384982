"""Reads an approver's queue for its page: the rows of one page, and what can be filtered by."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import QueryDict

from access_requests import routing
from access_requests.models import AccessRequest
from access_requests.models.requests import AccessRequestQuerySet
from access_requests.routing import Powers
from audit.paging import Keyset, KeysetPage, Place
from catalog.models import Role
from prepared import Prepared, like

PAGES = Keyset("submitted_at", descending=False, size=settings.PAGE_SIZE)
MOST_WORDS = 5


@dataclass(frozen=True)
class Wanted:
    """What the approver looks for; empty where nothing is asked."""

    system: str = ""
    role: str = ""
    words: tuple[str, ...] = ()


class Waiting(NamedTuple):
    """One request of a queue, with the names that its row shows."""

    pk: int
    number: str
    submitted_at: dt.datetime
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    role: str
    system: str
    known_organization: str | None
    organization_name: str

    @property
    def requester(self) -> str:
        """The requester's full name."""
        names = (self.first_name, self.middle_name, self.last_name, self.suffix)
        return " ".join(name for name in names if name)


_COLUMNS = (
    "pk",
    "tracking_number",
    "submitted_at",
    "requester__first_name",
    "requester__middle_name",
    "requester__last_name",
    "requester__suffix",
    "role__name",
    "system__name",
    "organization__name",
    "organization_name",
)


def page(powers: Powers, wanted: Wanted, parameters: QueryDict) -> KeysetPage[Waiting]:
    """Return the page of the queue that the parameters name, the oldest first; one statement."""
    place = PAGES.place(AccessRequest, parameters)
    shape = _Shape.of(powers)
    query = _rows_of(
        shape, place.is_back, place.key is not None, len(wanted.words), bool(wanted.system)
    )
    found = query.all(
        **shape.values(powers),
        system=wanted.system,
        role=int(wanted.role) if wanted.role else None,
        **{f"word_{number}": like(word) for number, word in enumerate(wanted.words)},
        **dict(zip(("after", "after_pk"), place.key or (), strict=False)),
    )
    rows = [Waiting(*row) for row in found]
    return PAGES.page_of(
        rows, place, AccessRequest, parameters, key=lambda row: (row.submitted_at, row.pk)
    )


def choices(powers: Powers) -> list[tuple[str, str, int, str]]:
    """Return slug and name of each system, and key and name of each role, that wait; sorted."""
    shape = _Shape.of(powers)
    return _choices_of(shape).all(**shape.values(powers))


@dataclass(frozen=True)
class _Shape:
    """Which courts somebody sits in: what the SQL of the queue depends on."""

    rules: bool
    organizations: int
    systems: bool
    is_help_desk: bool

    @classmethod
    def of(cls, powers: Powers) -> "_Shape":
        return cls(
            bool(powers.rules),
            len(powers.rules_by_organization),
            bool(powers.owned_systems),
            powers.is_help_desk,
        )

    @property
    def types(self) -> dict[str, Any]:
        """The values that a query of this shape takes."""
        return {
            "person": int,
            **({"rules": list} if self.rules else {}),
            **({"systems": list} if self.systems else {}),
            **{f"rules_{number}": list for number in range(self.organizations)},
            **{f"at_{number}": int for number in range(self.organizations)},
        }

    def values(self, powers: Powers) -> dict[str, Any]:
        """These values of somebody's powers."""
        here = list(powers.rules_by_organization.items())
        return {
            "person": powers.person_id,
            **({"rules": list(powers.rules)} if self.rules else {}),
            **({"systems": list(powers.owned_systems)} if self.systems else {}),
            **{f"rules_{number}": list(rules) for number, (_at, rules) in enumerate(here)},
            **{f"at_{number}": at for number, (at, _rules) in enumerate(here)},
        }

    def queue(self, values: dict[str, Any]) -> AccessRequestQuerySet:
        """The queue for such values; says in SQL of one shape what `routing.queue_of` says."""
        powers = Powers(
            person_id=values["person"],
            rules=values.get("rules", ()),
            rules_by_organization={
                values[f"at_{number}"]: values[f"rules_{number}"]
                for number in range(self.organizations)
            },
            owned_systems=values.get("systems", ()),
            is_help_desk=self.is_help_desk,
        )
        return routing.waiting_for(powers)


@lru_cache(maxsize=256)
def _rows_of(
    shape: _Shape, is_back: bool, has_key: bool, words: int, has_system: bool
) -> Prepared[tuple[Any, ...]]:
    typed = [f"word_{number}" for number in range(words)]
    types: dict[str, Any] = {**shape.types, "system": str, "role": int}
    types |= dict.fromkeys(typed, str)
    if has_key:
        types |= {"after": dt.datetime, "after_pk": int}

    def build(*, system: str, role: int | None, **values: Any) -> QuerySet[Any, tuple[Any, ...]]:
        waiting = shape.queue(values)
        if has_system:
            waiting = waiting.filter(system__slug=system)
        if role is not None:
            waiting = waiting.filter(role=role)
        for word in typed:
            waiting = waiting.filter(_fits(values[word]))
        place = Place(is_back, (values["after"], values["after_pk"]) if has_key else None)
        ours = PAGES.narrow(waiting, place).values("pk")
        # The names are joined to the rows of the page alone.
        named = AccessRequest.objects.filter(pk__in=ours).values_list(*_COLUMNS)
        return PAGES.narrow(named, Place(is_back))

    return Prepared(build, types, may_ignore=("system",))


def _fits(word: str) -> Q:
    return (
        Q(tracking_number__startswith=word)
        | Q(requester__first_name__icontains=word)
        | Q(requester__last_name__icontains=word)
        | Q(requester__user_id__icontains=word)
        | Q(organization__name__icontains=word)
        | Q(organization_name__icontains=word)
    )


@lru_cache(maxsize=64)
def _choices_of(shape: _Shape) -> Prepared[tuple[str, str, int, str]]:
    def build(**values: Any) -> QuerySet[Role, tuple[str, str, int, str]]:
        return (
            Role.objects.filter(pk__in=shape.queue(values).values("role"))
            .order_by("system__name", "name", "pk")
            .values_list("system__slug", "system__name", "pk", "name")
        )

    return Prepared(build, shape.types)
