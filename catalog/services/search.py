"""Finds systems by what people type: words and their beginnings, and names with a typing error."""

import re
from collections.abc import Callable
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.search import (
    SearchQuery,
    SearchQueryCombinable,
    SearchQueryField,
    SearchRank,
    TrigramWordDistance,
)
from django.db import connection, transaction
from django.db.models import BooleanField, Case, F, Func, IntegerField, Q, Value, When
from django.db.models.expressions import RawSQL

from accounts.text import clean
from catalog.models import System
from catalog.models.systems import SystemQuerySet
from prepared import Prepared, like

LONGEST_QUERY = 100
MOST_WORDS = 8
# Below three letters a trigram index is of no use; beginnings of words are found anyway.
SHORTEST_PART = 3
# The part of its trigrams that a mistyped text shares with the name it means.
CLOSE = 0.4
_WORD = re.compile(r"\w+")
# Words of speech that say nothing about a system, left out unless nothing else was typed.
_FILLERS = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "i", "in", "is", "it"}
    | {"my", "of", "on", "or", "the", "to", "with"}
)


def words_of(text: str) -> list[str]:
    """Return the words of a query in lower case, at most eight, without words that only fill."""
    words = _WORD.findall(clean(text[:LONGEST_QUERY]).lower().replace("_", " "))
    telling = [word for word in words if word not in _FILLERS]
    return (telling or words)[:MOST_WORDS]


def search(text: str, category: str = "") -> SystemQuerySet:
    """Return the listed systems that fit, best first; all by title when nothing is asked for.

    Every word has to begin a word of the system (as typed or stemmed), or all words together
    have to stand somewhere in its names. `category` is the slug of a category. Order: the
    acronym itself, another name itself, a name that begins so, then by rank; ties by name.
    """
    words = words_of(text)
    if not words:
        return _in_category(category).by_title()
    phrase = _phrase(text)
    return _fitting(words, phrase, category, _is_part(phrase))


# The page is picked from narrow rows: only what it shows is read in full.
_PAGE = """
SELECT id, row_number() OVER (ORDER BY place, rank DESC, name, id) AS number
  FROM (SELECT * FROM found ORDER BY place, rank DESC, name, id
         OFFSET %(start)s LIMIT %(size)s) AS best
"""
_ON_PAGE = RawSQL("catalog_system.id IN (SELECT id FROM page)", (), BooleanField())
_NUMBER = RawSQL("(SELECT number FROM page WHERE page.id = catalog_system.id)", ())
_TOTAL = RawSQL("(SELECT count(*) FROM found)", (), IntegerField())


class BestFirst:
    """A page of what ``search`` finds, by one statement that is prepared once.

    ``read`` says what is read of each system of the page. Each comes with ``total``, the number
    of all that fit: they have to be ranked anyway, and are counted on the way.
    """

    def __init__(self, read: Callable[[SystemQuerySet], SystemQuerySet]) -> None:
        self._read = read
        self._prepared: dict[tuple[int, bool, bool], Prepared[System]] = {}

    def page(self, text: str, category: str, *, start: int, size: int) -> list[System]:
        """Return ``size`` systems from a place on, for a text with words."""
        words, phrase = words_of(text), _phrase(text)
        kind = (len(words), bool(category), _is_part(phrase))
        if kind not in self._prepared:
            self._prepared[kind] = self._prepare(*kind)
        return self._prepared[kind].all(
            **{f"word_{number}": word for number, word in enumerate(words)},
            phrase=like(phrase),
            category=category,
            start=start,
            size=size,
        )

    def _prepare(self, words: int, has_category: bool, is_part: bool) -> Prepared[System]:
        def found(*, phrase: str, category: str, **typed: Any) -> Any:
            given = [typed[f"word_{number}"] for number in range(words)]
            fitting: Any = _fitting(given, phrase, category if has_category else "", is_part)
            return fitting.order_by().values_list("id", "name", "place", "rank")

        def page(**_values: Any) -> SystemQuerySet:
            systems = self._read(System.objects.filter(_ON_PAGE))
            return systems.annotate(total=_TOTAL).order_by(_NUMBER)

        texts = (*(f"word_{number}" for number in range(words)), "phrase", "category")
        return Prepared(
            page,
            {**dict.fromkeys(texts, str), "start": int, "size": int},
            may_ignore=("category",),
            ahead={"found": found, "page": _PAGE},
        )


def _fitting(words: list[str], phrase: str, category: str, is_part: bool) -> SystemQuerySet:
    query = _query(words)
    fits = Q(search=query)
    if is_part:
        fits |= Q(names__contains=phrase)
    return (
        _in_category(category)
        .filter(fits)
        .annotate(place=_place(phrase), rank=SearchRank(F("search"), query))
        .order_by("place", "-rank", "name", "id")
    )


def _is_part(phrase: str) -> bool:
    return len(phrase) >= SHORTEST_PART


@transaction.atomic
def close_names(text: str, category: str = "", most: int = 12) -> list[System]:
    """Return listed systems whose names come close to a text, closest first.

    For texts that `search` finds nothing for: typing errors and missing letters.
    """
    phrase = " ".join(words_of(text))
    if not phrase:
        return []
    with connection.cursor() as cursor:
        # Read by the operator below; gone again at the end of the transaction.
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(CLOSE)]
        )
    return list(
        _in_category(category)
        .filter(names__trigram_word_similar=phrase)
        .annotate(distance=TrigramWordDistance(phrase, "names"))
        .order_by("distance", "name", "id")[:most]
    )


def _phrase(text: str) -> str:
    return " ".join(clean(text[:LONGEST_QUERY]).lower().split())


def _in_category(category: str) -> SystemQuerySet:
    systems = System.objects.listed()
    return systems.filter(category__slug=category) if category else systems


class _WorkedOutOnce(SearchQuery):
    """A query in brackets of its own: PostgreSQL works it out once, and not for each row."""

    template = "(SELECT %(expressions)s)"

    def __init__(self, query: SearchQueryCombinable) -> None:
        Func.__init__(self, query, output_field=SearchQueryField())
        self.invert = False


def _query(words: list[str]) -> SearchQuery:
    """Each word as a beginning or by its stem, and all of them."""
    return _WorkedOutOnce(reduce(and_, map(_word_query, words)))


def _word_query(word: str) -> SearchQueryCombinable:
    # A word holds letters, digits and nothing else, so the raw form cannot be broken out of.
    return SearchQuery(f"{word}:*", config="simple", search_type="raw") | SearchQuery(
        word, config="english", search_type="plain"
    )


def _place(phrase: str) -> Case:
    """Each name is a line of `names`, the acronym the first: one column to compare with."""
    return Case(
        When(names__startswith=f"\n{phrase}\n", then=Value(0)),
        When(names__contains=f"\n{phrase}\n", then=Value(1)),
        When(names__contains=f"\n{phrase}", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
