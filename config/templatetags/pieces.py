"""Pieces of a page that are the same each time: icons, and parts that take nothing from the page.

The tags are built in, so that a template writes them without loading them. They are drawn once
a process: an icon otherwise costs a copy of its XML tree and an include, 30 to 60 times a page.
"""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.template import Context, Engine, Library
from django.template.base import FilterExpression, Node, Parser, TextNode, Token
from django.template.exceptions import TemplateSyntaxError
from django.utils.safestring import SafeString, mark_safe
from heroicons.templatetags.heroicons import heroicon_outline

register = Library()

MEANINGS = {
    "good": "check-circle",
    "attention": "exclamation-triangle",
    "wrong": "x-circle",
    "info": "information-circle",
    "question": "question-mark-circle",
    "neutral": "minus-circle",
    "hint": "light-bulb",
    "read": "document-check",
    "ledger": "clipboard-document-list",
    "lock": "lock-closed",
    "chevron": "chevron-down",
    "next": "arrow-right",
}
"""What the site means by an icon; any other name is a heroicon's own."""
SIZE = 16


@lru_cache(maxsize=256)
def drawn(name: str) -> SafeString:
    """Return an icon of 16 px, hidden from screen readers, and a line break after it.

    Args:
        name: a key of ``MEANINGS`` or the name of a heroicon; nothing is drawn for "".

    Raises:
        heroicons.IconDoesNotExist: no icon has that name.
    """
    if not name:
        return mark_safe("")
    svg = heroicon_outline(MEANINGS.get(name, name), size=SIZE, **{"class": "icon"})
    return mark_safe(f"{svg}\n")  # noqa: S308  heroicons' own files, and no text of anybody's


@register.filter
def unmarked(text: str) -> str:
    """Return words without the marks that make them bold in Markdown, for a quote of them."""
    return str(text or "").replace("**", "")


@register.tag("icon")
def do_icon(parser: Parser, token: Token) -> Node:
    """Draw an icon: ``{% icon "good" %}`` or ``{% icon name %}``. A name in quotes is drawn when
    the template is read, so one that does not exist is an error at once."""
    expression = parser.compile_filter(_only_argument(token))
    if not expression.is_var and not expression.filters:
        return TextNode(drawn(str(expression.var)))
    return IconNode(expression)


class IconNode(Node):
    """An icon whose name comes from the page."""

    def __init__(self, name: FilterExpression) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        """Return the icon; nothing for a name that is missing."""
        return drawn(str(self.name.resolve(context, ignore_failures=True) or ""))


@register.tag("fixed")
def do_fixed(parser: Parser, token: Token) -> Node:
    """Include a template that takes nothing from the page: ``{% fixed "a/template.html" %}``.

    It gets an empty context, so what belongs to a person cannot come into it.
    """
    expression = parser.compile_filter(_only_argument(token))
    if expression.is_var or expression.filters:
        raise TemplateSyntaxError("fixed takes the name of a template in quotes.")
    return FixedNode(str(expression.var))


class FixedNode(Node):
    """A template that is rendered once a process, and each time while it is worked on."""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        """Return what the template says."""
        engine = context.template.engine  # type: ignore[union-attr]  # set while rendering
        render = _rendered.__wrapped__ if settings.DEBUG else _rendered
        return render(engine, self.name)


@lru_cache(maxsize=64)
def _rendered(engine: Engine, name: str) -> SafeString:
    return engine.get_template(name).render(Context())


def _only_argument(token: Token) -> str:
    parts = token.split_contents()
    if len(parts) != 2:
        raise TemplateSyntaxError(f"{parts[0]} takes one argument.")
    return str(parts[1])
