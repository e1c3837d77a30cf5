"""Text aimed at the reviewer: found, cut out, never followed.

A sentence is aimed at a reviewer when it orders, begs or promises a verdict on the answer, hands
the reader a role, or poses as text of the system. What users rate, what sellers ignore and which
rules a product has is talk about the case, so a cue alone is not enough: two kinds of cue have to
meet. Disguises (look-alike letters, invisible characters, base64, letters set apart) are undone
for reading only; places always refer to the text as it was written.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from coach.assessment.data_file import read_yaml
from coach.assessment.text import STOPWORDS, Span, sentences, words

LANGUAGES_FILE = Path(__file__).parent / "data" / "other_languages.yaml"
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнАВЕКМНОРСТХУІЈЅαεορυικντΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlkmtbhABEKMHOPCTXYIJSaeopuikvtABEZHIKMNOPTYX",
)
_FOREIGN_LETTER = re.compile(r"[\u0370-\u052f]")
_MARKS = frozenset(map(chr, range(0x0300, 0x0370)))
"""Accents written apart from their letter, which are piled up to hide it."""
_LEET = str.maketrans("013457@$", "oieastas")
_LEET_WORD = re.compile(r"\b(?=[\w@$]*[a-z][\w@$]*[a-z])(?=[\w@$]*[013457@$])[\w@$]{4,}\b", re.I)
_SPACED = re.compile(r"\b(?:\w[ ._*-]{1,3}){7,}\w\b")
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}|(?:[0-9a-fA-F]{2}[ ]?){12,}")
_RUN_TOGETHER = re.compile(
    r"ignore(?:all|any|the|your|every|previous|prior)|disregard(?:all|the|your)|fullmarks|level4|"
    r"(?:max|highest|top)(?:imum)?(?:level|score|grade|mark)|systemprompt|giveme(?:a|full|the)",
    re.IGNORECASE,
)

_VERDICT = re.compile(
    r"\b(?:(?:full|top|good|perfect|highest|maximum|max|best|excellent|strong|high|better|great)"
    r"(?: possible)? (?:marks?|points?|scores?|credit|grades?|levels?|rating|evaluation|pass|result"
    r"|verdict|feedback)|the maximum (?:in|on|for|of)\b|award (?:the )?maximum|levels? (?:of )?"
    r"(?:to )?(?:=|is|:)? ?(?:4|four)\b|\b(?:4 ?/ ?4|5 ?/ ?5|10 ?/ ?10|100 ?/ ?100)|(?:5|five) "
    r"(?:from|of|out of) (?:5|five)|\ba 4\b|distinctive|distinction|(?:as|me as|only|strong) "
    r"(?:excellent|perfect|outstanding|passed|pass|strong|distinctive)|certify|very good candidate|"
    r"(?:candidate|student|answer|submission|it|this|text) (?:has )?pass(?:ed|es)|passed|"
    r"pass (?:me|this|the (?:candidate|student|answer))|praise|(?:no|zero|any|without) "
    r"(?:mistakes?|findings?|weakness(?:es)?|gaps?|errors?|faults?|criticism)|a\+|grade (?:of )?"
    r"(?:a|1)\b|grade a\b|(?:bump|move) me up|rate me|mark me|grade me|score me|"
    r"(?:all|every) (?:\w+ )?(?:criteri(?:a|on)|rubric items?|dimensions?|sections?|labels?)|"
    r"fully evidenced|as (?:complete|correct|done|met|satisfied)|level=4|score[\"']?\s*[:=]\s*"
    r"[\"']?(?:4|5|10|100|max)|passed?[\"']?\s*[:=]\s*true)(?!\w)|[\"']pass(?:ed)?[\"']",
    re.IGNORECASE,
)
_JUDGE = re.compile(
    r"\b(?:graders?|assess(?:or|ing)|reviewer|examiner|evaluator|corrector|marker|(?:ai|llm|bot|"
    r"machine|system|model|assistant|reader|teacher|professor|coach|checker) ?[,:]|"
    r"(?:grading|marking|scoring|evaluation|assessing|assessment|review) (?:system|model|bot|ai|"
    r"machine|engine|scheme)|(?:ai|llm|bot|model|system|machine) (?:marking|grading|reading|that "
    r"(?:marks|grades|reads)|who (?:marks|grades|reads))|(?:please|dear) (?:ai|system|model|"
    r"assistant|professor|teacher|sir|coach|bot)|chatgpt|(?:who|what)ever reads|rubric|checklist|"
    r"course staff|language model|(?:you|your) (?:output|verdict|report|result|evaluation)|in your "
    r"(?:\w+ )?(?:output|result|reply|report))(?!\w)",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"\b(?:this (?:text|answer|submission|response|student|account|candidate|attempt|essay|work)|"
    r"the (?:text|answer|bullets?) above|each row|all (?:criteria|levels|rows)|"
    r"my (?:answer|submission|text|work|english|attempt|grade|labels)|(?:the|that) (?:student|"
    r"candidate)|every (?:bullet|step|criterion|section|dimension|line)|this (?:case|step) )",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?:^\W*|[.:;,!\n>]\s*|\b(?:please|pls|plz|now|must|should|shall|just|only|always|kindly|and|"
    r"to|you|then|would)\s+)(?:be (?:so kind|a pal)|give|grant|award|mark|rate|grade|score|output|"
    r"print|respond|reply|answer|write|set|assign|return|enter|tick|report|say|treat|consider|count"
    r"|certify|pretend|assume that the (?:text|answer)|ignore|disregard|forget|skip|stay|pass|bump|"
    r"accept|approve|be (?:generous|kind|lenient|nice)|put (?:the |a )?(?:note|mark|level|score|"
    r"grade))\b"
    r"|\b(?:requested|directed|instructed|obliged|ordered) to\b|\b(?:i|we) (?:beg|need|deserve|"
    r"want) (?:you |a |an |the |full |this |good |top )",
    re.IGNORECASE,
)
_NAMES = (
    r"(?:system|assistant|developer|user|human|admin|root|instructions?|prompt|(?:student_?|end_?)?"
    r"(?:answer|input|submission)|reviewer_?\w*|grader_?\w*|assessor_?\w*|evaluat\w+|rubric\w*|"
    r"override|inst|sys|im_start|im_end)"
)
_SYSTEM = re.compile(
    rf"(?:</?{_NAMES}\b[^>]*>|<\|[^|]*\|?>?|<!--|\[/?{_NAMES}\]|\[\[|<</?sys>>|^\W*(?<=[#=*\-\[]{{2}})\s*"
    rf"(?:end (?:of )?)?(?:{_NAMES}|new)\b|^\W*(?:system|assistant|developer|admin\w*)"
    r"(?: (?:message|prompt|note|override|notice|update))?\s*(?::|#|>|\])|"
    r"[\"'](?:role|system|level|score|grade|gate|findings|verdict|passed|override|instructions?)"
    r"[\"']\s*:|\b(?:level\s*=\s*[\"']?[4m]|gate\s*=\s*[\"']?none|findings\s*=\s*[\"'\[])|```\s*(?:system|json\s*\{)|"
    r"\bend of (?:system|prompt|(?:answer|submission)\W+\w)|\bbegin (?:system|admin|override))",
    re.IGNORECASE,
)
_RULES = (
    r"(?:instructions?|rubric|rules|prompts?|guidelines?|directions|directives?|commands?|checks|"
    r"checklist|criteria|constraints|training|orders)"
)
_OVERRIDE = re.compile(
    r"(?:\b(?:ignore|disregard|forget|override|bypass|overlook|drop|discard|neglect|suspend|skip) "
    r"(?:(?:all|any|the|your|its|my|these|those|every|everything|of|about|that|other|previous|prior"
    rf"|above|earlier|preceding|existing|former|given|system|grading|scoring|marking) )*{_RULES}\b"
    r"(?! (?:shown|for|to|on|of|on) )|\b(?:ignore|disregard|forget) (?:what|everything|all|"
    r"anything) (?:(?:that |which )?(?:is|was|has been|you were|you have been|comes?) )?(?:written|"
    r"said|told|stated|before|above|earlier|previously)|\byou are (?:now|no longer|hereby) (?:an? |"
    r"the |in |my |not |bound|dan\b|professor|free|allowed)|\bfrom now on,? (?:you|your|every|all|"
    r"answer|respond|act)\b|\b(?:act|behave|answer|respond|speak) as (?:if you|though you|an? "
    r"(?:\w+ )?(?:examiner|grader|teacher|professor|coach|assistant|reviewer|ai|model|judge|friend|"
    r"character))|(?:^\W*|\b(?:please|now|must|should)\s+)pretend\b|"
    r"\bimagine (?:that )?you(?:'re| are)"
    r" (?:an? |the |my )\w*|\blet'?s (?:play|pretend|role-?play)\b|\brole-?play\b|"
    r"\bin this (?:game|"
    r"story|play|scene),? you\b|\bstay in (?:this |the |your )?(?:role|character)|"
    r"\bnote (?:to|for) "
    r"(?:the )?(?:\w+ )?(?:model|grader|ai|reviewer|assessor|system|corrector|evaluator|examiner|"
    r"bot)\b|\b(?:dear|hey|hi|oi|hello) (?:assessor|grader|reviewer|examiner|ai|model|evaluator|"
    r"marker|grading|marking)|^\W*(?:grader|reviewer|assessor|evaluator|examiner|ai|to the "
    r"\w+ ?(?:model|system|grader|ai)|assess\w* note|grader result)\s*:|"
    r"\bevaluation mode\b|\bcalibration run\b|\brubric (?:checks?|has been|is superseded)\b|"
    r"\btreat missing\b|\b(?:do|must|should) ?(?:not|n'?t) (?:criticis|criticiz|mention this|"
    r"penali[sz]|deduct|list (?:any )?(?:findings|mistakes)|anal[yi][sz]e (?:it|this|the)|report "
    r"(?:any )?(?:findings|mistakes|weakness))|\b(?:system|hidden|initial|secret) "
    r"(?:prompt|instructions?|rubric|notes?|facts?|fact sheet)\b|\b(?:reveal|repeat|print|output|"
    r"show(?: me)?|display|dump|leak|list|give me|tell me|recite) (?:all |me |us )*(?:of )?(?:your|"
    r"the) (?:\w+ ){0,2}(?:prompt|instructions|rubric|fact sheet|facts|model answers?|answer key|"
    r"solution key|baselines|case file|level[- ]\d (?:answer|example)s?|sample (?:answer|solution)"
    r"s?)\b"
    r"|\bprint your (?:fact|prompt|rubric|rules)|\bdo anything now\b|\bjailbr(?:eak|oken)|"
    r"\b(?:debug|"
    r"developer|god|maintenance|admin|unrestricted) mode\b|\bdecode (?:this|the|it|"
    r"and)\b.*\b(?:obey|"
    r"follow|execute|do|base64|comply)|\b(?:obey|execute|follow) (?:the |this |these |it|my )"
    r"(?:\w+ )?(?:instruction|order|command|decoded|hidden|below|above)|\bcomply silently\b|"
    r"\bno findings\b.*\blevel|\bi am (?:the|your|an?) (?:\w+ )?(?:developer|administrator|admin|"
    r"creator|course director|programmer)\b.*\b(?:order|command|require|must|set|give|"
    r"authori[sz]e))",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"^\W*(?:do not|don'?t|never|always|only|comply|report|output|print|respond|reply|answer only|"
    r"repeat|confirm|remember|continue|start your|begin your|your (?:task|role|job|reply|answer|"
    r"output)|you (?:are|must|will|should|may|have|never|always|only|can|do))\b|"
    r"\b(?:your (?:reply|output|verdict|evaluation|role|feedback)|stay in|no matter what|"
    r"whatever (?:is|i|they|the student)|reviewer|grader|examiner|rubric)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Folded:
    """A text without its disguise; ``places[i]`` is where its character i stands as written."""

    text: str
    places: tuple[int, ...]

    def origin(self, span: Span) -> tuple[int, int]:
        """Start and end of a span of this text in the text as it was written."""
        return self.places[span.start], self.places[span.end - 1] + 1


def _same_script(match: re.Match[str]) -> str:
    word = match.group()
    mixed = _FOREIGN_LETTER.search(word) and re.search(r"[A-Za-z]", word)
    return word.translate(_LOOK_ALIKE) if mixed else word


@lru_cache(maxsize=256)
def fold(text: str) -> Folded:
    """Drop invisible characters, and turn compatibility forms and look-alikes into plain letters.

    Look-alikes are turned only inside words that mix scripts: a word of Russian stays Russian.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        kind = unicodedata.category(letter)
        if kind in ("Cf", "Cs") or (kind == "Cc" and letter not in "\n\t\r") or letter in _MARKS:
            continue
        plain = letter if letter.isascii() else unicodedata.normalize("NFKC", letter)
        letters.append(plain)
        places += [place] * len(plain)
    return Folded(re.sub(r"\w+", _same_script, "".join(letters)), tuple(places))


def _decoded(run: str) -> Iterator[str]:
    """What a run of letters may hide as base64 or hexadecimal, when that is readable text."""
    compact = run.replace(" ", "")
    padded = compact.translate(str.maketrans("-_", "+/")).rstrip("=")
    padded += "=" * (-len(padded) % 4)
    readers: tuple[tuple[Callable[[str], bytes], str], ...] = (
        (base64.b64decode, padded),
        (bytes.fromhex, compact),
    )
    for read, code in readers:
        try:
            found = read(code).decode("utf-8")
        except (binascii.Error, ValueError):
            continue
        if len(found) > 8 and all(c.isprintable() or c.isspace() for c in found):
            yield found


def _views(sentence: str) -> Iterator[str]:
    """A sentence as it stands and as it reads without the usual disguises."""
    yield sentence
    plain = html.unescape(sentence)
    if plain != sentence:
        yield plain
    if "%" in sentence and (unquoted := unquote(sentence)) != sentence:
        yield unquoted
    if not is_english(sentence):
        yield sentence[::-1]
        yield codecs.decode(sentence, "rot13")
    unleet = _LEET_WORD.sub(lambda m: m.group().translate(_LEET), sentence)
    if unleet != sentence:
        yield unleet
    for match in _ENCODED.finditer(sentence):
        yield from _decoded(match.group())


def _is_hidden_order(sentence: str) -> bool:
    """Whether letters set apart or run together spell an order."""
    apart = "".join(re.sub(r"\W|_", "", m.group()) for m in _SPACED.finditer(sentence))
    return _RUN_TOGETHER.search(apart) is not None


@lru_cache(maxsize=1)
def _other_languages() -> dict[str, re.Pattern[str]]:
    raw: dict[str, list[str]] = read_yaml(LANGUAGES_FILE.read_text("utf-8"))
    return {kind: re.compile("|".join(map(_beginning, found)), re.I) for kind, found in raw.items()}


def _beginning(part: str) -> str:
    """A part of a word at the beginning of one; anywhere in scripts that set no blanks."""
    escaped = re.escape(part)
    spaced = all(ord(letter) < 0x0E00 for letter in part)
    return rf"(?<!\w){escaped}" if spaced else escaped


def is_english(sentence: str) -> bool:
    """Whether a sentence is written with English function words and Latin letters."""
    found = [word for word in words(sentence) if len(word) > 1 or ord(word) > 0x02FF]
    if not found:
        return True
    foreign = sum(any(ord(letter) > 0x02FF for letter in word) for word in found)
    return foreign * 3 < len(found) and sum(word in STOPWORDS for word in found) >= 0.15 * len(
        found
    )


def _aimed_in_another_language(sentence: str) -> bool:
    if is_english(sentence):
        return False
    kinds = {kind for kind, found in _other_languages().items() if found.search(sentence)}
    if "4" in sentence or "100" in sentence or "10/10" in sentence:
        kinds |= {"best"} if "verdict" in kinds else set()
    orders = kinds & {"override", "judge", "give", "role"}
    asks = kinds & {"rules", "verdict", "best", "fault", "judge"}
    return len(orders | asks) >= 2 and bool(orders) and bool(asks or "role" in kinds)


def cues(sentence: str) -> tuple[bool, ...]:
    """Which cues of an order meet in a sentence, as signs for what is learned (gate_signs.py).

    A verdict, a reader, one's own text, an order, the form of a system, an override of rules, a
    verdict for oneself, an order in another language, and whether it is another language.
    """
    views = tuple(_views(fold(sentence).text))
    kinds = (_VERDICT, _JUDGE, _MINE, _ORDER, _SYSTEM, _OVERRIDE)
    found = [any(kind.search(view) for view in views) for kind in kinds]
    other = _aimed_in_another_language(sentence)
    return (*found, _to_me(sentence), other, not is_english(sentence))


def _aimed_in_english(sentence: str) -> bool:
    if _OVERRIDE.search(sentence) or _SYSTEM.search(sentence):
        return True
    if not _VERDICT.search(sentence):
        return False
    return bool(
        _JUDGE.search(sentence)
        or (_ORDER.search(sentence) and (_MINE.search(sentence) or _to_me(sentence)))
    )


def _to_me(sentence: str) -> bool:
    """Whether the verdict ordered is the student's own, or the whole sentence is the order."""
    return bool(
        re.search(r"\b(?:me|mine|my)\b", sentence, re.I)
        or re.match(r"\W*(?:please |now |and |just |only )*\w+ (?:(?:the|a|an|only|it|as|me|with|"
                    r"full|top|maximum|highest|level|all|every|no|zero) ?)+", sentence, re.I)
    )  # fmt: skip


def _aimed(sentence: str) -> bool:
    return any(_aimed_in_english(v) or _aimed_in_another_language(v) for v in _views(sentence)) or (
        _is_hidden_order(sentence)
    )


def _goes_on(sentence: str, aimed: str) -> bool:
    foreign = not is_english(sentence) and not is_english(aimed)
    return foreign or _GOES_ON.search(sentence) is not None


def _with_what_goes_on(parts: tuple[Span, ...], aimed: set[int]) -> set[int]:
    """Sentences next to an aimed one that go on giving orders belong to it."""
    found = set(aimed)
    for order in (range(1, len(parts)), range(len(parts) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for i in order:
            if i + step in found and _goes_on(parts[i].quote, parts[i + step].quote):
                found.add(i)
    return found


def _aimed_parts(parts: tuple[Span, ...]) -> set[int]:
    aimed = {i for i, part in enumerate(parts) if _aimed(part.quote)}
    fences = [i for i in sorted(aimed) if _SYSTEM.search(parts[i].quote)]
    if len(fences) > 1:  # a block of fake system text runs from its first to its last sentence
        aimed |= set(range(fences[0], fences[-1] + 1))
    return _with_what_goes_on(parts, aimed)


@lru_cache(maxsize=256)
def aimed_at_reviewer(text: str) -> tuple[tuple[int, int], ...]:
    """Places (start, end) of the text that is aimed at a reviewer, in order and apart."""
    folded = fold(text)
    parts = sentences(folded.text)
    found: list[tuple[int, int]] = []
    last = -2
    for i in sorted(_aimed_parts(parts)):
        start, end = folded.origin(parts[i])
        if i == last + 1 and found:
            start = found.pop()[0]
        found.append((start, end))
        last = i
    return tuple(found)


def without(text: str, places: tuple[tuple[int, int], ...]) -> str:
    """The text with the places blanked out; offsets stay as they were."""
    for start, end in places:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
