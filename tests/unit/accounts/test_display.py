"""What the choice of contrast, text size and movement means for a page."""

import itertools

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from accounts import display
from accounts.display import Display
from accounts.models import User
from accounts.models.preferences import Contrast, Motion, TextSize

EVERY = [Display(*values) for values in itertools.product(Contrast, TextSize, Motion)]


def test_the_standard_adds_no_class() -> None:
    assert Display().classes == ""


def test_each_choice_adds_its_class_with_a_space_before_it() -> None:
    chosen = Display("high", "largest", "reduced")

    assert chosen.classes == " contrast-high text-largest motion-reduced"


@pytest.mark.parametrize("chosen", EVERY, ids=lambda chosen: chosen.classes or "standard")
def test_what_a_browser_remembers_is_what_it_shows(chosen: Display) -> None:
    response = HttpResponse()
    display.remember(response, chosen)
    request = RequestFactory().get("/")
    request.COOKIES.update({name: morsel.value for name, morsel in response.cookies.items()})

    assert display.of(request) == chosen


@pytest.mark.parametrize("missing", ["contrast", "text_size", "motion"])
def test_a_choice_of_an_account_is_whole_or_none(missing: str) -> None:
    values = {"contrast": "high", "text_size": "large", "motion": "standard"}

    assert display.of_person(User(**values)) == Display("high", "large", "standard")
    assert display.of_person(User(**{**values, missing: ""})) is None
