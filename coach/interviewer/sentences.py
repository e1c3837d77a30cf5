"""Cuts a chat message into sentences and tells questions from a student's own statements."""

import re
from dataclasses import dataclass, replace

from coach.interviewer.data_files import word_list

END = re.compile(r"[^.?!;\n]+(?:[.](?=\d)[^.?!;\n]+)*[.?!;\n]*")
LEAD = re.compile(
    r"^(?:(?:and|so|but|ok|okay|also|well|then|hi|hello|hey|please|great|thanks|thank you|sorry|"
    r"first|second|third|next|finally|before i start|plus|one more|just|quick question|"
    r"good|cool|right|got it|i see|sure|alright|yes|no|hmm|\d+[.)])\b[\s,:.-]*)+",
    re.I,
)
AUXILIARY = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|may|might|must|"
    r"shall|isn't|aren't|don't|doesn't|didn't|haven't|hasn't|can't|won't)"
)
ASKS = re.compile(
    rf"^(?:what|what's|whats|which|who|who's|whom|whose|why|how|how's)\b"
    rf"|^(?:of|by|for|from|to|in|on|at|with|until|since|under|about) "
    r"(?:what|which|whom|when|where|who)\b"
    rf"|^(?:when|where)(?:'s| (?:\w+ ){{0,3}}{AUXILIARY})\b"
    rf"|^since when\b"
    # "do an A/B test", "will be cheap": notes, not questions.
    rf"|^(?!do an?\b|have an?\b|(?:will|would|must|has|have|had) (?:be|to|use|been)\b)"
    rf"{AUXILIARY} \w+"
    rf"|^(?:any|anything|anybody|anyone) \w+"
    r"|^(?:tell|give|show|list|describe|explain|share|clarify|walk|remind|send|help|name|define)\b"
    r"(?: (?:me|us))?"
    r"|^(?:can|could|may|would) (?:you|i|we)\b|\bi(?:'d| would| want to| need to) (?:like to )?"
    r"(?:know|ask|understand|see|hear)\b|^(?:i (?:wonder|have a question|need (?:to know|more))|"
    r"do you|what about|how about|is there|are there|curious)\b|^let me (?:ask|know)\b",
    re.I,
)
OWN = re.compile(
    r"^(?:(?:i|we|i'll|i'd|i'm|we'll|let's|let us|let me|my|our)\b(?! (?:wonder|need to know|"
    r"have a question|need more|would like to (?:know|ask|see|understand)|want to (?:know|ask|see|"
    r"understand)|ask|know))|assum|given that|thank|thx|ok\b|okay|great|got it|makes sense|"
    r"in that case|therefore|because|based on|if\b|since\b|as\b|when\b|while\b|with\b)",
    re.I,
)
# Begins like a subordinate clause and is a question all the same.
ASKS_WHEN = re.compile(rf"^(?:since when|let me (?:ask|know)|when(?:'s| {AUXILIARY}))\b", re.I)
NODS = word_list("nods")
NOUN_LIMIT, LIST_LIMIT = 7, 16
WANTS = re.compile(
    r"\bi(?:'d| would| want| need)(?: (?:like|love|want|need|appreciate))?"
    r"(?: to (?:know|ask|see|understand|hear|rule out|compare)\b|"
    r" (?:the|a|an|some|any|one|two|three|more|data|facts|numbers|figures)\b(?!.*\bto\b)|"
    r" (?:be glad|be curious|check)\b|(?<=need) (?!to\b)\w+|"
    r" (?:start|begin) with (?:who|what|which|how|why|when|where|whether)\b)"
    r"|\b(?:i'm|i am|we are|we're) (?:after|curious|interested|wondering|not sure)\b"
    r"|\bwould (?:help|interest|be (?:nice|great|good|useful|helpful))\b|\bkindly\b"
    r"|\bcorrect me\b|\b(?:let's|let us|let me) (?:talk|look at|start|discuss)\b"
    r"|\b(?:wonder|wondering)\b|\bplease\b|\b(?:pls|plz)\b|\b(?:tell|give|show|remind) me\b",
    re.I,
)
# "..., how common is that" asks, whatever stands before.
CLAUSE = re.compile(
    rf"[,)] (?:how|what|when|where|why)(?:'s| (?:\w+ ){{0,3}}{AUXILIARY})\b"
    rf"|[,)] {AUXILIARY} (?:i|we|you|they|he|she|it|there|this|that|the|their|people)\b",
    re.I,
)
LISTED = re.compile(r",|\+|\band\b", re.I)
ACTS = re.compile(r"\b(?:i|we|you|they|it|them|he|she|when|if|while|as|although)\b", re.I)
REASONS = re.compile(r"\b(?:because|therefore|so that|so i|so we)\b", re.I)
LONG_MESSAGE = 60
FRAGMENTS = 2
LONG_QUESTION = 24
STATES = re.compile(
    r"\b(?:is|are|was|were|will|would|should|choose|chose|want|need|think|assume|focus|can't|have|"
    r"has|because|thanks|thank)\b",
    re.I,
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of the message; `start` and `end` are code points into it."""

    text: str
    start: int
    end: int
    asks: bool


def strip_lead(text: str) -> str:
    """The sentence without 'ok, and also' and the like before its matter."""
    rest = LEAD.sub("", text.strip(), count=1).strip()
    return rest or text.strip()


def _asks(text: str) -> bool:
    stripped = text.rstrip()
    if stripped.endswith("?"):
        return True
    matter = strip_lead(stripped.rstrip(".!;"))
    count = len(matter.split())
    if WANTS.search(matter) and not REASONS.search(matter):
        return True
    if CLAUSE.search(matter) and count <= LONG_QUESTION:
        return True
    if OWN.match(matter) and not ASKS_WHEN.match(matter):
        return False
    if ASKS.search(matter):
        return count <= LONG_QUESTION
    return False


def _is_topic(text: str) -> bool:
    """A bare topic, as in "conversion rate and adoption rate please", asks for it."""
    matter = strip_lead(text.rstrip(" .!;"))
    limit = LIST_LIMIT if LISTED.search(matter) and not ACTS.search(matter) else NOUN_LIMIT
    short = 0 < len(matter.split()) <= limit
    return short and not STATES.search(matter) and not _is_thanks(text)


def _is_thanks(text: str) -> bool:
    words = re.findall(r"[a-z']+", text.lower())
    return all(word in NODS for word in words)


def sentences(message: str) -> tuple[Sentence, ...]:
    """Sentences in order. In long prose only what ends in a question mark asks."""
    found = []
    for match in END.finditer(message):
        raw = match.group()
        text = raw.strip()
        if not text:
            continue
        start = match.start() + raw.index(text[0])
        found.append(Sentence(text, start, start + len(text), _asks(text)))
    if len(message.split()) > LONG_MESSAGE:
        return _as_prose(found)
    if len(found) <= FRAGMENTS and all(_is_topic(s.text) for s in found):
        return tuple(replace(s, asks=True) for s in found)
    return tuple(found)


def _as_prose(found: list[Sentence]) -> tuple[Sentence, ...]:
    """An answer that a student writes down here may hold rhetorical questions: they ask nothing."""
    marked = [s for s in found if s.text.endswith("?")]
    mostly_questions = len(marked) * 2 >= len(found)
    return tuple(replace(s, asks=mostly_questions and s.text.endswith("?")) for s in found)
