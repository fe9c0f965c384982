"""Verdicts, assurance, redirects, markers, ages."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from accounts import access, assurance, redirects
from accounts.forms.registration import age
from accounts.reasons import Reason
from accounts.verdicts import ALLOWED, Refusal, Verdict, refused


def test_a_refused_verdict_raises_its_reason() -> None:
    ALLOWED.or_raise()

    with pytest.raises(Refusal) as refusal:
        refused(Reason.OWN_ACCOUNT).or_raise()

    assert refusal.value.reason == "own_account"
    assert refusal.value.label == "Somebody else has to do this for your own account."
    assert ALLOWED
    assert not refused("x")
    assert Refusal("plain").label == "plain"


@pytest.mark.parametrize(
    ("ial", "aal", "label"),
    [
        (1, 1, "Level of Assurance 1"),
        (1, 2, "Level of Assurance 1"),
        (2, 1, "Level of Assurance 2"),
        (2, 2, "Level of Assurance 3"),
    ],
)
def test_levels_have_the_names_of_the_sources(ial: int, aal: int, label: str) -> None:
    assert assurance.loa_label(ial, aal) == label


def test_levels_are_low_unless_shown() -> None:
    assert assurance.ial_of(SimpleNamespace()) == assurance.IAL.SELF_ASSERTED
    assert assurance.ial_of(SimpleNamespace(ial=2)) == assurance.IAL.PROOFED
    assert assurance.aal_of({}) == assurance.AAL.PASSWORD
    assert assurance.aal_of({"aal": 2}) == assurance.AAL.TWO_FACTORS


@pytest.mark.parametrize("wanted", ["/", "/access/", "/catalog/zone/request/?role=1#x", "/a%20b/"])
def test_local_paths_are_followed(wanted: str) -> None:
    assert redirects.safe_next(wanted, "/home/") == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "access/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie: x=1",
        "/\r\nSet-Cookie: x=1",
        "/%2f/evil.example",
        "/%5cevil.example",
        "/\u202e//evil",
        "http:///evil.example",
        "/" + "a" * 2000,
        " /access/",
    ],
)
def test_everything_else_leads_home(wanted: str | None) -> None:
    assert redirects.safe_next(wanted, "/home/") == "/home/"


@given(st.text())
def test_a_path_never_names_another_host(wanted: str) -> None:
    from urllib.parse import urljoin, urlsplit

    target = redirects.safe_next(wanted, "/home/")

    assert urlsplit(urljoin("https://portal.example/", target)).netloc == "portal.example"


def test_the_form_is_asked_before_the_query() -> None:
    request = RequestFactory().post("/?next=/query/", {"next": "/form/"})

    assert redirects.safe_next(request, "/home/") == "/form/"


def test_a_marker_says_who_may_open_a_view() -> None:
    def may_look(user: object) -> Verdict:
        return ALLOWED if user == "friend" else refused("no")

    def view(request: object) -> HttpResponse:
        return HttpResponse("open")

    guarded = access.allowed_by(may_look)(view)

    assert guarded.access == "allowed_by:may_look"  # type: ignore[attr-defined]
    assert guarded(SimpleNamespace(user="friend")).status_code == 200
    with pytest.raises(Http404):
        guarded(SimpleNamespace(user="stranger"))


def test_a_view_carries_one_marker_only() -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse()

    access.signed_in(view)

    with pytest.raises(TypeError, match="two access markers"):
        access.login_not_required(view)


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        (date(2008, 3, 2), date(2026, 3, 1), 17),
        (date(2008, 3, 2), date(2026, 3, 2), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2030, 1, 1), date(2026, 3, 1), -4),
    ],
)
def test_ages(born: date, today: date, years: int) -> None:
    assert age(born, today) == years
