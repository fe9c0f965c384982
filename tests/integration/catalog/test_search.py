"""Searching the catalog: what people type leads to what they mean."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import System
from catalog.services import listing, search
from tests import counts
from tests.factories import catalog as make

pytestmark = pytest.mark.django_db


def _found(text: str, category: str = "") -> list[str]:
    return [system.slug for system in search.search(text, category)]


def test_the_beginning_of_a_name_is_enough() -> None:
    make.make_system("HBR", slug="harbor", name="Harbor Log")
    assert _found("harb") == ["harbor"]


def test_another_form_of_a_word_in_the_description_is_found() -> None:
    make.make_system("A", slug="a", description="Filing of complaints about claims.")
    assert _found("claim") == ["a"]
    assert _found("complaint filed") == ["a"]


def test_letters_in_the_middle_of_a_name_are_found() -> None:
    make.make_system("eRPT", slug="erpt", name="Processing Transmission")
    assert _found("rpt") == ["erpt"]


def test_every_word_has_to_fit() -> None:
    make.make_system("A", slug="a", name="Harbor Log")
    make.make_system("B", slug="b", name="Harbor Book")
    assert _found("harbor book") == ["b"]


def test_the_acronym_itself_comes_first_then_synonym_then_beginning_then_the_rest() -> None:
    make.make_system("X1", slug="rest", description="Works beside the MED.", name="Other")
    make.make_system("MEDIA", slug="begins", name="Media")
    make.make_system("X2", slug="synonym", name="Exclusions", synonyms="Old, MED")
    make.make_system("MED", slug="acronym", name="Medicare Exclusion Database")

    assert _found("med") == ["acronym", "synonym", "begins", "rest"]


@pytest.mark.parametrize("synonyms", ["Old, MED", "Old,MED", "MED", "MED, Old"])
def test_each_of_several_other_names_counts_as_a_whole_name(synonyms: str) -> None:
    make.make_system("MEDIA", slug="begins", name="Media")
    make.make_system("X2", slug="synonym", name="Exclusions", synonyms=synonyms)
    assert _found("med") == ["synonym", "begins"]


def test_signs_that_mean_something_to_the_database_are_letters_here() -> None:
    make.make_system("A", slug="all", name="100 of all")
    make.make_system("B", slug="percent", name="100% of B")
    assert _found("100% of") == ["percent", "all"]
    assert [one.slug for one in listing.cards(text="100% of").systems] == ["percent", "all"]


def test_equal_hits_stand_in_the_order_of_their_names() -> None:
    for name in ("Gamma", "Alpha", "Beta"):
        make.make_system(name[0], slug=name.lower(), name=f"{name} Ledger", description="-")
    assert _found("ledger") == ["alpha", "beta", "gamma"]


def test_without_words_everything_is_listed_by_title() -> None:
    make.make_system("B", slug="b", name="One")
    make.make_system("", slug="by-name", name="A name alone")
    make.make_system("a", slug="a", name="Two")
    assert _found("") == ["a", "by-name", "b"]
    assert _found("%%% &") == ["a", "by-name", "b"]


def test_a_category_narrows_and_a_retired_system_is_never_found() -> None:
    archive = make.make_category("Archive")
    make.make_system("A", slug="a", name="Ledger")
    make.make_system("B", slug="b", name="Ledger", category=archive)
    make.make_system("C", slug="c", name="Ledger", is_active=False)

    assert _found("ledger") == ["a", "b"]
    assert _found("ledger", "archive") == ["b"]
    assert [system.slug for system in search.close_names("ledgre")] == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE catalog_system; --",
        "a' OR '1'='1",
        "a & ! | ( ) : * <-> b",
        "\\",
        "%' ESCAPE '",
        "x" * 10_000,
        "a " * 5_000,
        "((((((",
        "[a-z]+$",
        "ﬁ İ ß",
        "\u202eevil",
        "😀",
    ],
)
def test_odd_texts_harm_nothing(text: str) -> None:
    make.make_system("A", slug="a", name="Ledger")
    list(search.search(text))
    search.close_names(text)
    assert System.objects.count() == 1


@pytest.mark.proof
@settings(
    max_examples=counts.times(60, 1000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=120))
def test_no_text_at_all_breaks_the_search(text: str) -> None:
    list(search.search(text))
    search.close_names(text)


@pytest.mark.django_db(transaction=True)
def test_a_close_search_leaves_the_connection_as_it_was() -> None:
    make.make_system("A", slug="a", name="Ledger")
    assert search.close_names("ledgre")

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pg_trgm.word_similarity_threshold')")
        assert cursor.fetchone() == ("0.6",)
