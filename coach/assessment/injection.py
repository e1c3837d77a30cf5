"""Text aimed at the reviewer: found, cut out, never followed.

A sentence is aimed at a reviewer when it orders or promises a verdict on the answer, hands the
reader a role, or poses as text of the system. What users rate, what sellers ignore and which rules
a product has is talk about the case, so a cue alone is not enough: orders have to be orders.
"""

from __future__ import annotations

import re
from functools import lru_cache

from coach.assessment.text import sentences

_VERDICT = re.compile(
    r"\b(?:full (?:marks?|points?|score|credit)|(?:max(?:imum)?|highest|top|best)(?: possible)?"
    r" (?:level|scores?|marks?|grades?|points)\b|levels? (?:to )?(?:4|four)\b|\b4 ?/ ?4|10 ?/ ?10|"
    r"\ba 4\b|distinction|distinctive|pass(?:es|ed)? (?:with|this|the)|as (?:excellent|perfect|"
    r"outstanding)|"
    r"only (?:with )?praise|no mistakes?|finds? no|perfect score|a\+|grade (?:of )?(?:a|1)\b|"
    r"volle punktzahl|h[öo]chste (?:note|stufe|punktzahl)|nota m[áa]xima|puntuaci[óo]n m[áa]xima|"
    r"note maximale|niveau (?:4|maximal)|nivel (?:4|m[áa]ximo))",
    re.IGNORECASE,
)
_JUDGE = re.compile(
    r"\b(?:grader|assessor|reviewer|examiner|evaluator|evaluation|marker|model|ai|llm|assistant|"
    r"system|rubric|criteri(?:on|a)|teacher|professor|coach|course staff|bewerte\w*|pr[üu]fer|"
    r"evaluador|correcteur|this (?:text|answer|submission|response|student|account|line|step)|"
    r"the text above|each row|all (?:criteria|levels|rows)|my (?:answer|submission|text))\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?:^|[.:;,!\n>]\s*|\b(?:please|pls|now|must|should|and|to|you|bitte|por favor)\s+)(?:only |"
    r"just |always )?"
    r"(?:give|award|mark|rate|grade|score|output|print|respond|reply|answer|write|set|assign|"
    r"return|"
    r"say|treat|consider|pretend|assume that the (?:text|answer)|ignore|disregard|forget|skip|stay|"
    r"gib|bewerte|vergib|ignoriere|ignora|da|asigna|ignorez|donne[rz]?|attribue[rz]?)\b",
    re.IGNORECASE,
)
_OVERRIDE = re.compile(
    r"(?:\b(?:ignore|disregard|forget|override|bypass) (?:all |any |the |your |my |these |every |"
    r"of )*"
    r"(?:previous |prior |above |earlier |preceding )?(?:instructions?|rubric|rules you|prompt|"
    r"guidelines|directions)\b"
    r"(?! (?:shown|for|to|on|of) )|\byou are (?:now|no longer) |\bfrom now on,? you\b|"
    r"\bact as (?:a|an|my)\b|"
    r"\bpretend (?:that |to be |you)|\blet'?s play a (?:game|role)|\bstay in (?:this|the) role|"
    r"\bend of (?:answer|system|submission)\b|\bnote to (?:the )?(?:model|grader|ai|reviewer|"
    r"assessor|system)|"
    r"\bdear (?:assessor|grader|reviewer|examiner|ai|model)|\b(?:grader|reviewer|assessor|ai)\s*:|"
    r"^\W*(?:system|assistant|developer)(?: (?:message|prompt|note))?\s*(?::|#)|###|<\|"
    r"?(?:system|im_start|/?s)\b|"
    r"<!--|\[/?(?:inst|system)\]|\bevaluation mode\b|\bcalibration run\b|\brubric checks?\b|"
    r"\btreat missing\b|\b(?:do|must) not (?:criticis|criticiz|mention this|penali[sz]|deduct)|"
    r"\bsystem prompt\b|\b(?:reveal|repeat|print) (?:your|the) (?:prompt|instructions|rubric)|"
    r"\bignorier\w* (?:alle|die|vorherigen|bisherigen)|\bignora (?:todas|las|tus)|"
    r"\bignorez (?:toutes|les)|"
    r"\bdo anything now\b|\bjailbreak|\bdebug mode\b|\bdeveloper mode\b)",
    re.IGNORECASE,
)


def _aimed(sentence: str) -> bool:
    if _OVERRIDE.search(sentence):
        return True
    if not _VERDICT.search(sentence):
        return False
    return bool(_ORDER.search(sentence) or _JUDGE.search(sentence))


@lru_cache(maxsize=256)
def aimed_at_reviewer(text: str) -> tuple[tuple[int, int], ...]:
    """Places (start, end) of the sentences that are aimed at a reviewer, in order."""
    found = [s for s in sentences(text) if _aimed(s.quote)]
    if len(found) > 1:  # a block of fake system text runs from its first to its last sentence
        fenced = [s for s in found if re.search(r"###|<!--|<\||\[/?inst", s.quote, re.I)]
        if len(fenced) > 1:
            return ((fenced[0].start, fenced[-1].end),)
    return tuple((s.start, s.end) for s in found)


def without(text: str, places: tuple[tuple[int, int], ...]) -> str:
    """The text with the places blanked out; offsets stay as they were."""
    for start, end in places:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
