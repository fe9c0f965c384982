"""A part of a page that is rendered once for each set of values it shows.

The frame of every page costs as much as its content: forty words to look up, thirty addresses to
build. It only depends on a handful of values, so it is kept for them in the process:

    {% once path user.is_authenticated %} ... {% endonce %}

Everything inside must depend on the named values, the language and the installation alone. Never
name anything personal, and never put a CSRF token or a nonce inside.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

MOST_KEPT = 2_000


class OnceNode(template.Node):
    """Keeps what it rendered; threads share it, and at worst render the same part twice."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values
        self.kept: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Return the kept text for these values, or render and keep it."""
        values = [value.resolve(context) for value in self.values]
        # With its type: a text that counts as safe is not the same text that does not.
        key = (get_language(), context.autoescape, *[(type(value), value) for value in values])
        kept = self.kept.get(key)
        if kept is None:
            with context.push():  # what is set inside stays inside, the first time as well
                kept = mark_safe(self.nodelist.render(context))  # noqa: S308 - by the engine
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            self.kept[key] = kept
        return kept


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    """Parse ``{% once value value %}``."""
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist, values)
