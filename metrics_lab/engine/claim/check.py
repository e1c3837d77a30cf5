"""Check a text against a case: read it, tell suppositions from claims, judge each claim."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement, statements
from metrics_lab.engine.claim.complete import completed, labelled
from metrics_lab.engine.claim.gate import PLAIN, Judged, Place, earned
from metrics_lab.engine.claim.items import Item, read_items
from metrics_lab.engine.claim.judge import judge_claim, judge_supposition, made
from metrics_lab.engine.claim.levers import (
    Supposed,
    is_plausible,
    moves,
    premise_clauses,
    suppositions,
)
from metrics_lab.engine.claim.lifts import check_lifts
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.numbers import Number, find_numbers
from metrics_lab.engine.claim.parts import as_part, share_named
from metrics_lab.engine.claim.passages import is_told_as_share, plainly_supposed, restated
from metrics_lab.engine.claim.ratio import as_ratio
from metrics_lab.engine.claim.result import ClaimCheck, Source
from metrics_lab.engine.claim.rice_and_samples import (
    check_rice,
    check_sample,
    is_rice,
    is_test,
    says_rice,
)
from metrics_lab.engine.claim.sums import check_sums, find_runs, terms_of
from metrics_lab.engine.claim.tables import check_tables, find_tables
from metrics_lab.engine.claim.uncertain import held_fixed, with_odds
from metrics_lab.engine.wording import format_value

EXPECTING = words.word_set(
    "expect expects expecting target goal aim plan hope will forecast quarter by within reach"
)
LONGEST = 4000
# Another figure was taken: not where the text writes out what it multiplied.
OF_OTHERS = frozenset(["buyers_for_visitors", "spend_per_buyer_for_order_value"])
SCORE = "RICE score"
# Up to so many sentences are one claim; a longer text is an answer with many.
WHOLE = 2
_END = re.compile(
    # the stop first: a pattern that begins with a set of letters is looked for quickly
    r"[.!?](?<!\be\.g[.!?])(?<!\bi\.e[.!?])(?<!\bvs[.!?])(?<!\s\d[.!?])[\"”')]?(?=\s+[\"“(']?[A-Z0-9$€£])"
)
# A new line begins a sentence where it begins a point of a list, a row, or a sentence.
_LINE = re.compile(r"\n+(?=\s*(?:[-*•–|(\"“'A-Z0-9$€£]|[a-h][.)]\s))")
_FILLED = re.compile(r"[^\n]")
_MARK = re.compile(r"\s*[-–•*]\s+")
_ANY_NUMBER = re.compile(
    rf"\d|\b(?:{words.NUMBER_WORDS}|{words.FRACTIONS}|{'|'.join(words.MULTIPLES)})\b", re.I
)


def check(text: str, model: ClaimModel, *, answer: bool = False) -> tuple[ClaimCheck, ...]:
    """Return a check for each claim of the text, in order; empty where it claims nothing.

    A text of one or two sentences is read as a whole, unless it is an `answer` to a step of a
    case. A longer one is read sentence by sentence, and every verdict has to be earned by a plainer
    tie (see `gate` and `passages`): what a number means may have been said before. Only the first
    4,000 characters are read.
    Raises a ModelError for a case that is not sound.
    """
    text = text[:LONGEST]
    found, text = _tabled(text, model)
    parts = sentences(text)
    if len(parts) <= WHOLE and not answer:
        return _in_order((*found, *_read(text, model)))
    earlier: frozenset[str] = frozenset()
    for start, end in parts:
        part = text[start:end]
        if _ANY_NUMBER.search(part):
            for one in _read(part, model, passage=True, earlier=earlier):
                found.append(replace(one, start=one.start + start, end=one.end + start))
                earlier |= {one.symbol} if one.supposed and one.symbol else set()
    found = [one for one in found if not _is_share_again(one, text)]
    held = {one.start for one in found}
    again = (one for one in check_lifts(text, find_numbers(text)) if one.start not in held)
    return _in_order((*found, *again))


def _in_order(found: Iterable[ClaimCheck]) -> tuple[ClaimCheck, ...]:
    return tuple(sorted(found, key=lambda one: one.start))


def _tabled(text: str, model: ClaimModel) -> tuple[list[ClaimCheck], str]:
    """Return the checks of the tables that were read, and the text with blanks in their place."""
    tables = find_tables(text)
    found, known = check_tables(text, tables, model, lambda row: _read(row, model, passage=True))
    for table in tables:
        if table.start in known:
            blank = _FILLED.sub(" ", text[table.start : table.end])
            text = text[: table.start] + blank + text[table.end :]
    return found, text


def _is_share_again(one: ClaimCheck, text: str) -> bool:
    """Return whether a bare number was called a count that is a share elsewhere in the answer."""
    counted = one.symbol is not None and one.verdict == "correct" and one.truth_unit != "%"
    return counted and any(is_told_as_share(n, text) for n in find_numbers(one.quote))


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of each sentence or line; "e.g. " and "1. " end none.

    The dash before a point of a list is left out: it makes no number negative.
    """
    ends = sorted({m.start() + 1 for pattern in (_END, _LINE) for m in pattern.finditer(text)})
    cuts = [0, *ends, len(text)]
    found = ((_behind_mark(text, a), b) for a, b in pairwise(cuts))
    return tuple((a, b) for a, b in found if text[a:b].strip())


def _behind_mark(text: str, start: int) -> int:
    mark = _MARK.match(text, start)
    return mark.end() if mark else start


def _read(
    text: str, model: ClaimModel, *, passage: bool = False, earlier: frozenset[str] = frozenset()
) -> tuple[ClaimCheck, ...]:
    items = read_items(text, model.names)
    found = tuple(
        one if name == one.symbol else replace(one, symbol=name)
        for one in statements(items, text, model)
        for name in (share_named(one, items, model),)
    )
    numbers = [item.number for item in items if item.number]
    runs = find_runs(text, numbers)
    found = labelled(found, runs, items, model)
    place = Place(text, items, model, passage, earlier, terms_of(runs))
    special = _special(text, found, numbers, model)
    kept = [] if special and not passage else _judge_statements(found, place)
    special = earned(Judged(special), place) if special else None
    kept += [special] if special else []
    own = (*check_lifts(text, numbers), *check_sums(text, runs))
    if says_rice(text):
        own = tuple(
            replace(c, error="rice_arithmetic") if c.error == "arithmetic" else c for c in own
        )
    return _with_sums(kept, own, place.terms, special)


def _special(
    text: str, found: Sequence[Statement], numbers: Sequence[Number], model: ClaimModel
) -> ClaimCheck | None:
    special = check_rice(text, numbers) if is_rice(text) else None
    if special is None and is_test(text):
        special = check_sample(text, found, model)
    return special


def _with_sums(
    checks: Sequence[ClaimCheck],
    own: Sequence[ClaimCheck],
    terms: frozenset[int],
    special: ClaimCheck | None,
) -> tuple[ClaimCheck, ...]:
    """Return the checks with those of written sums: a sum that holds excuses its result."""
    sums = {one.start: one for one in own}
    kept: dict[int, ClaimCheck] = {}
    for one in checks:
        written = sums.get(one.start)
        named = one.verdict == "wrong" and one.error not in (PLAIN | OF_OTHERS)
        part = one.start in terms or (special is not None and special.truth_unit == SCORE)
        if part and one.verdict != "correct" and one is not special:
            continue
        agrees = (
            written and written.verdict == one.verdict == "wrong" and one.error not in OF_OTHERS
        )
        put_in = written and written.verdict == "correct" and _is_put_in(one, checks, terms)
        if not written or agrees or named or put_in:
            kept[one.start] = one
    return tuple(sorted({**sums, **kept}.values(), key=lambda c: c.start))


def _is_put_in(result: ClaimCheck, checks: Sequence[ClaimCheck], terms: frozenset[int]) -> bool:
    """Return whether a sum has only figures of the case in it: then its result says what it took.

    "400,000 visitors x 3 orders each = 1.2 million orders" adds up, with visitors for customers.
    """
    told = (one for one in checks if one.verdict == "correct" or one.error == "unit")
    given = {one.start for one in told if one.symbol}
    ahead = {start for start in terms if start < result.start}
    return bool(ahead) and ahead <= given and result.error in OF_OTHERS


def _judge_statements(found: Sequence[Statement], place: Place) -> list[ClaimCheck]:
    """Return the earned checks of the statements, then of what they suppose."""
    items, text, model = place.items, place.text, place.model
    premises = premise_clauses([(item.clause, item.word) for item in items])
    taken = place.terms
    found = tuple(s for s in found if s.shape.form != "delta" or s.number.start not in taken)
    supposed = suppositions(found, model, premises)
    levers = {s.statement.number.start: s for s in supposed}
    if place.passage:
        supposed = plainly_supposed(supposed, items, text, model)
    kept: list[ClaimCheck] = []
    whole = completed(found, supposed, items, model)
    for statement in whole:
        if statement.shape.form == "skip" or statement.number.start in levers:
            continue
        if _hangs_on_unnamed(statement, whole, levers, model):
            continue
        judged = _judged(statement, whole, place, supposed)
        one = earned(judged, place) if judged else None
        kept += [_explained(one, statement, supposed, model)] if one else []
    return kept + _lever_checks(supposed, kept, place)


def _judged(
    statement: Statement,
    found: Sequence[Statement],
    place: Place,
    supposed: tuple[Supposed, ...],
) -> Judged | None:
    """Return what a statement claims, judged; in an answer, of the figure that it restates."""
    items, text, model = place.items, place.text, place.model
    checked = _claim(statement, found, items, text, model, supposed)
    if checked is None or (place.passage and checked.verdict == "ambiguous"):
        return None
    above = model.above(statement.symbol) if statement.symbol else frozenset()
    own = tuple(s for s in supposed if s.lever.symbol in above)
    restates = checked.verdict == "correct" and statement.symbol and not own
    if place.passage and restates and statement.shape.form == "level" and not statement.origin:
        name = restated(statement, items, text, model)
        if not name:
            return None
        if name != statement.symbol:
            statement = replace(statement, symbol=name)
            again = _claim(statement, found, items, text, model, ())
            return Judged(again, statement) if again else None
    return Judged(checked, statement, own)


def _hangs_on_unnamed(
    statement: Statement,
    found: Sequence[Statement],
    levers: Mapping[int, Supposed],
    model: ClaimModel,
) -> bool:
    """Return whether a consequence follows from a change of which the text names no figure."""
    moved = {s.lever.symbol: s for s in levers.values()}
    if not statement.symbol or not moves(statement.symbol, moved, model):
        return False
    return any(
        one.symbol is None
        and one.shape.form in ("change", "ratio")
        and one.number.kind in ("percent", "points")
        and one.sentence == statement.sentence
        and one.number.start < statement.number.start
        and not one.result
        for one in found
    )


def _explained(
    check: ClaimCheck, statement: Statement, supposed: Sequence[Supposed], model: ClaimModel
) -> ClaimCheck:
    """Return the check with what it takes for granted, and how sure the case's ranges make it."""
    fixed = held_fixed(statement, supposed, model)
    if fixed and check.verdict in ("correct", "close"):
        step = f"This holds as long as nothing else moves: {', '.join(fixed)}."
        check = replace(check, steps=(*check.steps, step))
    return with_odds(check, statement, supposed, model) if model.ranges else check


def _lever_checks(
    supposed: Sequence[Supposed], checks: Sequence[ClaimCheck], place: Place
) -> list[ClaimCheck]:
    kept = []
    claims = sum(check.verdict != "none" for check in checks)
    for one in supposed:
        here = {item.word for item in place.items if item.sentence == one.statement.sentence}
        expected = bool(here & EXPECTING) and "if" not in here
        judged = judge_supposition(one, place.model, place.text, expected=expected, claims=claims)
        check = earned(Judged(judged, one.statement), place) if judged else None
        kept += [check] if check else []
    return kept


def _claim(
    statement: Statement,
    found: Sequence[Statement],
    items: Sequence[Item],
    text: str,
    model: ClaimModel,
    supposed: tuple[Supposed, ...],
) -> ClaimCheck | None:
    ratio = as_ratio(statement, found, items, text, model)
    if ratio is None:
        ratio = as_part(statement, items, text, model, supposed)
    if ratio is not None:
        return ratio
    if statement.symbol is None:
        return _unnamed(statement, items, text, model, levers=bool(supposed))
    if _is_goal(statement, items, model, supposed):
        return None
    if statement.shape.form == "delta":
        statement = _moved_like(statement, statement.symbol, model, supposed)
    stated = frozenset(s.symbol for s in found if s.symbol and s.shape.form == "level")
    return judge_claim(statement, model, supposed, text, stated)


def _moved_like(
    statement: Statement, name: str, model: ClaimModel, supposed: Sequence[Supposed]
) -> Statement:
    """Return the statement, about the one moved symbol that counts the same if its own stands.

    "Halving churn saves 240 accounts" speaks of the accounts lost, not of those there are.
    """
    levers = {s.lever.symbol: s for s in supposed}
    if moves(name, levers, model):
        return statement
    own = model.known[name]
    alike = [
        other.name
        for other in model.known.values()
        if (other.counts, other.currency, other.per) == (own.counts, own.currency, own.per)
        and moves(other.name, levers, model)
    ]
    if len(alike) != 1:
        return statement
    return replace(statement, symbol=alike[0], shape=replace(statement.shape, sign=0))


def _unnamed(
    statement: Statement, items: Sequence[Item], text: str, model: ClaimModel, *, levers: bool
) -> ClaimCheck | None:
    number, form = statement.number, statement.shape.form
    if number.kind in ("money", "percent") and form in ("level", "delta"):
        name = _same_digits(statement, items, model)
        if name:
            known = model.known[name]
            shown = format_value(model.today[name], known.unit)
            steps = (f"The digits are those of the {known.label}, which is {shown}.",)
            truth, told = model.today[name], (Source((name,)),)
            return made(statement, text, "wrong", "unit", truth, known.unit, steps, sources=told)
    alone = sum(item.number is not None for item in items) == 1
    if (
        form == "ratio"
        and number.kind == "ratio"
        and not levers
        and not (alone and number.half == 0)
    ):
        return None  # "ten times the $11" compares two figures that are checked themselves
    hanging = number.kind == "percent" and statement.result and levers
    if (
        hanging
        or number.kind == "money"
        or (form in ("change", "ratio") and number.kind != "count")
    ):
        steps = ("The text does not say of which metric this is the figure.",)
        return made(statement, text, "ambiguous", None, None, "", steps)
    return None


def _same_digits(statement: Statement, items: Sequence[Item], model: ClaimModel) -> str | None:
    """Return a figure of another kind, named in the sentence, that has the number's digits."""
    for item in items:
        for name, _ in item.mentions if item.sentence == statement.sentence else ():
            kind, value = model.known[name].kind, model.today[name]
            shown = 100 * value if kind == "share" else value
            other = kind != ("share" if statement.number.kind == "percent" else "money")
            if other and abs(shown - statement.number.value) < 1e-6:
                return name
    return None


def _is_goal(
    statement: Statement,
    items: Sequence[Item],
    model: ClaimModel,
    supposed: Sequence[Supposed],
) -> bool:
    """Return whether a derived figure is only a target ("to reach 54,000 orders")."""
    symbol = statement.symbol or ""
    levers = {s.lever.symbol: s for s in supposed}
    if symbol in model.values or moves(symbol, levers, model):
        return False
    clause = [i.word for i in items[: statement.index] if i.clause == statement.clause]
    verbs = {verb for to, verb in pairwise(clause) if to == "to"}
    goal = bool(set(clause) & words.GOALS or verbs & words.GOAL_VERBS)
    if statement.shape.form != "level":
        return goal and not statement.result and statement.shape.form == "change"
    share = statement.number.share
    return goal and is_plausible(symbol, share, model) and statement.hypothetical
