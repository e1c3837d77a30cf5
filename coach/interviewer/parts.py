"""Cuts one asking sentence into the questions it may consist of."""

import re

from coach.interviewer.sentences import AUXILIARY, strip_lead

WH = (
    r"(?:what|what's|whats|which|who|who's|whom|whose|why|how|when|where|"
    r"(?:at|in|on|of|for|from|by|with|to|since|about) (?:what|which|whom|when))"
)
OPENING = (
    rf"(?:{WH}\b|{AUXILIARY} (?:i|we|you|they|it|there|this|that|the|any|our|your|their|people|"
    r"users|customers|most|all|\w+s)\b|(?:any|tell me|give me|is there|are there|i mean|also)\b)"
)
JOIN = r"(?:\band also\b|\band\b|\balso\b|\bplus\b|\bas well as\b|&|\bbut also\b)"
# "Is it A or is it B?" is one question: 'or' joins two only before a question word.
STRONG = re.compile(
    rf"\s*(?:,\s*)?{JOIN}\s+(?={OPENING})"
    rf"|\s*(?:,\s*)?\bor\s+(?=(?:{WH}|{AUXILIARY} there|did|does)\b)"
    rf"|\s*,\s*(?={WH}\b)",
    re.I,
)
WEAK = re.compile(rf"\s*(?:,\s*{JOIN}?|{JOIN})\s+", re.I)
WEAK_WITH_OR = re.compile(rf"\s*(?:,\s*(?:{JOIN}|\bor\b)?|{JOIN}|\bor\b)\s+", re.I)
LISTS = re.compile(r"^(?:are there|is there|any|do (?:we|you) (?:have|know))\b", re.I)
PERSON = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.I)
FRAME = re.compile(
    rf"^(?:(?:can|could|would) you )?(?:please )?(?:tell me|give me|share|describe|explain|show me|"
    rf"know)?\s*(?:more )?(?:about|on)?\s*(?:{WH} (?:is|are|was|were|do|does|did)?|"
    r"(?:is|are) there)?\s*(?:the|a|any|our|your)?\s*",
    re.I,
)
MAX_PARTS = 6


def _pieces(pattern: re.Pattern[str], text: str) -> list[str]:
    return [p.strip(" ,.;?!") for p in pattern.split(text) if p and p.strip(" ,.;?!")]


def strong_parts(text: str) -> tuple[str, ...]:
    """The questions joined by 'and', 'also', a comma: each begins like a question."""
    joined: list[str] = []
    for piece in _pieces(STRONG, strip_lead(text)):
        if joined and PERSON.search(piece):  # "... and how old is she" hangs on what came before
            joined[-1] += f", {piece}"
        else:
            joined.append(piece)
    return tuple(strip_lead(piece) for piece in joined[:MAX_PARTS]) or (text,)


def weak_parts(text: str) -> tuple[str, ...]:
    """Topics joined under one question ('fees and delivery times'); one part if there are none."""
    joins = WEAK_WITH_OR if LISTS.match(text) else WEAK
    pieces = [FRAME.sub("", p, count=1) or p for p in _pieces(joins, text)]
    pieces = [p for p in pieces if p]
    return tuple(pieces[:MAX_PARTS]) if len(pieces) > 1 else (text,)
