"""A case with other numbers: some baselines drawn from their bands, and all that follows.

So that a second try is not recall. A case names what may move; what the interviewer tells is
rewritten number by number, or from a text with {symbols} where the author gives one. The same
case and seed give the same numbers.
"""

from __future__ import annotations

import math
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath

from questions import formula
from questions.case import Baseline, Case, Fact, Reading, VariantRule
from questions.case_build import Path
from questions.case_file import read_case
from questions.told_numbers import (
    LEAST_DIGITS,
    MERE_COUNT,
    MOST_DIGITS,
    ToldNumber,
    rounded,
    significant_digits,
    told_numbers,
)

_HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SCALES = ((1e9, " billion"), (1e6, " million"))
_CURRENCIES = {"USD": "dollars", "EUR": "euros", "GBP": "pounds"}
NEAREST = 0.04
"""How far a drawn value lies from the case's own at least, as a share of it."""
DRAWS = 40
"""Draws until one is far enough from the case's own value; then the baseline keeps it."""
VARIANTS = 8
"""How many other sets of numbers a case has, seeds 1 to 8: few enough to check each of them."""


@dataclass(frozen=True)
class _Place:
    """A number in a told text, and the symbol it tells; None where it tells none of the case."""

    number: ToldNumber
    symbol: str | None


@dataclass(frozen=True)
class _Numbers:
    """The arithmetic of a case and where its numbers are told."""

    case: Case

    @property
    def rule(self) -> VariantRule:
        """What may move; nothing where the case does not say."""
        return self.case.variant or VariantRule(())

    @cached_property
    def content_hash(self) -> str:
        """That of the case, worked out once."""
        return self.case.content_hash

    @cached_property
    def formulas(self) -> dict[str, str]:
        """The formula of each relation."""
        return {relation.symbol: relation.formula for relation in self.case.relations}

    @cached_property
    def today(self) -> dict[str, float]:
        """The value of every symbol."""
        return self.under({symbol: b.value for symbol, b in self.case.baselines.items()})

    def under(self, given: Mapping[str, float]) -> dict[str, float]:
        """Return the value of every symbol where the baselines are these."""
        return {**given, **formula.evaluate(self.formulas, given)}

    @cached_property
    def inputs(self) -> dict[str, frozenset[str]]:
        """The baselines that each symbol follows from; a baseline follows from itself."""
        found = {symbol: frozenset({symbol}) for symbol in self.case.baselines}

        def of(symbol: str) -> frozenset[str]:
            if symbol not in found:
                names = formula.names(self.formulas[symbol])
                found[symbol] = frozenset().union(*(of(name) for name in names))
            return found[symbol]

        for symbol in self.formulas:
            of(symbol)
        return found

    @cached_property
    def shares(self) -> frozenset[str]:
        """The figures that people write in percent: by their unit, or because a fact does."""
        return self.told_in_percent | {
            symbol
            for symbol, value in self.today.items()
            if (unit := self.units[symbol]).startswith(("share", "percent"))
            or (not unit and 0 < abs(value) < 1)
        }

    @cached_property
    def told_in_percent(self) -> frozenset[str]:
        """Figures that a fact tells in percent though their unit is another: buyers a visitor."""
        return frozenset(
            symbol
            for fact in self.case.facts
            for number in told_numbers(fact.answer)
            for symbol in fact.reveals
            if symbol in self.today
            and number.is_percent
            and number.tells(self.today[symbol], share=True)
        )

    @cached_property
    def units(self) -> dict[str, str]:
        """The unit of each symbol, empty where the case names none."""
        of_relations = {r.symbol: r.unit for r in reversed(self.case.relations)}
        return of_relations | {symbol: b.unit for symbol, b in self.case.baselines.items()}

    @cached_property
    def places(self) -> dict[tuple[str, tuple[str, ...]], list[_Place]]:
        """What `_places` has read, by text and what it reveals: the same for every seed."""
        return {}


def variant(case: Case, seed: int) -> Case:
    """Return the case with other numbers: the baselines that it lets move, drawn from their bands.

    A baseline that a relation `equals` follows that relation. What was worked out for the case's
    own numbers and cannot follow is left out: scenarios, experiment, pretotype, and north stars
    without a symbol. Examples and substance stay; whoever shows them says that they speak of the
    case's own numbers. A case that lets nothing move is returned as it is.
    """
    return case if case.variant is None else _variant(_Numbers(case), seed)


def _variant(numbers: _Numbers, seed: int) -> Case:
    case = numbers.case
    chance = random.Random(f"{numbers.content_hash} {seed}")  # noqa: S311  no secret
    given = _given(numbers, chance)
    values = numbers.under(given)
    return replace(
        case,
        baselines={s: replace(b, value=values[s]) for s, b in case.baselines.items()},
        relations=tuple(replace(r, value=values[r.symbol]) for r in case.relations),
        facts=tuple(_fact(numbers, fact, values) for fact in case.facts),
        statements={
            name: _rewritten(numbers, text, (), values) for name, text in case.statements.items()
        },
        readings=tuple(_reading(numbers, reading, given) for reading in case.readings),
        scenarios={},
        north_star_candidates=tuple(
            replace(star, today=values[star.symbol])
            for star in case.north_star_candidates
            if star.symbol
        ),
        experiment=None,
        pretotype=None,
    )


def variant_faults(case: Case) -> Iterator[tuple[Path, str, str]]:
    """Return what stands in the way of playing the case with other numbers: path, message, remedy.

    Every text a student reads before the end has to follow the numbers: one that tells a moved
    baseline, or what follows from it, must tell it in a number that can be replaced, or the case
    gives the fact a text with {symbols} under `tells`.
    """
    if case.variant is None:
        return
    numbers = _Numbers(case)
    try:
        _ = numbers.today, numbers.inputs
    except ValueError:
        return  # the checks of the numbers tell that
    of_rule = [*_faults_of_moves(numbers), *_faults_of_tells(numbers)]
    yield from of_rule
    changing = _changing(numbers)
    for path, text, reveals in _told_texts(numbers):
        yield from _faults_of_text(numbers, path, text, reveals, changing)
    if not of_rule:
        yield from _disagreements(numbers)


def _changing(numbers: _Numbers) -> frozenset[str]:
    """Every symbol whose value is another in a variant."""
    moved = set(numbers.rule.moves)
    found = {symbol for symbol, inputs in numbers.inputs.items() if inputs & moved}
    return frozenset(found).union(
        relation.equals
        for relation in numbers.case.relations
        if relation.equals and relation.symbol in found
    )


def _faults_of_moves(numbers: _Numbers) -> Iterator[tuple[Path, str, str]]:
    """Names that are no baselines, and bands without another figure."""
    for i, symbol in enumerate(numbers.rule.moves):
        path: Path = ("variant", "moves", i)
        baseline = numbers.case.baselines.get(symbol)
        if baseline is None:
            yield path, f"{symbol} is no baseline", "name baselines only"
        elif not _has_room(baseline):
            message = f"the band of {symbol} has no other figure as round as {baseline.value:g}"
            yield path, message, "widen the band or take it out"


def movable(case: Case) -> tuple[str, ...]:
    """Return the baselines that could move, each alone, with the texts as they are; for authors."""
    return tuple(
        symbol
        for symbol in case.baselines
        if not any(variant_faults(replace(case, variant=VariantRule((symbol,)))))
    )


def _has_room(baseline: Baseline) -> bool:
    return _draw(baseline, random.Random(0)) is not None  # noqa: S311  no secret


def _faults_of_tells(numbers: _Numbers) -> Iterator[tuple[Path, str, str]]:
    """Texts for facts that do not exist, or with symbols that do not."""
    for fact_id, text in numbers.rule.tells.items():
        path: Path = ("variant", "tells", fact_id)
        if fact_id not in {fact.id for fact in numbers.case.facts}:
            yield path, f"there is no fact {fact_id}", "name a fact of this case"
        for symbol in _HOLE.findall(text):
            if symbol not in numbers.today:
                yield path, f"{{{symbol}}} is no symbol of this case", "correct the name"


def _faults_of_text(
    numbers: _Numbers, path: Path, text: str, reveals: Sequence[str], changing: frozenset[str]
) -> Iterator[tuple[Path, str, str]]:
    """Numbers of unknown origin beside changing ones; changing figures told without a number."""
    places = _places(numbers, text, reveals)
    told = {place.symbol for place in places}
    remedy = "give the fact a text with {symbols} under variant: tells:, or take it out of moves"
    silent = [s for s in reveals if s in numbers.case.baselines and s in changing - told]
    if silent:
        yield path, f"{silent[0]} moves, and this tells it without a number", remedy
    if not told & changing:
        return
    for place in places:
        if place.symbol is None:
            shown = text[place.number.start : place.number.end]
            yield path, f"it is not clear what {shown!r} follows from", remedy


def _disagreements(numbers: _Numbers) -> Iterator[tuple[Path, str, str]]:
    """The first variant that cannot be worked out, or whose numbers do not agree."""
    path: Path = ("variant", "moves")
    for seed in range(1, VARIANTS + 1):
        try:
            fault = _disagreement(_Numbers(_variant(numbers, seed)), numbers.today)
        except ValueError as error:
            fault = str(error)
        if fault:
            remedy = "take what it follows from out of moves, or narrow its band"
            yield path, f"with the numbers of variant {seed}, {fault}", remedy
            return


def _disagreement(numbers: _Numbers, own: Mapping[str, float]) -> str:
    """Two ways to one figure that part, or a share beyond the whole; empty for none."""
    values = numbers.today
    for relation in numbers.case.relations:
        if relation.equals and not math.isclose(
            values[relation.equals], relation.value, rel_tol=5e-4
        ):
            return f"{relation.symbol} is {relation.value:g}, {relation.equals} is not"
    for symbol, value in values.items():
        within = 0 <= value <= 1 or not 0 <= own[symbol] <= 1  # a change may be below nothing
        if numbers.units[symbol].startswith("share") and not within:
            return f"{symbol} is {value:g}"
    return ""


def _told_texts(numbers: _Numbers) -> Iterator[tuple[Path, str, Sequence[str]]]:
    """What a student may read before the end, with the symbols that it reveals."""
    case = numbers.case
    yield ("context",), case.context, ()
    yield ("prompt",), case.prompt, ()
    for i, fact in enumerate(case.facts):
        if fact.id not in numbers.rule.tells:
            yield ("facts", i, "answer"), fact.answer, fact.reveals
    for name, text in case.statements.items():
        yield ("statements", name), text, ()
    for step, guide in case.steps.items():
        yield ("steps", step, "brief"), guide.brief, ()
        for size in ("small", "medium", "large"):
            yield ("steps", step, "hints", size), getattr(guide.hints, size), ()
        for i, text in enumerate(guide.follow_ups):
            yield ("steps", step, "follow_ups", i), text, ()


def _places(numbers: _Numbers, text: str, reveals: Sequence[str]) -> list[_Place]:
    """The numbers of a text with what they tell; small counts of nothing are left out."""
    key = (text, tuple(reveals))
    if key not in numbers.places:
        found = [_Place(n, _symbol_of(numbers, n, reveals)) for n in told_numbers(text)]
        numbers.places[key] = [p for p in found if p.symbol or not _is_mere_count(p.number)]
    return numbers.places[key]


def _is_mere_count(number: ToldNumber) -> bool:
    """ "Two cities": no figure of the case unless the fact reveals one of that size."""
    return number.value <= MERE_COUNT and not (
        number.is_percent or number.before or number.scale > 1
    )


def _symbol_of(numbers: _Numbers, number: ToldNumber, reveals: Sequence[str]) -> str | None:
    """The one symbol that a number tells; None where none does, or more than one."""
    for among in _meant(numbers, number, reveals):
        fits = [s for s in among if number.tells(numbers.today[s], share=s in numbers.shares)]
        if fits:
            return fits[0] if len(fits) == 1 else None
    return None


def _meant(
    numbers: _Numbers, number: ToldNumber, reveals: Sequence[str]
) -> Iterator[Sequence[str]]:
    """The symbols a number may tell: what the fact reveals, then what follows from that.

    A text that reveals nothing may name any figure of the case, where the number says enough to
    be recognized.
    """
    own = [symbol for symbol in reveals if symbol in numbers.today]
    yield own
    if _is_mere_count(number):
        return
    if own:
        known = frozenset().union(*(numbers.inputs[symbol] for symbol in own))
        yield [symbol for symbol in numbers.formulas if numbers.inputs[symbol] & known]
    elif not reveals and (number.digits >= LEAST_DIGITS or number.scale > 1):
        yield list(numbers.today)


def _given(numbers: _Numbers, chance: random.Random) -> dict[str, float]:
    """The baselines of a variant: drawn, following a relation, or the case's own."""
    case = numbers.case
    given = {symbol: baseline.value for symbol, baseline in case.baselines.items()}
    for symbol in numbers.rule.moves:
        drawn = _draw(case.baselines[symbol], chance)
        given[symbol] = given[symbol] if drawn is None else drawn
    for relation in case.relations:
        if relation.equals in case.baselines and relation.equals not in numbers.rule.moves:
            given[relation.equals] = numbers.under(given)[relation.symbol]
    return given


def _draw(baseline: Baseline, chance: random.Random) -> float | None:
    """A value other than the baseline's own, within its band and about as round; None for none."""
    low, high = baseline.band
    digits = significant_digits(baseline.value)
    for _ in range(DRAWS):
        value = rounded(chance.uniform(low, high), digits)
        far = abs(value - baseline.value) >= NEAREST * abs(baseline.value)
        if far and low <= value <= high:
            return value
    return None


def _reading(numbers: _Numbers, reading: Reading, given: Mapping[str, float]) -> Reading:
    values = numbers.under({**given, **reading.set})
    return replace(reading, gives={symbol: values[symbol] for symbol in reading.gives})


def _fact(numbers: _Numbers, fact: Fact, values: Mapping[str, float]) -> Fact:
    """A fact as the variant's interviewer tells it; a reason that reckons with old numbers goes."""
    changing = frozenset(s for s in values if not math.isclose(values[s], numbers.today[s]))
    template = numbers.rule.tells.get(fact.id)
    if template is None:
        answer = _rewritten(numbers, fact.answer, fact.reveals, values)
    else:
        answer = _HOLE.sub(lambda hole: _shown(numbers, hole[1], values[hole[1]]), template)

    def reason(text: str) -> str:
        stale = any(_faults_of_text(numbers, (), text, (), changing))
        return "" if stale else _rewritten(numbers, text, fact.reveals, values)

    return replace(
        fact,
        answer=answer,
        why_it_matters=reason(fact.why_it_matters),
        impact=reason(fact.impact),
    )


def _shown(numbers: _Numbers, symbol: str, value: float) -> str:
    """A figure as an interviewer says it: percent for shares, dollars for money."""
    if symbol in numbers.shares:
        return f"{_plain(rounded(100 * value, MOST_DIGITS))} percent"
    money = re.match(r"USD|EUR|GBP", numbers.units[symbol])
    scale, word = next(((size, name) for size, name in _SCALES if abs(value) >= size), (1.0, ""))
    shown = rounded(value / scale, MOST_DIGITS)
    if money and not word and shown != int(shown):
        return f"{shown:,.2f} {_CURRENCIES[money[0]]}"
    return f"{_plain(shown)}{word}{f' {_CURRENCIES[money[0]]}' if money else ''}"


def _plain(value: float) -> str:
    return f"{value:,.8f}".rstrip("0").rstrip(".")


def _rewritten(
    numbers: _Numbers, text: str, reveals: Sequence[str], values: Mapping[str, float]
) -> str:
    """The text with the numbers of the variant; one that did not change stays as it is."""
    pieces: list[str] = []
    end = 0
    for place in _places(numbers, text, reveals):
        symbol = place.symbol
        if symbol is None or math.isclose(values[symbol], numbers.today[symbol]):
            continue
        share = symbol in numbers.shares
        pieces += [
            text[end : place.number.start],
            place.number.instead(values[symbol], share=share),
        ]
        end = place.number.end
    return "".join([*pieces, text[end:]])


def main(names: Sequence[str]) -> None:
    """Print for each case file what could move, and what its first variant tells otherwise."""
    for name in names:
        case = read_case(FilePath(name))
        print(f"{case.slug}: {', '.join(movable(case)) or 'nothing'} could move as the texts are.")
        for own, other in zip(case.facts, variant(case, 1).facts, strict=True):
            if own.answer != other.answer:
                print(f"  {own.id}: {other.answer}")


if __name__ == "__main__":
    main(sys.argv[1:])
