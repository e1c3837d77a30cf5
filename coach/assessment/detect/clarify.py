"""Clarify: questions, assumptions, goal, scope."""

from __future__ import annotations

import re

from coach.assessment import lexicon
from coach.assessment.detect.evidence import committed, having, is_also, lacking, omission
from coach.assessment.detect.rule import Cue, Rule, fact_slots, gap, hit, other_sides_missing
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span, span_of, stems

MOST_QUESTIONS = 6
STOCK_SHARE = 0.3
LEAST_OF_SHAPE = 2
LEAST_ASKED = 5
"""Content words of a question that the prompt may answer; fewer stand in any prompt."""
ASKS = ("asks_goal", "asks_user_side", "asks_scope_or_constraint", "asks_stock")


def questions(r: Reading) -> tuple[Span, ...]:
    """The sentences that ask, directly or not."""
    return tuple(s for s in r.sentences if "?" in s.quote or lexicon.has("ask_indirect", s.quote))


def _after(r: Reading, question: Span) -> str:
    """A question with the sentence behind it: there a reason or an assumption would stand."""
    position = r.sentences.index(question)
    return " ".join(s.quote for s in r.sentences[position : position + 2])


def ideas_first(r: Reading) -> Cue | None:
    """No question at all, or ideas in a row with a question at their edge."""
    asked = questions(r) or having(r, *ASKS)
    built = [s for s in r.telling if lexicon.has("solution_verbs", s.quote)]
    if asked and len(built) >= 3 and len(built) > 2 * len(asked) and not r.has("assume"):
        return hit(r.first("solution_verbs"))
    if asked:
        return None
    return hit(r.first("solution_verbs"), exact=True) or gap(r, exact=True)


def _is_stock(sentence: str) -> bool:
    return lexicon.has("stock", sentence) and not lexicon.has("goal_metric", sentence)


def stock_questions(r: Reading) -> Cue | None:
    """Most questions could be asked in any case."""
    asked = questions(r)
    stock = [q for q in asked if _is_stock(q.quote)]
    if r.read_roles.known:
        return _stock_by_role(r, bool(stock))
    told = any(lexicon.has("effect", _after(r, q)) for q in asked)
    if len(stock) < 2 or (told and len(stock) < 0.6 * len(asked)):
        return None
    return hit(stock[0])


def _stock_by_role(r: Reading, worded: bool) -> Cue | None:
    found = committed(r, "asks_stock", r.first("stock") if worded else None)
    stock = len(having(r, "asks_stock"))
    told = lacking(r, "says_why_it_matters", worded=True) is None
    if found is None or told or stock < STOCK_SHARE * len(having(r, *ASKS)):
        return None
    return hit(found.span, sure=found.sure and stock > 1)


def too_many(r: Reading) -> Cue | None:
    """More than six question marks."""
    count = sum(s.quote.count("?") for s in r.sentences)
    asked = min(
        (s for s in r.sentences if "?" in s.quote),
        key=lambda s: (not _is_stock(s.quote), len(s.quote)),
        default=None,
    )
    return (
        Cue(near=asked, exact=True, slots={"count": str(count)}) if count > MOST_QUESTIONS else None
    )


def fishing(r: Reading) -> Cue | None:
    """Asks the interviewer for the judgment itself, and does not go on with an own one."""
    worded = r.first("fishing")
    found = committed(r, "asks_for_answer", worded)
    if not found or _goes_on(r, found.span):
        return None
    if not worded and is_also(r, found.span, "asks_stock", "asks_scope_or_constraint"):
        return None  # "Is it global?" asks for a fact
    if not worded and not lexicon.has("addressed", found.span.quote):
        return None  # so does "Is the decision reversible?"
    return hit(found.span, sure=found.sure)


def _goes_on(r: Reading, question: Span) -> bool:
    """Whether an assumption answers the question in the sentence after it."""
    after = next((s for s in r.sentences if s.start >= question.end), None)
    return after is not None and lexicon.has("assume", after.quote)


def no_assumption(r: Reading) -> Cue | None:
    """Nothing is taken as true for now."""
    near = ("ask_indirect", "stock", "solution_verbs")
    return omission(r, "states_assumption", worded=r.has("assume"), near=near)


def no_goal(r: Reading) -> Cue | None:
    """Nothing says what should move."""
    facts = fact_slots(r, "conversion", "rate", "order")
    worded, said = r.has("goal"), ("says_goal",)
    return omission(
        r, "names_goal", "asks_goal", worded=worded, said=said, near=("stock",), facts=facts
    )


def vague_goal(r: Reading) -> Cue | None:
    """A goal word without a unit anywhere near it; a question for the goal names none."""
    told = (s for s in (*r.all("goal_loose"), *r.all("goal_vague")) if "?" not in s.quote)
    for vague in told:
        if not numbers(vague.quote) and not lexicon.has("measured", vague.quote):
            return None if r.numbers and r.step == "goal" else hit(_goal_word(r, vague))
    return None


def _goal_word(r: Reading, vague: Span) -> Span:
    """The goal word itself: a long sentence would be cut before it."""
    found = (lexicon.pattern(c).search(vague.quote) for c in ("goal_loose", "goal_vague"))
    word = next((match for match in found if match), None)
    if word is None:
        return vague
    return span_of(r.text, vague.start + word.start(), vague.start + word.end())


def asks_the_prompt(r: Reading) -> Cue | None:
    """A question whose content words stand in the prompt."""
    known = stems(f"{r.context.prompt} {r.context.background}")
    for question in (q for q in r.sentences if q.quote.endswith("?")):
        own = stems(question.quote)
        if len(own) >= LEAST_ASKED and own <= known and " or " not in question.quote:
            return hit(question)
    return None


def one_side(r: Reading) -> Cue | None:
    """A market with several sides, and only the buying one is in view."""
    missing = other_sides_missing(r)
    return gap(r, "goal", extra=missing) if missing and r.sides() else None


def no_reason(r: Reading) -> Cue | None:
    """Questions without a word on what the answers would change."""
    direct = [q for q in questions(r) if "?" in q.quote]
    told = [
        q for q in direct
        if lexicon.has("consequence", _after(r, q)) or lexicon.has("assume", _after(r, q))
    ]  # fmt: skip
    found = lacking(r, "says_why_it_matters", worded=bool(told)) if direct else None
    return hit(direct[-1], sure=found.sure) if found else None


def no_business(r: Reading) -> Cue | None:
    """Nothing on what the company gets out of it."""
    roles = ("names_company_reason", "links_to_mission")
    worded = r.has("business") or _helps_company(r)
    return omission(r, *roles, worded=worded, said=("says_business",), near=("goal",))


def _helps_company(r: Reading) -> bool:
    """Whether something is said to help, pay or matter to the company by its name."""
    names = "|".join(re.escape(name) for name in {r.context.company, r.context.product} if name)
    verbs = r"(?:help|pay|earn|bring|matter|give|serve|cost|save)s?(?: \w+){0,2}"
    gains = r"(?:\w+ )?(?:gets?|gains?|earns?|wins?|saves?|needs?|wants?)"
    told = rf"\b(?:{verbs} (?:{names})|(?:for|stays? with) (?:{names})|(?:{names}) {gains})\b"
    return re.search(told, r.text) is not None


def shape_not_asked(r: Reading) -> Cue | None:
    """Root cause: fewer than two questions about the shape of the change."""
    found = {m.lower() for s in r.telling for m in lexicon.matches("shape", s.quote)}
    return None if len(found) >= LEAST_OF_SHAPE else gap(r)


def why_us(r: Reading) -> Cue | None:
    """Product design: no word on why this company should build it."""
    worded = r.has("company_fit", "business", "strengths")
    return omission(r, "names_company_reason", worded=worded, near=("goal", "choice"))


GOAL = (Rule("CQ7", vague_goal), Rule("CQ12", no_business))
ROOT_CAUSE = frozenset({"root_cause"})
NOT_ROOT_CAUSE = frozenset(
    {"product_improvement", "product_design", "success_metrics", "trade_off", "strategy"}
)
RULES = (
    Rule("CQ1", ideas_first),
    Rule("CQ2", stock_questions),
    Rule("CQ3", too_many),
    Rule("CQ4", fishing),
    Rule("CQ5", no_assumption),
    Rule("CQ6", no_goal, NOT_ROOT_CAUSE),
    Rule("CQ7", vague_goal, NOT_ROOT_CAUSE),
    Rule("CQ8", asks_the_prompt),
    Rule("CQ9", one_side, NOT_ROOT_CAUSE),
    Rule("CQ11", no_reason),
    Rule("CQ12", no_business, NOT_ROOT_CAUSE),
    Rule("RC1", shape_not_asked, ROOT_CAUSE),
    Rule("PD1", why_us, frozenset({"product_design"})),
)
