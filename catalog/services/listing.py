"""Makes the pages of the catalog out of as few questions to the database as possible."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from catalog.models import Category, HelpDesk, Role, System
from catalog.models.systems import SystemQuerySet
from catalog.services import search
from prepared import Prepared

CARDS_A_PAGE = 24
LAST_PAGE = 1000
PREPARED_PAGES = 16  # of the whole catalog; each takes room in every connection
NO_COLUMNS_OF_SEARCH = ("search", "names", "delivered_digest")


@dataclass(frozen=True)
class Cards:
    """One page of cards; `page` is what the component for numbered pages reads.

    `is_close` says that nothing fits the words and these are names that come close.
    """

    systems: list[System]
    total: int
    number: int
    is_close: bool = False

    @property
    def page(self) -> Page[System]:
        """The cards as a page among others, counted already."""
        return Page(self.systems, self.number, _Counted(self.systems, self.total))

    @property
    def numbers(self) -> list[int | str]:
        """The numbers of the pages to offer, with an ellipsis for those left out."""
        return list(self.page.paginator.get_elided_page_range(self.number, on_each_side=2))


class _Counted(Paginator):  # type: ignore[type-arg] # generic for the type checker only
    """A paginator that is told the number of all rows, and asks nobody."""

    def __init__(self, systems: list[System], total: int) -> None:
        super().__init__(systems, CARDS_A_PAGE)
        self.count = total


def cards(*, text: str = "", category: str = "", number: int = 1) -> Cards:
    """Return a page of the catalog: one statement, for a search that finds nothing three.

    Each system comes with `desks` (its help desks), `role_names` (what can be asked for),
    `category_name` and `shown` (all that its card shows, as one value to compare by). A number
    past the end gives the last page.
    """
    if search.words_of(text):
        start = (number - 1) * CARDS_A_PAGE
        systems = _read(_FOUND.page(text, category, start=start, size=CARDS_A_PAGE))
    elif category or number > PREPARED_PAGES:
        systems = _read(_page_of(search.search("", category), number))
    else:
        systems = _read(_whole_catalog(number).all())
    if systems:
        return Cards(systems, systems[0].total, number)  # type: ignore[attr-defined] # annotated
    if number > 1:
        total = search.search(text, category).count()
        last = max(1, -(-total // CARDS_A_PAGE))
        return cards(text=text, category=category, number=last)
    close = search.close_names(text, category, most=CARDS_A_PAGE)
    if not close:
        return Cards([], 0, 1)
    these = System.objects.filter(pk__in=[one.pk for one in close])
    found = {system.pk: system for system in _read(_with_cards(these))}
    systems = [found[one.pk] for one in close if one.pk in found]
    return Cards(systems, len(systems), 1, is_close=True)


def categories() -> list[Category]:
    """Return the categories that hold a listed system, in their order."""
    return _CATEGORIES.all()


def _categories() -> QuerySet[Category]:
    listed = System.objects.listed().filter(category=OuterRef("pk"))
    return Category.objects.filter(Exists(listed)).defer("delivered_digest")


_CATEGORIES = Prepared(_categories)


@lru_cache(maxsize=PREPARED_PAGES)
def _whole_catalog(number: int) -> Prepared[System]:
    """Return the query of a page of everything, compiled once for each number."""
    return Prepared(lambda: _page_of(search.search(""), number))


def _page_of(systems: SystemQuerySet, number: int) -> SystemQuerySet:
    """Return a page of a list that an index sorts, counted beside it."""
    start = (number - 1) * CARDS_A_PAGE
    counted = systems.annotate(total=_CountOf(systems.order_by().values("pk")))
    return _with_cards(counted)[start : start + CARDS_A_PAGE]


def _with_cards(systems: SystemQuerySet) -> SystemQuerySet:
    this = OuterRef("pk")
    roles = Role.objects.filter(system=this, is_active=True).order_by("order", "id")
    return systems.defer(*NO_COLUMNS_OF_SEARCH).annotate(
        category_name=F("category__name"),
        desks=desks_of(this),
        role_names=ArraySubquery(roles.values("name")),
    )


def _read(cards: Iterable[System]) -> list[System]:
    """Read cards and say of each what it shows, so that an unchanged card is rendered once."""
    systems = list(cards)
    for system in systems:
        system.shown = (  # type: ignore[attr-defined] # an annotation, as it were
            *(system.pk, system.slug, system.acronym, system.name, system.description),
            *(system.precondition, system.synonyms),
            system.category_name,  # type: ignore[attr-defined] # annotated
            repr((system.role_names, system.desks)),  # type: ignore[attr-defined] # annotated
        )
    return systems


def desks_of(system: OuterRef) -> ArraySubquery:
    """Return the help desks of each system as a column, in the shape that the pages show."""
    fields = ("name", "phones", "tty", "fax", "emails", "hours", "web_address", "notes")
    desks = HelpDesk.objects.filter(system=system).order_by("order", "id")
    return ArraySubquery(desks.values(data=JSONObject(**{name: name for name in fields})))


_FOUND = search.BestFirst(_with_cards)


class _CountOf(Subquery):
    """The number of rows of a query."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
