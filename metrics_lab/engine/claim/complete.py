"""Find the figure of a number whose sentence leaves it unnamed: it follows from those beside it."""

from collections.abc import Sequence
from dataclasses import replace

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.levers import Supposed, moves
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.sums import Term
from metrics_lab.engine.claim.weigh import fits
from metrics_lab.engine.graph import close

# Above this weight a number is plainly named and is not taken for a product.
SURE = 5.5
_LEFT_OVER = words.word_set("leaving leaves leave left remain remains difference net")
# What leads from the name of a figure to the sum that makes it.
_LABELS = frozenset((":", "=", "is", "are", "equals"))
_AGAIN = words.LESS | words.MORE | words.word_set(", ( or that is the our of")
# "A retained player costs us $1.20 x 6 %": what the verb leads to is the result.
_OBJECTS = (["us"], ["them"], ["me"])
_BESIDE = _LABELS | words.word_set("a an the per each month monthly year ( ) of")


def completed(
    found: Sequence[Statement],
    supposed: Sequence[Supposed],
    items: Sequence[Item],
    model: ClaimModel,
) -> list[Statement]:
    """Return the statements with a symbol for "which is a 25 % improvement" and the like."""
    done: list[Statement] = []
    last: Statement | None = None
    for statement in found:
        if statement.symbol is None and statement.shape.form != "skip":
            symbol = _implied(statement, last, supposed, items, model)
            statement = replace(statement, symbol=symbol, lead=0.0)
        statement = _step_result(_apposed(statement, last, items), supposed, model)
        product = _product_of(done, statement, items, model)
        statement = replace(statement, symbol=product, lead=0.0) if product else statement
        done.append(statement)
        last = statement if statement.symbol else last
    return done


def _apposed(statement: Statement, last: Statement | None, items: Sequence[Item]) -> Statement:
    """Return an amount that says a change again as a difference: "10 % more bookings, 420"."""
    if last is None or last.symbol != statement.symbol or statement.shape.form != "level":
        return statement
    between = [item for item in items[last.index + 1 : statement.index] if not item.mentions]
    again = {item.word for item in between} <= _AGAIN
    if last.shape.form != "change" or last.sentence != statement.sentence or not again:
        return statement
    return replace(statement, shape=replace(statement.shape, form="delta", sign=last.shape.sign))


def labelled(
    found: Sequence[Statement],
    runs: Sequence[Sequence[Term]],
    items: Sequence[Item],
    model: ClaimModel,
) -> tuple[Statement, ...]:
    """Return the statements, the result of "LTV: $108 x 40 = $4,320" tied to its label."""
    ties: dict[int, str] = {}
    for run in runs:
        first, (last, sign, _) = run[0][0], run[-1]
        ahead = [item for item in items if item.end <= first.start][-4:]
        marks = [n for n, item in enumerate(ahead) if item.mentions]
        behind = [item.word for item in ahead[marks[-1] + 1 :]] if marks else []
        told = behind and behind[-1] in _LABELS and set(behind) <= _BESIDE
        if sign == "=" and (told or behind in _OBJECTS):
            name = max(ahead[marks[-1]].mentions, key=lambda mention: mention[1])[0]
            ties[last.start] = name
    return tuple(
        replace(one, symbol=ties[one.number.start])
        if one.number.start in ties
        and one.symbol is None
        and fits(one.number, one.shape, model.known[ties[one.number.start]])
        else one
        for one in found
    )


def _step_result(
    statement: Statement, supposed: Sequence[Supposed], model: ClaimModel
) -> Statement:
    """Return what a step of money brings, as a difference of the one sum that it moves.

    "A dollar on the price is worth $28,800 a month" speaks of the month's revenue.
    """
    number, levers = statement.number, {s.lever.symbol: s for s in supposed}
    if number.kind != "money" or not statement.shape.period or len(levers) != 1:
        return statement
    if statement.symbol is not None and statement.symbol not in levers:
        return statement
    step = next(iter(levers.values())).statement
    if step.shape.form != "delta" or step.number.start >= number.start:
        return statement
    moved = [
        s.name
        for s in model.known.values()
        if s.kind == "money" and not s.per and s.period and moves(s.name, levers, model)
    ]
    if len(moved) != 1:
        return statement
    return replace(statement, symbol=moved[0], shape=replace(statement.shape, form="delta"))


def _ahead(statement: Statement, items: Sequence[Item]) -> set[str]:
    """Return the three words before a number."""
    return {item.word for item in items[max(0, statement.index - 3) : statement.index]}


def _difference_of(
    one: Statement, other: Statement, statement: Statement, model: ClaimModel
) -> str | None:
    """Return the money figure that is what is left of one amount after the other."""
    if len({one.sentence, other.sentence, statement.sentence}) > 1:
        return None
    value = abs(one.number.value - other.number.value)
    alike = (s for s in model.known.values() if s.kind == "money")
    return next((s.name for s in alike if close(model.today[s.name], value, 0.01)), None)


def _product_of(
    before: Sequence[Statement], statement: Statement, items: Sequence[Item], model: ClaimModel
) -> str | None:
    """Return the money figure that is the product of the two numbers just stated.

    "12,000 buyers at $120 each bring in ..." names no figure, but says which one it is.
    """
    if len(before) < 2 or statement.number.kind != "money" or statement.named > SURE:
        return None
    one, other = before[-2:]
    if {one.number.kind, other.number.kind} == {"money"} and _LEFT_OVER & _ahead(statement, items):
        return _difference_of(one, other, statement, model)
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
    if last is not None and last.symbol and last.shape.form == "change":
        level = form == "level" and last.sentence == statement.sentence
        if (
            level
            and items[statement.index - 1].word == "to"
            and fits(number, statement.shape, model.known[last.symbol])
        ):
            return last.symbol  # "lifts revenue by 10 %, to £660,000"
    before = [s for s in supposed if s.statement.number.start < number.start]
    if form in ("change", "ratio") and number.kind in ("percent", "points", "ratio") and before:
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
