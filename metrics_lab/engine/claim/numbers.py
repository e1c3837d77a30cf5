"""Find every number of a text: figures, words, fractions, "one in nine", "doubles"."""

import re
from collections.abc import Callable, Sequence
from itertools import chain
from typing import NamedTuple

from metrics_lab.engine.claim import lexicon as words

MAX_DIGITS = 30
"""A longer row of digits is no figure of a business, and its powers overflow."""
MAX_NUMBERS = 300
"""More than a thousand words of an answer hold."""


class Number(NamedTuple):
    """One number as written.

    `value` is in percent for kinds "percent" and "points", a factor for "ratio", else plain.
    `half` is half a unit of the last digit written, `strict` the same with trailing zeros
    counted as digits; both are 0 for words. Offsets are code points into the text.
    """

    value: float
    kind: str
    half: float
    strict: float
    start: int
    end: int
    about: bool = False
    bound: str = ""
    negated: bool = False
    currency: str = ""
    time: str = ""
    inner: str = ""

    @property
    def share(self) -> float:
        """Return the value with a percentage turned into a share of 1."""
        return self.value / 100 if self.kind in ("percent", "points") else self.value


def _figure_pattern(apart: str) -> re.Pattern[str]:
    """Return the pattern of a figure; `apart` is a further way to write its scale."""
    return re.compile(
        r"(?=[+−€$£UEG.\d-]|\s[.\d])"  # what it can begin with, so most places are passed over
        rf"(?P<plus>(?<![\w.,])[+−-])?(?P<before>{words.CURRENCY_BEFORE})?\s?"
        r"(?<![\w.,])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}|"
        r"\d{1,3}(?:['’ ]\d{3})+|"
        r"\d+[.,]\d+|\.\d+|\d+)"
        rf"(?P<scale>\s?(?:{words.SCALE_WORDS})\b|(?:{words.SCALE_LETTERS})(?![A-Za-z]){apart})?"
        rf"(?P<after>\s?-?(?:{words.UNIT_AFTER}))?"
    )


_FIGURE = _figure_pattern("")
# "40 m" is metres or minutes by itself, and millions in a text that writes millions elsewhere.
_FIGURE_BY_MILLIONS = _figure_pattern(
    r"|\s[mM](?![\w'’²³])(?!\s+(?:away|off|apart|long|wide|high|deep|walk|radius|distance|from|"
    r"to(?!\s+[€$£]?\d)|around|\d+\s*s\b))"
)
_MILLIONS = re.compile(r"\bmillions?\b|\d(?:M|mn|mio)\b|[€$£]\s?\d[\d.,]*\s?[mM]\b")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])\d+,\d{1,2}(?![\d,.]*\d)")
_WORDS = re.compile(
    rf"\b(?P<words>(?:{words.NUMBER_WORDS})(?:(?:[\s-]+(?:and\s+)?)(?:{words.NUMBER_WORDS}))*)\b"
    r"(?P<half>\s+and\s+(?:a|one)\s+(?:half|quarter))?"
    rf"(?P<after>[\s-]+(?:{words.UNIT_AFTER}))?",
    re.IGNORECASE,
)
_ONE_POINT = re.compile(
    r"\b(?:one|another|an?)\s+(?:(?:more|extra|additional|full|single|whole)\s+)*"
    r"(?:percentage\s+)?point\b(?!\s+(?:is|that|out))",
    re.IGNORECASE,
)
_HALF_POINT = re.compile(
    r"\bhalf\s+an?\s+(?:percentage\s+)?(?P<what>point|percent|million|billion)\b"
    r"(?:\s+(?P<money>euros?|dollars?|pounds?)\b)?",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    rf"\b(?:(?P<top>a|one|two|three|four|five)[\s-]+)?(?P<part>{words.FRACTIONS})s?\b"
    r"(?=\s+(?:more|less|fewer|higher|lower|bigger|larger|smaller|of|as|the|again|up|down|better|"
    r"above|below|our|that|what|its))",
    re.IGNORECASE,
)
_ONE_IN = re.compile(
    rf"(?<![\d.,€$£])\b(?P<top>{words.NUMBER_WORDS}|\d+)(?P<inner>\s+[a-z]+(?:\s+[a-z]+)?)?\s+"
    rf"(?:in|out\s+of|of(?=\s+(?:(?:every|each|an?)\s|10{{1,3}}\b))|for|per)\s+(?:every\s+|each\s+|an?\s+)?"
    rf"(?P<bottom>(?:\d{{1,3}}(?:,\d{{3}})+|{words.NUMBER_WORDS}|\d+)(?:\s+hundred)?)\b"
    r"(?![.,]\d|\s*(?:%|percent|thousand|million|billion|day|week|month|quarter|year|each))",
    re.IGNORECASE,
)
# "every 40th account", "each tenth order"
_EVERY_NTH = re.compile(
    rf"\b(?:every|each)\s+(?:(?P<digits>\d+)(?:st|nd|rd|th)|(?P<word>{words.ORDINALS}))\b"
    r"(?!\s+(?:second|minute|hour|day|week|month|quarter|year|time))",
    re.IGNORECASE,
)
# "a dollar on the price", "one euro more": one unit of money as a step
_ONE_UNIT = re.compile(
    rf"\b(?:an?|one|each|every)\s+(?:(?:more|extra|additional)\s+)?(?P<money>{words.ONE_MONEY})"
    r"(?:(?=\s+(?:on|onto|more|less|off|up|down|added|extra|higher|lower)\b)"
    r"|(?<=\bby a dollar)|(?<=\bby a euro)|(?<=\bby a pound))\b",
    re.IGNORECASE,
)
_MULTIPLE = re.compile(rf"\b(?P<verb>{'|'.join(words.MULTIPLES)})\b", re.IGNORECASE)
_COMPARING = re.compile(
    r"\s*(?:as|more|higher|bigger|larger|greater|better|the|what|our|today|lower|less|fewer)\b",
    re.I,
)
_ABOUT = re.compile(rf"(?:{words.ABOUT})\s*(?:an?|the|of|just|by)?\s*$", re.IGNORECASE)
# "three quarters", whatever follows; but "in three quarters" is a time.
_FRACTIONS = re.compile(
    rf"(?<!\bin )(?<!\bwithin )(?<!\bnext )(?<!\blast )(?<!\bafter )(?<!\bfor )"
    rf"\b(?P<top>two|three|four|five|six|seven|eight|nine)[\s-]+(?P<part>{words.FRACTIONS})s\b"
    r"(?!\s+of\s+an?\s+(?:second|minute|hour|day|week|month|year)\b)",
    re.IGNORECASE,
)
# "make up more than a third." closes a sentence; "in a quarter." is a time.
_FRACTION_LAST = re.compile(
    r"(?:(?<=\bis )|(?<=\bby )|(?<=\bthan )|(?<=\babout )|(?<=\bup )|(?<=\bto )|"
    r"(?<=\bnearly )|(?<=\balmost )|(?<=\bgrows )|(?<=\brises )|(?<=\bfalls )|(?<=\bdrops ))"
    rf"(?:(?P<top>a|one)\s+)?(?P<part>{words.FRACTIONS})\b"
    r"(?=\s*(?:[.,;:!?)]|$)|\s+(?:while|when|and|if|then|so|but|because)\b)",
    re.IGNORECASE,
)
_ANY_FRACTION = (_FRACTION, _FRACTIONS, _FRACTION_LAST)
_NOT_COUNTED = re.compile(
    rf"(?:second|minute|hour|day|week|month|quarter|year|percent|point|{words.ONE_MONEY})", re.I
)
_BETWEEN = re.compile(r"\b(?:between|anywhere\s+from|somewhere\s+from)\s*(?:about\s+)?$", re.I)
_LINK = r"\s*(?:than\s+)?(?:the|an?|our|about|some)?\s*$"
_OVER = re.compile(rf"(?:{words.OVER}){_LINK}", re.IGNORECASE)
_UNDER = re.compile(rf"(?:{words.UNDER}){_LINK}", re.IGNORECASE)
_NOT = re.compile(
    r"(?:\bnot|\binstead\s+of|\brather\s+than|n['’]t|\bnever)\s+(?:an?|the|by|about|merely)?\s*$",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"^[\s-]*(?:full\s+|calendar\s+)?(second|minute|hour|day|week|month|quarter|year)s?\b", re.I
)
_EFFORT = re.compile(
    r"^[\s-]*(?:person|man|engineer|developer|staff)[\s-]?(?:day|week|month)s?\b", re.I
)
_OR_SO = re.compile(r"\s+or\s+so\b")
_DIGIT = re.compile(r"\d")
_FACTOR = re.compile(r"\s*[\d€$£(]")
_APART = re.compile(r"['’ ]")
_DOT_OF_THOUSANDS = re.compile(r"\d{1,3}\.\d{3}")
_COMMAS_OF_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DOTS_OF_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}")
_SPACES = re.compile(r"^-|\s+")
_LETTERS = re.compile(r"[a-z]+")
# Words of which one has to stand in a text (or before a number) for a pattern to match at all.
_NUMBER_PARTS = words.needed(words.NUMBER_WORDS.split("|"))
_OVER_PARTS = ("more", "over", "least", "above", "exceed", "less")
_UNDER_PARTS = ("less", "fewer", "under", "below", "most", "up", "more", "even")
_ABOUT_PARTS = (
    "about", "roughly", "around", "approx", "ca", "some", "nearly", "almost", "close", "shy",
    "short", "~", "≈",
)  # fmt: skip
_NOT_PARTS = ("not", "instead", "rather", "n't", "n’t", "never")


def find_numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of a text in order; longer readings win where two overlap.

    At most ``MAX_NUMBERS``: the checks compare numbers with each other.
    """
    found: list[Number] = []
    low = words.lowered(text)
    for finder, parts in _FINDERS:
        if parts and not words.has_any(low, parts):
            continue
        for number in finder(text):
            if len(found) == MAX_NUMBERS:
                break
            if all(number.end <= other.start or number.start >= other.end for other in found):
                found.append(_in_context(number, text))
    return _ranges(sorted(found, key=lambda number: number.start), text)


def _ranges(numbers: Sequence[Number], text: str) -> tuple[Number, ...]:
    """Return the numbers with each "between A and B" as one: its middle, give or take half of it.

    What lies in the range is then right by the range's own width.
    """
    kept: list[Number] = []
    for number in numbers:
        last = kept[-1] if kept else None
        if last is not None and _is_range(last, number, text):
            kept[-1] = _range(last, number)
        else:
            kept.append(number)
    return tuple(kept)


def _is_range(one: Number, other: Number, text: str) -> bool:
    like = len({one.kind, other.kind} - {"count"}) <= 1 and {one.kind, other.kind} != {"ratio"}
    between = text[one.end : other.start].strip().lower()
    opened = _BETWEEN.search(text[max(0, one.start - 24) : one.start])
    return like and between in ("and", "to", "-", "–") and bool(opened) and one.value < other.value


def _range(one: Number, other: Number) -> Number:
    named = one if other.kind == "count" else other
    scale = 1000.0 if one.kind == "count" and other.value / max(one.value, 1e-9) >= 1000 else 1.0
    low, high = one.value * scale, other.value
    wide = (high - low) / 2
    return other._replace(
        value=(low + high) / 2, kind=named.kind, currency=one.currency or other.currency,
        half=wide + other.strict, strict=wide + other.strict, start=one.start, bound="",
        about=one.about or other.about,
    )  # fmt: skip


def _figures(text: str) -> list[Number]:
    if not _DIGIT.search(text):
        return []
    european = "," in text and bool(_DECIMAL_COMMA.search(text))
    pattern = _FIGURE_BY_MILLIONS if _MILLIONS.search(text) else _FIGURE
    found = (_figure(match, text, european) for match in pattern.finditer(text))
    return [number for number in found if number is not None]


def _figure(match: re.Match[str], text: str, european: bool) -> Number | None:
    if len(match["digits"]) > MAX_DIGITS:
        return None
    value, decimals, zeros = _read(match["digits"], european)
    scale = words.SCALES.get((match["scale"] or "").strip().lower(), 1.0)
    after, before = (match["after"] or "").strip().lower(), (match["before"] or "").strip().lower()
    end = match.end()
    if after in ("x", "times") and _FACTOR.match(text, end):
        end, after = match.end() - len(match["after"] or ""), ""
    if after == "times" and not _COMPARING.match(text[end:]):
        after = ""  # "6 times a month" counts, "6 times as many" compares
    kind, factor, currency = _unit(after, before)
    start = match.start("before") if before else match.start("digits")
    start = match.start("plus") if match["plus"] else start
    sign = -1.0 if (match["plus"] or "") in ("-", "−") else 1.0
    unit = 10.0**-decimals if decimals else 1.0
    half = 0.5 * scale * factor * (unit if decimals else 10.0**zeros)
    strict = 0.5 * scale * factor * unit
    return Number(sign * value * scale * factor, kind, half, strict, start, end, currency=currency)


def _read(digits: str, european: bool = False) -> tuple[float, int, int]:
    """Return (value, decimals written, trailing zeros of an integer).

    In a `european` text, which writes "2,5", a "65.000" is sixty-five thousand.
    """
    if digits.isdecimal():
        return float(digits), 0, _zeros(digits)
    plain = _APART.sub("", digits)
    if european and _DOT_OF_THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "")
    if _COMMAS_OF_THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif _DOTS_OF_THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".")
    decimals = len(plain.partition(".")[2])
    return float(plain), decimals, 0 if decimals else _zeros(plain)


def _zeros(plain: str) -> int:
    """Return how many zeros end an integer; a row of nothing else has none."""
    return len(plain) - len(plain.rstrip("0")) if plain.strip("0") else 0


def _unit(after: str, before: str = "") -> tuple[str, float, str]:
    """Return (kind, factor, currency) of what stands around the digits."""
    if after:
        after = _SPACES.sub(lambda m: " " if m[0].strip() == "" else "", after)
    if after in words.PERCENT_WORDS:
        return "percent", 1.0, ""
    if after in words.BASIS_POINTS:
        return "points", 0.01, ""
    if after in words.POINT_WORDS:
        return "points", 1.0, ""
    if after in ("x", "times", "fold", "-fold"):
        return "ratio", 1.0, ""
    if after in words.HUNDREDTHS and not before:
        return "money", 0.01, ""
    currency = words.CURRENCIES.get(before) or words.CURRENCIES.get(after, "")
    return ("money" if currency else "count"), 1.0, currency


def _word_numbers(text: str) -> list[Number]:
    found = []
    for match in _WORDS.finditer(text):
        value = _spoken(match["words"])
        extra = 0.5 if match["half"] and "half" in match["half"] else 0.25 if match["half"] else 0
        after = (match["after"] or "").strip().lower()
        lone = match["words"].lower() in ("one", "a", "hundred", "thousand") and not match["half"]
        if lone and not after:
            continue
        end = match.end()
        if after in ("x", "times") and _FACTOR.match(text, end):
            end, after = end - len(match["after"]), ""
        if after == "times" and not _COMPARING.match(text[end:]):
            after = ""
        kind, factor, currency = _unit(after)
        number = (value + extra) * factor
        found.append(Number(number, kind, 0, 0, match.start(), end, currency=currency))
    return found


def _spoken(phrase: str) -> float:
    total, current = 0.0, 0.0
    for word in _LETTERS.findall(phrase.lower()):
        if word == "hundred":
            current = (current or 1) * 100
        elif word in words.SCALES and words.SCALES[word] >= 1000:
            total, current = total + (current or 1) * words.SCALES[word], 0
        else:
            current += words.NUMBERS.get(word, 0)
    return total + current


def _points(text: str) -> list[Number]:
    ones = [Number(1, "points", 0, 0, m.start(), m.end()) for m in _ONE_POINT.finditer(text)]
    halves = []
    for match in _HALF_POINT.finditer(text):
        what = match["what"].lower()
        scale = words.SCALES.get(what, 1.0)
        kind = {"point": "points", "percent": "percent"}.get(what, "count")
        currency = words.CURRENCIES.get((match["money"] or "").lower(), "")
        kind = "money" if currency else kind
        place = (match.start(), match.end())
        halves.append(Number(0.5 * scale, kind, 0, 0, *place, currency=currency))
    return ones + halves


def _fractions(text: str) -> list[Number]:
    found: list[Number] = []
    for match in chain.from_iterable(one.finditer(text) for one in _ANY_FRACTION):
        top = words.NUMBERS.get((match["top"] or "one").lower(), 1)
        share = 100 * top / words.PARTS[match["part"].lower()]
        after = text[match.end() :].lstrip().lower()
        kind = "ratio" if after.startswith("as ") else "percent"
        value = share / 100 if kind == "ratio" else share
        found.append(Number(value, kind, 0, 0, match.start(), match.end()))
    return found


def _ones_in(text: str) -> list[Number]:
    found = []
    for match in _ONE_IN.finditer(text):
        top, bottom = _spoken_or_digits(match["top"]), _spoken_or_digits(match["bottom"])
        inner = (match["inner"] or "").strip().lower()
        if top < bottom and not _NOT_COUNTED.match(inner):
            share = 100 * top / bottom
            found.append(Number(share, "percent", 0, 0, match.start(), match.end(), inner=inner))
    return found


def _spoken_or_digits(text: str) -> float:
    digits = text.replace(",", "")
    return float(digits) if digits.isdigit() else _spoken(text)


def _every_nth(text: str) -> list[Number]:
    found = []
    for match in _EVERY_NTH.finditer(text):
        count = float(match["digits"] or 0) or words.NTH[match["word"].lower()]
        if count > 1:
            found.append(Number(100 / count, "percent", 0, 0, match.start(), match.end()))
    return found


def _one_units(text: str) -> list[Number]:
    found = []
    for match in _ONE_UNIT.finditer(text):
        word = match["money"].lower()
        value = words.SMALL_MONEY.get(word, 1.0)
        currency = words.CURRENCIES.get(word, "")
        found.append(Number(value, "money", 0, 0, match.start(), match.end(), currency=currency))
    return found


def _multiples(text: str) -> list[Number]:
    return [
        Number(words.MULTIPLES[m["verb"].lower()], "ratio", 0, 0, m.start(), m.end())
        for m in _MULTIPLE.finditer(text)
    ]


def _in_context(number: Number, text: str) -> Number:
    """Return the number with what the words around it say about it."""
    before, after = text[max(0, number.start - 40) : number.start], text[number.end :]
    low = words.lowered(before)
    bound = ">" if words.has_any(low, _OVER_PARTS) and _OVER.search(before) else ""
    if not bound and words.has_any(low, _UNDER_PARTS) and _UNDER.search(before):
        bound = "<"
    about = words.has_any(low, _ABOUT_PARTS) and bool(_ABOUT.search(before))
    negated = words.has_any(low, _NOT_PARTS) and bool(_NOT.search(before))
    time = ""
    if number.kind == "count":
        unit = _TIME.match(after)
        time = "effort" if _EFFORT.match(after) else unit[1].lower() if unit else ""
    return Number(
        number.value, number.kind, number.half, number.strict, number.start, number.end,
        about or bool(_OR_SO.match(after)),
        bound, negated, number.currency, time, number.inner,
    )  # fmt: skip


# Each way to write a number, with the parts of which its pattern needs one.
_FINDERS: tuple[tuple[Callable[[str], list[Number]], tuple[str, ...]], ...] = (
    (_ones_in, ("in", "of", "for", "per")),
    (_every_nth, ("every", "each")),
    (_one_units, tuple(words.ONE_MONEY.split("|"))),
    (_points, ("point", "half")),
    (_fractions, words.needed(words.PARTS)),
    (_multiples, words.needed(words.MULTIPLES)),
    (_figures, ()),
    (_word_numbers, _NUMBER_PARTS),
)
