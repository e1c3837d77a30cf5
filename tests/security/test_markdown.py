"""Hostile Markdown: whatever is typed, no script, no image, no other scheme, no raw HTML."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest

from accounts.markdown import render

SCHEMES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "java\nscript:alert(1)", "javascript&colon;alert(1)", "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)", "javascript&#58;alert(1)", "%6aavascript:alert(1)",
    "\x01javascript:alert(1)", "\u200bjavascript:alert(1)", "ｊavascript:alert(1)",
    "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=", "data:image/svg+xml,<svg onload=alert(1)>",
    "file:///etc/passwd", "blob:abc", "ftp://example.org/", "tel:1", "about:blank",
    "view-source:x", "feed:javascript:alert(1)", "jar:javascript:x",
)  # fmt: skip
HOSTILE = [
    *(f"[x]({scheme})" for scheme in SCHEMES),
    *(f"<{scheme}>" for scheme in SCHEMES[:3]),
    *(f"[x][r]\n\n[r]: {scheme}" for scheme in SCHEMES[:8]),
    "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)>", "<object data=x>", "<embed src=x>", "<base href=//evil/>",
    "<style>*{background:url(//evil)}</style>", "<link rel=stylesheet href=//evil>",
    "<meta http-equiv=refresh content=0;url=//evil>", "<form action=//evil><input name=x>",
    "<a href=javascript:alert(1)>x</a>", "<p onmouseover=alert(1)>x", "<!--<script>-->",
    "<![CDATA[<script>alert(1)</script>]]>", "<?php echo 1 ?>",
    "<math><mi xlink:href=javascript:x>",
    "<details open ontoggle=alert(1)>", "<scr<script>ipt>alert(1)</script>",
    "\x00<script>x</script>",
    "![x](https://evil.example/p.png?leak=1)", "![x][r]\n\n[r]: https://evil.example/p.png",
    "[![x](https://evil.example/p.png)](https://evil.example)", "![x](data:image/png;base64,AAAA)",
    '[x](https://a.example "onmouseover=alert(1)")', '[x](https://a.example/" onclick="alert(1))',
    "[x](https://a.example/'onclick=alert(1)//)", '[a" onclick="x](https://a.example)',
    "```html\n<script>alert(1)</script>\n```", "`<script>alert(1)</script>`",
    '```"onload="alert(1)\nx\n```', "    <script>alert(1)</script>",
    "|a|b|\n|-|-|\n|<script>alert(1)</script>|<img src=x>|", "# <script>alert(1)</script>",
    "> <script>alert(1)</script>", "- <img src=x onerror=alert(1)>", "1. <svg onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "\\<script>alert(1)</script>",
    "<https://a.example/?x=<script>>", "[x](<javascript:alert(1)>)", "[x](\\javascript:alert(1))",
    "[x](javascript:alert(1)//https://a.example)", "\u202e[x](javascript:alert(1))",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><script>x</script>",
    "<x-y onclick=alert(1)>", "<body onload=alert(1)>", "<video src=x onerror=alert(1)>",
]  # fmt: skip
ALLOWED = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


class Reader(HTMLParser):
    """Collects the elements a browser would make of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_corpus_is_large_enough() -> None:
    assert len(set(HOSTILE)) >= 80


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_comes_through(text: str) -> None:
    for tag, attributes in Reader(render(text)).found:
        assert tag in ALLOWED
        assert set(attributes) <= {"href", "rel", "start", "title"}
        if "href" in attributes:
            assert attributes["rel"] == "nofollow noopener ugc"
            href = attributes["href"] or ""
            scheme = re.match(r"\s*([a-zA-Z][\w+.-]*):", href)
            assert scheme is None or scheme[1].lower() in ("http", "https", "mailto")


@pytest.mark.parametrize(
    "unit",
    ["[", "[a](", "`", "*a ", "**", "_a_ ", "> ", "# ", "|", "|a|b|\n|-|-|\n", "[a]: b\n", "<",
     "&amp;", "- a\n", "  \n", "![", "\\", "~", "1. ", "](", "a*", "__a"],
)  # fmt: skip
def test_long_text_is_laid_out_in_bounded_time(unit: str) -> None:
    started = time.process_time()
    render((unit * 6_000)[:6_000])
    assert time.process_time() - started < 5
