"""What people write is Markdown, made safe: no raw HTML, no images, no script.

markdown-it-py parses with HTML switched off; nh3 then keeps a short list of elements, so that a
fault in one is caught by the other. Bump ``VERSION`` with any change of the rules.
"""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

VERSION = 1

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_parser = (
    MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    .enable("table")
    .disable(["image", "html_block", "html_inline"])
)


def render(text: str) -> str:
    """Return safe HTML for a text; headings are lowered below those of the page."""
    html = _parser.render(text)
    for level in (1, 2):
        html = html.replace(f"<h{level}>", "<h3>").replace(f"</h{level}>", "</h3>")
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
