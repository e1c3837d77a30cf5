"""Checks of what is said in a case: facts, steps, hints, traps, ids."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from questions.case import STEPS_BY_TYPE, Case, StepGuide
from questions.case_build import Path

Finding = tuple[Path, str, str]

MIN_FACTS = 10
MIN_ASKS = 5
MIN_FOLLOW_UPS = 3
MIN_TRAPS = 3
MIN_EXAMPLE_WORDS = 25
MAX_TITLE = 80
MAX_SLUG = 80
SHINGLE = 6
MISTAKES = {
    "CQ": 12, "SEG": 12, "PP": 12, "SO": 12, "PR": 12, "ME": 14, "SU": 10,
    "RC": 12, "TR": 10, "SM": 4, "ST": 10, "PD": 3,
}  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_]*")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD = re.compile(r"[a-z0-9$%]+(?:[.,'’][a-z0-9]+)*")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower())


def shingles(text: str, size: int = SHINGLE) -> set[tuple[str, ...]]:
    """Return every run of `size` words."""
    found = words(text)
    return {tuple(found[i : i + size]) for i in range(len(found) - size + 1)}


def check_facts(case: Case) -> Iterator[Finding]:
    """Facts: enough of them, unique, askable in several ways, revealing what exists."""
    if len(case.facts) < MIN_FACTS:
        yield ("facts",), f"{len(case.facts)} facts", f"write at least {MIN_FACTS}"
    yield from unique_ids("facts", [fact.id for fact in case.facts])
    yield from _asks(case)
    yield from _reveals(case)
    ids = {fact.id for fact in case.facts}
    for i, fact in enumerate(case.facts):
        for name in sorted({name for group in fact.also_settled_by for name in group} - ids):
            path: Path = ("facts", i, "also_settled_by")
            yield path, f"fact {fact.id} is settled by {name}, which is no fact", "name a fact id"


def check_steps(case: Case) -> Iterator[Finding]:
    """Steps: all of the type and no other, minutes that add up, hints that give nothing away."""
    expected = STEPS_BY_TYPE[case.type]
    for step in expected:
        if step not in case.steps:
            yield ("steps",), f"step {step} is missing", f"a {case.type} case has it"
    for step, guide in case.steps.items():
        if step not in expected:
            yield ("steps", step), f"{step} is no step of {case.type}", f"use {', '.join(expected)}"
        yield from _guide(step, guide)
    total = sum(guide.minutes for guide in case.steps.values())
    if total != case.minutes:
        yield ("minutes",), f"minutes is {case.minutes}, the steps need {total}", f"write {total}"
    yield from _given_away(case)


def check_traps(case: Case) -> Iterator[Finding]:
    """Traps, the slug, tags and ids of the frame."""
    if not SLUG.fullmatch(case.slug):
        yield ("slug",), f"slug {case.slug} is not lower-case-with-hyphens", "like improve-maps"
    if len(case.slug) > MAX_SLUG:
        yield ("slug",), f"the slug has {len(case.slug)} characters", f"use at most {MAX_SLUG}"
    for i, tag in enumerate(case.tags):
        if not _ID.fullmatch(tag):
            yield ("tags", i), f"tag {tag} is not lower_case", "like multi_sided"
    if len(case.title) > MAX_TITLE:
        message = f"the title has {len(case.title)} characters"
        yield ("title",), message, f"use at most {MAX_TITLE}"
    if "hypothetical" not in case.context.lower():
        yield ("context",), "the context does not call the baselines hypothetical", "say so"
    if len(case.traps) < MIN_TRAPS:
        yield ("traps",), f"{len(case.traps)} traps", f"write at least {MIN_TRAPS}"
    yield from unique_ids("traps", [trap.id for trap in case.traps])
    yield from unique_ids("sides", [side.id for side in case.sides])
    for i, trap in enumerate(case.traps):
        yield from check_mistakes(("traps", i, "mistakes"), trap.mistakes)


def check_mistakes(path: Path, ids: Iterable[str]) -> Iterator[Finding]:
    """The public ids of mistakes exist."""
    for name in ids:
        match = re.fullmatch(r"([A-Z]+)([1-9]\d?)", name)
        if not match or int(match[2]) > MISTAKES.get(match[1], 0):
            yield path, f"{name} is no mistake id", "see traps in docs/case-authors.md"


def unique_ids(section: str, ids: Iterable[str], at: Path = ()) -> Iterator[Finding]:
    """Ids are well formed and occur once."""
    seen: Counter[str] = Counter()
    for i, name in enumerate(ids):
        path = (*(at or (section,)), i, "id")
        seen[name] += 1
        if seen[name] > 1:
            yield path, f"id {name} occurs twice in {section}", "give it another id"
        if not _ID.fullmatch(name):
            yield path, f"id {name} is not lower_case_with_underscores", "like first_order"


def _asks(case: Case) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], str] = {}
    for i, fact in enumerate(case.facts):
        if len(fact.ask) < MIN_ASKS:
            path: Path = ("facts", i, "ask")
            yield path, f"fact {fact.id} has {len(fact.ask)} asks", f"write at least {MIN_ASKS}"
        for j, phrase in enumerate(fact.ask):
            other = seen.setdefault(tuple(words(phrase)), f"{fact.id}:{j}")
            if other != f"{fact.id}:{j}":
                message = f"fact {other.split(':')[0]} is asked {phrase!r} too"
                yield ("facts", i, "ask", j), message, "say it in other words"


def _reveals(case: Case) -> Iterator[Finding]:
    known = {*case.baselines, *case.statements, *(each.symbol for each in case.relations)}
    told = {symbol for fact in case.facts for symbol in fact.reveals}
    for i, fact in enumerate(case.facts):
        for j, symbol in enumerate(fact.reveals):
            if symbol not in known:
                message = f"fact {fact.id} reveals {symbol}, which the case does not have"
                yield ("facts", i, "reveals", j), message, "add it to baselines or statements"
    for symbol in case.statements:
        if symbol not in told:
            message = f"no fact reveals the statement {symbol}"
            yield ("statements", symbol), message, "add it to a fact's reveals or take it out"


def _guide(step: str, guide: StepGuide) -> Iterator[Finding]:
    if guide.minutes < 1:
        yield ("steps", step, "minutes"), f"{step} has no time", "give it whole minutes"
    if len(guide.follow_ups) < MIN_FOLLOW_UPS:
        message = f"{step} has {len(guide.follow_ups)} follow-ups"
        yield ("steps", step, "follow_ups"), message, f"write at least {MIN_FOLLOW_UPS}"
    for level in ("level_2", "level_3", "level_4"):
        count = len(words(getattr(guide.examples, level).text))
        if count < MIN_EXAMPLE_WORDS:
            path: Path = ("steps", step, "examples", level)
            message = f"the {level} example of {step} has {count} words"
            yield path, message, f"write at least {MIN_EXAMPLE_WORDS}"


def _given_away(case: Case) -> Iterator[Finding]:
    """A hint that shares six words in a row with an example gives it away."""
    texts = {
        (step, level): shingles(getattr(guide.examples, level).text)
        for step, guide in case.steps.items()
        for level in ("level_2", "level_3", "level_4")
    }
    for step, guide in case.steps.items():
        for size in ("small", "medium", "large"):
            hint = shingles(getattr(guide.hints, size))
            for (other, level), example in texts.items():
                if shared := hint & example:
                    message = (
                        f"the {size} hint of {step} shares {' '.join(min(shared))!r}"
                        f" with the {level} example of {other}"
                    )
                    yield ("steps", step, "hints", size), message, "say it in other words"
