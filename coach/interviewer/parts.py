"""Cuts one asking sentence into the questions it may consist of."""

import re

from coach.interviewer.sentences import AUXILIARY, strip_lead

WH = (
    r"(?:what|what's|whats|which|who|who's|whom|whose|why|how|when|when's|where|whether|"
    r"(?:at|in|on|of|for|from|by|with|to|since|about) (?:what|which|whom|when))"
)
OPENING = (
    rf"(?:{WH}\b|{AUXILIARY} (?:i|we|you|they|it|there|this|that|the|a|an|some|any|our|your|"
    r"their|people|users|customers|most|all|\w+s)\b|"
    r"(?:any|tell me|give me|is there|are there|i mean|also)\b)"
)
JOIN = r"(?:\band also\b|\band\b|\balso\b|\bplus\b|\bas well as\b|&|\bbut also\b)"
# "Is it A or is it B?" is one question: 'or' joins two only before a question word.
STRONG = re.compile(
    rf"\s*(?:,\s*)?{JOIN}\s+(?={OPENING})"
    rf"|\s*(?:,\s*)?\bor\s+(?=(?:{WH}|{AUXILIARY} there|did|does)\b)"
    rf"|\s*,\s*(?:then\s+)?(?={WH}\b)"
    rf"|\s*,\s*(?={AUXILIARY} (?:i|we|you|they|it|there|this|that|the|any|our|your|their)\b)"
    r"|\s*;\s*|\s+\+\s+|\s+vs\.?\s+|\s*\b\d[.)]\s+"
    rf"|(?:^|\s*[,;])\s*(?:first|second|third|secondly|thirdly)\b[\s,:]+(?={OPENING})"
    rf"|\s*,\s*and\s+(?={AUXILIARY} )",
    re.I,
)
WEAK = re.compile(rf"\s*(?:,\s*{JOIN}?|{JOIN})\s+", re.I)
WEAK_WITH_OR = re.compile(rf"\s*(?:,\s*(?:{JOIN}|\bor\b)?|{JOIN}|\bor\b)\s+", re.I)
LISTS = re.compile(r"^(?:are there|is there|any|do (?:we|you) (?:have|know))\b", re.I)
PERSON = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.I)
FRAME = re.compile(
    rf"^(?:(?:can|could|would) you )?(?:please )?(?:tell me|give me|share|describe|explain|show me|"
    rf"know)?\s*(?:more )?(?:about|on)?\s*(?:{WH} (?:is|are|was|were|do|does|did)?|"
    r"(?:is|are) there)?\b\s*(?:(?:the|a|any|our|your)\b)?\s*",
    re.I,
)
ANNOUNCES = re.compile(
    r"\b(?:one|two|three|four|some|few|couple of|quick)\s+(?:\w+\s+)?(?:numbers?|things?|ones?|"
    r"questions?|inputs?|worries|risks|topics|points|facts|figures|hypotheses|aspects|areas)\b",
    re.I,
)
ADDS_NOTHING = re.compile(r"^(?:please|pls|thanks|thank you|co|etc|and|or)$", re.I)
SHORT_HEAD = 3
MAX_PARTS = 6


def _pieces(pattern: re.Pattern[str], text: str) -> list[str]:
    return [p.strip(" ,.;?!") for p in pattern.split(text) if p and p.strip(" ,.;?!")]


def _without_announcement(text: str) -> str:
    """'Two quick ones: price and churn' without what stands before the colon."""
    head, _, rest = text.partition(": ")
    announces = len(head.split()) < SHORT_HEAD or ANNOUNCES.search(head)
    return rest.strip() if announces and rest.strip() else text


def strong_parts(text: str) -> tuple[str, ...]:
    """The questions joined by 'and', 'also', a comma: each begins like a question."""
    joined: list[str] = []
    for piece in _pieces(STRONG, strip_lead(text)):
        if joined and PERSON.search(piece):  # "... and how old is she" hangs on what came before
            joined[-1] += f", {piece}"
        else:
            joined.append(piece)
    found = [_without_announcement(strip_lead(piece)) for piece in joined[:MAX_PARTS]]
    return tuple(piece for piece in found if piece) or (text,)


def weak_parts(text: str) -> tuple[str, ...]:
    """Topics joined under one question ('fees and delivery times'); one part if there are none."""
    joins = WEAK_WITH_OR if LISTS.match(text) else WEAK
    text = _without_announcement(text)
    pieces = [FRAME.sub("", p, count=1) or p for p in _pieces(joins, text)]
    pieces = [p for p in pieces if p and not ADDS_NOTHING.match(p) and not ANNOUNCES.search(p)]
    return tuple(pieces[:MAX_PARTS]) if len(pieces) > 1 else (text,)
