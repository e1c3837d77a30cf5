"""Check a text against a case: read it, tell suppositions from claims, judge each claim."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement, statements
from metrics_lab.engine.claim.items import Item, read_items
from metrics_lab.engine.claim.judge import judge_claim, judge_supposition, made
from metrics_lab.engine.claim.levers import (
    Supposed,
    is_plausible,
    moves,
    premise_clauses,
    suppositions,
)
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.ratio import as_ratio
from metrics_lab.engine.claim.result import ClaimCheck
from metrics_lab.engine.claim.special import (
    check_rice,
    check_sample,
    is_rice,
    is_test,
    numbers_of,
)
from metrics_lab.engine.graph import close
from metrics_lab.engine.wording import format_value

EXPECTING = words.word_set(
    "expect expects expecting target goal aim plan hope will forecast quarter by within reach"
)
LONGEST = 4000
# Above this weight a number is plainly named and is not taken for a product.
SURE = 5.5


def check(text: str, model: ClaimModel) -> tuple[ClaimCheck, ...]:
    """Return a check for each claim of the text, in order; empty where it claims nothing.

    Only the first 4,000 characters are read. Raises a ModelError for a case that is not sound.
    """
    text = text[:LONGEST]
    items = read_items(text, model.names)
    found = statements(items, text, model)
    if is_rice(text):
        special = check_rice(text, sorted(numbers_of(found), key=lambda n: n.start))
        if special is not None:
            return (special,)
    if is_test(text):
        special = check_sample(text, found, model)
        if special is not None:
            return (special,)
    return _check_statements(found, items, text, model)


def _check_statements(
    found: Sequence[Statement], items: Sequence[Item], text: str, model: ClaimModel
) -> tuple[ClaimCheck, ...]:
    premises = premise_clauses([(item.clause, item.word) for item in items])
    supposed = suppositions(found, model, premises)
    levers = {s.statement.number.start: s for s in supposed}
    found = _completed(found, supposed, items, model)
    checks: list[ClaimCheck] = []
    for statement in found:
        if statement.shape.form == "skip" or statement.number.start in levers:
            continue
        checked = _claim(statement, found, items, text, model, supposed)
        if checked is not None:
            checks.append(checked)
    return tuple(sorted((*checks, *_lever_checks(supposed, checks, items, text, model)),
                        key=lambda c: c.start))  # fmt: skip


def _lever_checks(
    supposed: Sequence[Supposed],
    checks: Sequence[ClaimCheck],
    items: Sequence[Item],
    text: str,
    model: ClaimModel,
) -> list[ClaimCheck]:
    made_checks = []
    claims = sum(check.verdict != "none" for check in checks)
    for one in supposed:
        here = {item.word for item in items if item.sentence == one.statement.sentence}
        expected = bool(here & EXPECTING) and "if" not in here
        judged = judge_supposition(one, model, text, expected=expected, claims=claims)
        if judged is not None:
            made_checks.append(judged)
    return made_checks


def _completed(
    found: Sequence[Statement],
    supposed: Sequence[Supposed],
    items: Sequence[Item],
    model: ClaimModel,
) -> list[Statement]:
    """Return the statements with a symbol for "which is a 25 % improvement" and the like."""
    completed: list[Statement] = []
    last: Statement | None = None
    for statement in found:
        if statement.symbol is None and statement.shape.form != "skip":
            symbol = _implied(statement, last, supposed, items, model)
            statement = replace(statement, symbol=symbol)
        product = _product_of(completed, statement, model)
        statement = replace(statement, symbol=product) if product else statement
        completed.append(statement)
        last = statement if statement.symbol else last
    return completed


def _product_of(before: Sequence[Statement], statement: Statement, model: ClaimModel) -> str | None:
    """Return the money figure that is the product of the two numbers just stated.

    "12,000 buyers at $120 each bring in ..." names no figure, but says which one it is.
    """
    if len(before) < 2 or statement.number.kind != "money" or statement.named > SURE:
        return None
    one, other = before[-2:]
    if one.number.kind != "count" or other.number.kind != "money" or one.shape.form != "level":
        return None
    if len({one.sentence, other.sentence, statement.sentence}) > 1:
        return None
    value = one.number.value * other.number.value
    flows = (s for s in model.known.values() if s.kind == "money" and not s.per)
    return next((s.name for s in flows if close(model.today[s.name], value, 0.01)), None)


def _implied(
    statement: Statement,
    last: Statement | None,
    supposed: Sequence[Supposed],
    items: Sequence[Item],
    model: ClaimModel,
) -> str | None:
    number, form = statement.number, statement.shape.form
    if last is not None and last.symbol and _same_in_other_period(statement, last, model):
        return last.symbol
    if form in ("change", "ratio") and number.kind in ("percent", "points", "ratio") and supposed:
        if len(supposed) == 1:
            return supposed[0].lever.symbol
        return _last_derived(items, {s.lever.symbol: s for s in supposed}, model)
    return None


def _same_in_other_period(statement: Statement, last: Statement, model: ClaimModel) -> bool:
    """Return whether a number is the last one over again for another period."""
    kind = model.known[last.symbol or ""].kind
    fits = statement.number.kind in ("count", kind)
    other = statement.shape.period not in ("", last.shape.period)
    return bool(
        fits
        and other
        and not statement.number.time
        and statement.shape.form == "level"
        and kind in ("money", "count")
    )


def _last_derived(
    items: Sequence[Item], levers: dict[str, Supposed], model: ClaimModel
) -> str | None:
    named = [name for item in items for name, weight in item.mentions if weight >= 0.6]
    derived = [n for n in named if n not in model.values and moves(n, levers, model)]
    return derived[-1] if derived else None


def _claim(
    statement: Statement,
    found: Sequence[Statement],
    items: Sequence[Item],
    text: str,
    model: ClaimModel,
    supposed: tuple[Supposed, ...],
) -> ClaimCheck | None:
    ratio = as_ratio(statement, found, items, text, model)
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
    if number.kind in ("money", "percent") and form == "level":
        name = _same_digits(statement, items, model)
        if name:
            known = model.known[name]
            shown = format_value(model.today[name], known.unit)
            steps = (f"The digits are those of the {known.label}, which is {shown}.",)
            return made(statement, text, "wrong", "unit", model.today[name], known.unit, steps)
    if form == "ratio" and number.kind == "ratio" and not levers:
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
