"""What the ranges of a sheet lead to, in words and tables, and which lever matters.

It knows no request and no database: a sheet's page and what was asked go in, words come out.
The numbers are computed at once; a chart is drawn when it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.quantity import KIND_WORDS, QuantityError, Range, Status
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.sensitivity import QUESTIONS
from metrics_lab.engine.sheet.model import Input
from metrics_lab.engine.together import Together, correlations_of
from metrics_lab.engine.wording import format_value, plain
from metrics_lab.forms.numbers import read_number
from metrics_lab.presentation.sheet import SheetPage
from metrics_lab.words import capital, is_share, within

if TYPE_CHECKING:
    from metrics_lab.engine.graph import Model
    from metrics_lab.engine.simulate import Samples, Sign, Simulation

SIGN_WORDS = {">=": "at least", "<=": "at most"}
SHORT = {"million": "M", "billion": "bn", "trillion": "tn"}
MOST_RANGES = 32
LONGEST_GOAL = 40
DIGITS = 3
LOOSE, CLOSE = 0.3, 0.7
"""Below and from which a rank correlation is called loose and close."""
MIDDLE = (0.35, 0.65)
"""Today's value is worth a word where so few or so many of the samples lie below it."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a sheet; empty words stand for the page's own choice."""

    figure: str = ""
    sign: str = ">="
    goal: str = ""
    lever: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Earlier:
    """A scenario that a change starts from, in place of today."""

    name: str
    levers: Sequence[Lever]


@dataclass(frozen=True)
class Fault:
    """A range that cannot be computed with: the input's symbol and label, and why."""

    symbol: str
    label: str
    reason: str


@dataclass(frozen=True)
class Row:
    """A figure that varies, in words; ``with_levers`` only where levers are moved."""

    symbol: str
    label: str
    median: str
    interval: str
    with_levers: str = ""
    missing: int = 0


@dataclass(frozen=True)
class Pair:
    """Two inputs that go together, in words; ``idle`` where one of them does not vary."""

    one: str
    other: str
    label: str
    words: str
    idle: bool


@dataclass(frozen=True)
class Analysis:
    """A sheet's ranges carried through its model, for what was asked."""

    page: SheetPage
    asked: Asked
    earlier: Earlier | None = None

    @cached_property
    def model(self) -> Model | None:
        """The computable part of the sheet."""
        return self.page.computed.model if self.page.computed else None

    @cached_property
    def inputs(self) -> list[Input]:
        """The inputs with a range that is computed with, in the sheet's order."""
        given = self.model.given if self.model else {}
        return [i for i in self.page.sheet.inputs.values() if i.has_range and i.symbol in given]

    @cached_property
    def _fitted(self) -> tuple[dict[str, Range], list[Fault]]:
        found: dict[str, Range] = {}
        faults: list[Fault] = []
        for item in self.inputs[:MOST_RANGES]:
            try:
                found[item.symbol] = _range_of(item)
            except QuantityError as error:
                faults.append(Fault(item.symbol, capital(item.label), str(error)))
        return found, faults

    @property
    def ranges(self) -> dict[str, Range]:
        """The ranges that a distribution fits, by symbol."""
        return self._fitted[0]

    @property
    def faults(self) -> list[Fault]:
        """The ranges that no distribution fits, each with the reason."""
        return self._fitted[1]

    @cached_property
    def correlations(self) -> dict[tuple[str, str], float]:
        """The rank correlations of the pairs that both vary."""
        return correlations_of(self.page.sheet.together, self.ranges)

    @cached_property
    def pairs(self) -> list[Pair]:
        """The pairs of inputs that go together."""
        return [
            Pair(
                pair.one,
                pair.other,
                f"{capital(self.label(pair.one))} and {within(self.label(pair.other))}",
                rank_words(pair),
                (pair.one, pair.other) not in self.correlations,
            )
            for pair in self.page.sheet.together
        ]

    @property
    def left_out(self) -> int:
        """How many ranges are beyond what one analysis takes."""
        return max(0, len(self.inputs) - MOST_RANGES)

    @cached_property
    def symbols(self) -> list[str]:
        """The figures that vary, the one on top of the tree first, then in the model's order."""
        if self.model is None:
            return []
        model, moving = self.model, self.ranges.keys()
        found = [s for s in model.symbols if not moving.isdisjoint(model.ancestors(s))]
        found.sort(key=lambda symbol: (symbol in model.given, symbol != self.page.star))
        return found

    @cached_property
    def figure(self) -> str:
        """The symbol that the charts are about."""
        if self.asked.figure in self.symbols:
            return self.asked.figure
        return next(iter(self.symbols), "")

    @property
    def figure_or_star(self) -> str:
        """The symbol that the measures are about: they also have an answer without ranges."""
        if self.figure:
            return self.figure
        return self.page.star if self.model and self.page.star in self.model.symbols else ""

    @cached_property
    def figures(self) -> list[tuple[str, str]]:
        """The figures that can be asked about."""
        return [(symbol, capital(self.label(symbol))) for symbol in self.symbols]

    @cached_property
    def levers(self) -> list[tuple[str, str]]:
        """The inputs over which a fan can go: those with a range, or with a slider's band."""
        if self.model is None or not self.figure:
            return []
        above = self.model.ancestors(self.figure)
        inputs = self.page.sheet.inputs
        found = [s for s in self.model.given if s in above and s in inputs and _band(inputs[s])]
        return [(symbol, capital(self.label(symbol))) for symbol in found]

    @cached_property
    def lever(self) -> str:
        """The lever of the fan."""
        known = [symbol for symbol, _ in self.levers]
        return self.asked.lever if self.asked.lever in known else next(iter(known), "")

    @cached_property
    def measures(self) -> list[tuple[str, str]]:
        """The questions about which lever matters; two of them need ranges."""
        wanted = ["tornado", "elasticity", "sobol"] if self.ranges else ["elasticity"]
        return [(measure, QUESTIONS[measure]) for measure in (*wanted, "shapley")]

    @cached_property
    def measure(self) -> str:
        """The measure that is shown."""
        known = [measure for measure, _ in self.measures]
        return self.asked.measure if self.asked.measure in known else known[0]

    @property
    def moves(self) -> list[Lever]:
        """The levers in force."""
        return self._known(self.page.moves)

    @property
    def earlier_moves(self) -> list[Lever]:
        """The levers of the scenario that a change starts from; none for today."""
        return self._known(self.earlier.levers) if self.earlier else []

    def _known(self, levers: Sequence[Lever]) -> list[Lever]:
        given = self.model.given if self.model else {}
        return [lever for lever in levers if lever.symbol in given]

    @property
    def sign(self) -> Sign:
        """How the target is compared."""
        return cast("Sign", self.asked.sign if self.asked.sign in SIGN_WORDS else ">=")

    @cached_property
    def signs(self) -> list[tuple[str, str]]:
        """The ways to compare."""
        return list(SIGN_WORDS.items())

    @cached_property
    def _runs(self) -> tuple[Simulation | None, Simulation | None, str]:
        """The run today, the run with the levers if any are moved, and what is wrong."""
        from metrics_lab.engine.simulate import simulate

        if self.model is None or not self.ranges:
            return None, None, ""
        try:
            today = simulate(self.model, self.ranges, correlations=self.correlations)
        except (ModelError, QuantityError) as error:
            return None, None, str(error)
        if not self.moves:
            return today, None, ""
        try:
            return today, today.what_if(self.moves), ""
        except ModelError as error:
            return today, None, str(error)

    @property
    def today(self) -> Simulation | None:
        """The run with the ranges alone."""
        return self._runs[0]

    @property
    def moved(self) -> Simulation | None:
        """The run with the levers on the same points; None while none is moved."""
        return self._runs[1]

    @property
    def run(self) -> Simulation | None:
        """The run that the charts show: with the levers, if any are moved."""
        return self.moved or self.today

    @property
    def problem(self) -> str:
        """Why there is nothing, or not all, to show."""
        return self.page.problem or self._runs[2]

    @cached_property
    def rows(self) -> list[Row]:
        """The figures with a formula that vary: the middle, and nine times in ten."""
        if self.today is None or self.model is None:
            return []
        shown = [s for s in self.symbols if s not in self.model.given or s == self.figure]
        return [self._row(symbol) for symbol in shown]

    @property
    def record(self) -> str:
        """What names the run, so that it can be repeated."""
        run = self.run
        if run is None:
            return ""
        return f"{run.n:,} points, seed {run.seed}, model {run.model_hash}"

    @cached_property
    def answer(self) -> str:
        """The figure's range in one sentence; "" where it has no value."""
        run = self.run
        if run is None or not self.figure or run.missing(self.figure) == run.n:
            return ""
        low, high = run.interval(self.figure)
        name, levers = capital(self.label(self.figure)), " with the levers" if self.moved else ""
        return (
            f"{name}{levers}: {self.say(self.figure, run.median(self.figure))} in the middle; "
            f"nine times in ten from {self.say(self.figure, low)} to "
            f"{self.say(self.figure, high)} (hypothetical)."
        )

    @cached_property
    def place(self) -> str:
        """Where today's one number stands among the samples, if it is far from the middle."""
        if self.today is None or self.model is None or self._is_empty(self.today):
            return ""
        value = self.page.outcome.before.get(self.figure)
        if value is None:
            return ""
        below = self.today.chance(self.figure, "<", value)
        if MIDDLE[0] <= below <= MIDDLE[1]:
            return ""
        side = "up than down" if below < MIDDLE[0] else "down than up"
        return (
            f"The values of today give {self.say(self.figure, value)}, and only "
            f"{_of_a_hundred(min(below, 1 - below))} samples lie "
            f"{'below' if below < MIDDLE[0] else 'above'} that: taken together, the ranges reach "
            f"further {side} from today."
        )

    @cached_property
    def gain(self) -> str:
        """What the levers do, sample by sample on the same points; "" without levers."""
        from metrics_lab.engine.simulate import compare

        if self.today is None or self.moved is None or self._is_empty(self.moved):
            return ""
        difference = compare(self.today, self.moved)
        low, high = difference.interval(self.figure)
        more = difference.chance(self.figure, ">", 0)
        return (
            f"The levers change it by {self._signed(difference.median(self.figure))} "
            f"(nine times in ten {self._signed(low)} to {self._signed(high)}); it rises in "
            f"{_of_a_hundred(more)} samples."
        )

    @cached_property
    def _goal(self) -> tuple[float | None, str]:
        """The target in the figure's own unit, and what is wrong with it."""
        text = self.asked.goal.strip()
        if not text:
            return None, ""
        number = read_number(text)
        if number is None or len(text) > LONGEST_GOAL:
            return None, "Write a number, such as 6 million, 30 or 2.5 %."
        if "%" in text or (self.figure and self._is_share):
            number /= 100
        return number, ""

    @property
    def goal(self) -> float | None:
        """The target, a share as a part of 1; None without one."""
        return self._goal[0]

    @property
    def goal_error(self) -> str:
        """Why the typed target is not used."""
        return self._goal[1]

    @property
    def goal_unit(self) -> str:
        """What stands behind the target's field."""
        return "%" if self.figure and self._is_share else ""

    @property
    def goal_words(self) -> str:
        """The target in words, as "at least $6.0 million"."""
        if self.goal is None:
            return ""
        return f"{SIGN_WORDS[self.sign]} {format_value(self.goal, self.unit(self.figure))}"

    @cached_property
    def chance(self) -> str:
        """The chance that the target is met, in one sentence."""
        if self.run is None or self.goal is None:
            return ""
        words = f"{capital(self.label(self.figure))} is {self.goal_words} in "
        now = self.run.chance(self.figure, self.sign, self.goal)
        words += f"{_of_a_hundred(now)} samples"
        if self.moved and self.today:
            before = self.today.chance(self.figure, self.sign, self.goal)
            words += f" with the levers, and in {_of_a_hundred(before)} without them"
        return f"{words}."

    @cached_property
    def cautions(self) -> list[str]:
        """What a reader has to know about the samples."""
        run = self.run
        if run is None or self.model is None:
            return []
        found = []
        if missing := run.missing(self.figure):
            found.append(
                f"In {missing:,} of {run.n:,} samples {within(self.label(self.figure))} has no "
                "value, because a formula divides by zero or a share would pass 100 %. They are "
                "left out of the range and count as missing a target."
            )
        for symbol, count in run.held.items():
            if count:
                found.append(
                    f"In {count:,} of {run.n:,} samples the lever stops "
                    f"{within(self.label(symbol))} at 0 or 100 %."
                )
        return found

    @cached_property
    def spreads(self) -> dict[str, Any]:
        """The table of what went in: each range, how it is spread, and where it is from."""
        rows = [
            [
                capital(item.label),
                f"{self.say(item.symbol, item.low)} to {self.say(item.symbol, item.high)}",
                KIND_WORDS[self.ranges[item.symbol].kind],
                item.status,
            ]
            for item in self.inputs
            if item.symbol in self.ranges and item.low is not None and item.high is not None
        ]
        return {
            "caption": "The ranges that went in",
            "columns": ["Input", "Nine times in ten", "Spread as", "Status"],
            "rows": rows,
        }

    def label(self, symbol: str) -> str:
        """Return a figure's name for people."""
        return self.page.sheet.label(symbol)

    def unit(self, symbol: str) -> str:
        """Return a figure's unit."""
        return self.page.sheet.unit(symbol) or "number"

    def say(self, symbol: str, value: float | None) -> str:
        """Return a value in three digits, for more would claim what samples do not know."""
        return "?" if value is None else said(value, self.unit(symbol))

    def short(self, value: float) -> str:
        """Return a value of the figure as a chart has room for it: "$5.31 M"."""
        return shortened(said(value, self.unit(self.figure)))

    @property
    def _is_share(self) -> bool:
        run = self.today
        middle = 0.0
        if run is not None and not self._is_empty(run):
            middle = run.median(self.figure)
        return is_share(self.unit(self.figure), middle)

    def _is_empty(self, run: Samples) -> bool:
        return run.missing(self.figure) == run.n

    def _signed(self, value: float) -> str:
        sign = "+" if value >= 0 else "−"
        return sign + self.say(self.figure, abs(value))

    def _row(self, symbol: str) -> Row:
        today = cast("Simulation", self.today)
        return Row(
            symbol,
            capital(self.label(symbol)),
            self._median(today, symbol),
            self._interval(today, symbol),
            self._interval(self.moved, symbol) if self.moved else "",
            today.missing(symbol),
        )

    def _median(self, run: Simulation, symbol: str) -> str:
        return "?" if run.missing(symbol) == run.n else self.say(symbol, run.median(symbol))

    def _interval(self, run: Simulation, symbol: str) -> str:
        if run.missing(symbol) == run.n:
            return "?"
        return " to ".join(self.say(symbol, end) for end in run.interval(symbol))


def rank_words(pair: Together) -> str:
    """Return what a rank correlation says, in words with its number."""
    size = abs(pair.rank)
    how = "loosely" if size < LOOSE else "clearly" if size < CLOSE else "closely"
    tends = "high" if pair.rank > 0 else "low"
    sign = "−" if pair.rank < 0 else ""
    return f"{how} ({sign}{plain(size)}): where one is high, the other tends to be {tends}"


def said(value: float, unit: str) -> str:
    """Return a value in words, rounded to three digits."""
    return format_value(float(f"{value:.{DIGITS}g}"), unit)


def shortened(words: str) -> str:
    """Return words with letters for millions: "$5.31 M"."""
    for long, letters in SHORT.items():
        words = words.replace(f" {long}", f" {letters}")
    return words


def band_of(item: Input) -> tuple[float, float]:
    """Return the ends over which a fan goes: the slider's, or else the range's."""
    found = _band(item)
    if found is None:
        raise ValueError(f"{item.symbol} has neither a band nor a range.")
    return found


def steps_between(low: float, high: float, count: int) -> Sequence[float]:
    """Return so many amounts from end to end, evenly apart."""
    return [low + (high - low) * step / (count - 1) for step in range(count)]


def _band(item: Input) -> tuple[float, float] | None:
    if item.band and item.band[0] < item.band[1]:
        return item.band
    if item.low is not None and item.high is not None and item.low < item.high:
        return item.low, item.high
    return None


def _range_of(item: Input) -> Range:
    """Return an input's range, fitted, so that one that cannot be is found here and not later."""
    status: Status = "assumed" if item.status == "unknown" else item.status
    low, high = cast("float", item.low), cast("float", item.high)
    found = Range.of(low, high, item.unit, status=status, source=item.source)
    _ = found.median
    return found


def _of_a_hundred(share: float) -> str:
    """Return a chance as people say it, without the false certainty of a rounded 0 or 100."""
    hundredths = round(share * 100)
    if hundredths == 0 and share > 0:
        return "less than 1 of 100"
    if hundredths == 100 and share < 1:
        return "more than 99 of 100"
    return f"{hundredths} of 100"
