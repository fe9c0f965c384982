"""The ``once`` tag renders a part again only when a value it names, or the language, changes."""

from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

from portal.templatetags import once


class Counted:
    """A value that tells how often it was shown."""

    def __init__(self) -> None:
        self.shown = 0

    def __str__(self) -> str:
        self.shown += 1
        return "<shown>"


def _render(template: Template, **values: Any) -> str:
    return template.render(Context(values))


@pytest.fixture
def template() -> Template:
    return Template("{% load once %}{% once key %}{{ key }}{{ text }}{% endonce %}|{{ other }}")


def test_the_same_values_give_the_same_text_without_rendering(template: Template) -> None:
    text = Counted()

    first = _render(template, key="a", text=text, other=1)
    second = _render(template, key="a", text=text, other=2)

    assert first == "a&lt;shown&gt;|1"
    assert second == "a&lt;shown&gt;|2"
    assert text.shown == 1


def test_another_value_is_rendered_by_itself(template: Template) -> None:
    assert _render(template, key="a", text="x") == "ax|"
    assert _render(template, key="b", text="y") == "by|"


def test_numbers_and_words_that_look_alike_are_told_apart(template: Template) -> None:
    assert _render(template, key="1", text="word") == "1word|"
    assert _render(template, key=1, text="number") == "1number|"


def test_a_safe_text_never_stands_for_the_same_unsafe_one(template: Template) -> None:
    assert _render(template, key=mark_safe("<b>"), text="") == "<b>|"
    assert _render(template, key="<b>", text="") == "&lt;b&gt;|"


def test_what_is_set_inside_stays_inside() -> None:
    template = Template(
        "{% load once i18n %}{% once %}{% translate 'x' as a %}{% endonce %}{{ a }}"
    )

    assert _render(template, a="kept") == "kept"
    assert _render(template, a="kept") == "kept"


def test_each_language_has_its_own_text() -> None:
    template = Template(
        "{% load once i18n %}{% once %}{% get_current_language as name %}{{ name }}{% endonce %}"
    )

    with translation.override("en"):
        assert _render(template) == "en"
    with translation.override("es"):
        assert _render(template) == "es"


def test_it_does_not_keep_more_than_it_may(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "MOST_KEPT", 3)
    for number in range(10):
        assert _render(template, key=number, text="x") == f"{number}x|"

    node = next(iter(template.nodelist.get_nodes_by_type(once.OnceNode)))
    assert isinstance(node, once.OnceNode)
    assert len(node.kept) <= 3
