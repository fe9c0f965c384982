"""Searching the delivered catalog: what people type leads to what they mean."""

import pytest

from catalog.services import search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def _found(text: str) -> list[str]:
    return [system.slug for system in search.search(text)]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("hpg", "hdt"),
        ("HPG", "hdt"),
        ("novitas", "novitasphere"),
        ("zone", "zone"),
        ("zONE", "zone"),
        ("ZONE", "zone"),
        ("CMSzONE", "zone"),
        ("the zone", "zone"),
        ("  zone  ", "zone"),
        ("network and engage", "zone"),
        ("social platform", "zone"),
        ("op", "open-payments"),
        ("openpayments", "open-payments"),
        ("PS&R", "psr-star"),
        ("pv-pqrs", "pqrs"),
        ("connexion", "cbic-connexion"),
        ("fcso", "spot"),
        ("cpc+", "cpc"),
        ("gentran", "gis"),
        ("bidding", "dbids"),
        ("portal novitas", "novitasphere"),
    ],
)
def test_a_name_leads_to_its_system_first(text: str, slug: str) -> None:
    assert _found(text)[0] == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("open paymnts", "open-payments"),
        ("novitasfere", "novitasphere"),
        ("conexion", "cbic-connexion"),
    ],
)
def test_a_typing_error_still_comes_close(text: str, slug: str) -> None:
    assert _found(text) == []
    assert search.close_names(text)[0].slug == slug
