"""The lessons as they are shown: Markdown with names for figures, filled by the engine, made safe.

A lesson is a file of `lessons/`: a YAML head (title, summary, links, questions) and a text whose
`{names}` are figures of `engine.lesson_figures`. A file that names an unknown figure does not load.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import nh3
import yaml
from django.urls import NoReverseMatch, reverse
from markdown_it import MarkdownIt

from metrics_lab.engine.lessons.figures import Figure, Figures, figures
from metrics_lab.engine.lessons.quiz import Reading, Verdict, judge
from metrics_lab.forms.numbers import LONGEST, read_number

DIRECTORY = Path(__file__).parent / "lesson_texts"
NO_NUMBER = "Write one number, such as 2500, 2.5 or 3 million."
_NAME = re.compile(r"\{([a-z_]+)\}")
_TAGS = {
    "a", "em", "h2", "h3", "li", "ol", "p", "strong", "table", "tbody", "td", "th", "thead", "tr",
    "ul",
}  # fmt: skip
_parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image"])


@dataclass(frozen=True)
class Ask:
    """A question that is answered with a number, and the wrong readings that have a name."""

    id: str
    text: str
    truth: float
    right: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Tool:
    """A link to a tool of the lab with the lesson's numbers in it."""

    url: str
    label: str


@dataclass(frozen=True)
class Lesson:
    """One lesson: `html` is safe to show as it is."""

    slug: str
    order: int
    title: str
    summary: str
    minutes: int
    html: str
    asks: tuple[Ask, ...]
    tools: tuple[Tool, ...]


@dataclass(frozen=True)
class Answer:
    """A question as it stands on the page: what was typed, and the verdict or what is wrong."""

    ask: Ask
    value: str
    error: str = ""
    verdict: Verdict | None = None


@lru_cache(maxsize=1)
def lessons() -> tuple[Lesson, ...]:
    """Return every lesson in its order; raise KeyError for a figure that nobody computes."""
    found = (_load(path) for path in DIRECTORY.glob("*.md"))
    return tuple(sorted(found, key=lambda lesson: lesson.order))


def answers(lesson: Lesson, typed: Mapping[str, str]) -> list[Answer]:
    """Return each question with what was typed; one that was left empty is not judged."""
    return [_answer(ask, typed.get(ask.id, "").strip()) for ask in lesson.asks]


def _answer(ask: Ask, text: str) -> Answer:
    if not text:
        return Answer(ask, "")
    number, kept = read_number(text), text[: 2 * LONGEST]
    if number is None:
        return Answer(ask, kept, NO_NUMBER)
    return Answer(ask, kept, "", judge(text, number, ask.truth, ask.readings))


def _load(path: Path) -> Lesson:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    told, known = yaml.safe_load(head), figures(path.stem)
    links = {name: _link(link, known) for name, link in told["links"].items()}
    words = {name: figure.words for name, figure in known.items()}
    words |= {f"link_{name}": url for name, url in links.items()}
    return Lesson(
        slug=path.stem,
        order=told["order"],
        title=told["title"],
        summary=told["summary"],
        minutes=told["minutes"],
        html=_safe(_filled(body, words)),
        asks=tuple(_ask(raw, known, words) for raw in told["asks"]),
        tools=tuple(
            Tool(links[raw["link"]], raw["label"]) for raw in told["tools"] if links[raw["link"]]
        ),
    )


def _ask(raw: Mapping[str, Any], known: Figures, words: Mapping[str, str]) -> Ask:
    readings = tuple(
        Reading(known[each["figure"]].value, each["name"], _filled(each["remark"], words))
        for each in raw["wrong"]
    )
    return Ask(
        raw["id"],
        _filled(raw["ask"], words),
        known[raw["truth"]].value,
        _filled(raw["right"], words),
        readings,
    )


def _link(raw: Mapping[str, str], known: Figures) -> str:
    """Return the address of a metric or a tool with figures in its fields, "" for no such tool."""
    sent = {
        name: value[1:] if value.startswith("=") else _typed(known[value])
        for name, value in raw.items()
        if name not in ("metric", "tool")
    }
    try:
        to = (
            reverse("lab-metric", args=[raw["metric"]]) if "metric" in raw else reverse(raw["tool"])
        )
    except NoReverseMatch:
        return ""
    return f"{to}?{urlencode(sent)}" if sent else to


def _typed(figure: Figure) -> str:
    """Return a figure as it is typed into a field."""
    if figure.kind == "share":
        return f"{100 * figure.value:.10g} %"
    return f"{figure.value:.10g}"


def _filled(text: str, words: Mapping[str, str]) -> str:
    return _NAME.sub(lambda found: words[found[1]], text)


def _safe(text: str) -> str:
    # The text is ours; it is cleaned all the same, so that a slip in it stays a slip.
    return nh3.clean(_parser.render(text), tags=_TAGS, attributes={"a": {"href"}}, link_rel=None)
