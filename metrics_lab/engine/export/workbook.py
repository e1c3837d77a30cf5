"""A model as an XLSX workbook with live formulas: change an input and the rest follows."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from metrics_lab.engine.export.excel import excel_formula
from metrics_lab.engine.export.model_words import (
    HYPOTHETICAL,
    Ranges,
    Scenario,
    formula_words,
    unit_words,
)
from metrics_lab.engine.graph import Model, close
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.simulate import Correlations, model_hash
from metrics_lab.engine.wording import currency, kind_of, with_unit

Moves = Mapping[str, Lever]
SHEET, ABOUT = "Model", "About"
HEAD_ROW = 3
FIRST_SCENARIO = 3
SIGNS = {"usd": '"$"', "eur": '"€"', "gbp": '"£"'}
# The file format wants a date of making; a fixed one keeps the same model the same file.
NO_DATE = datetime(1980, 1, 1)  # noqa: DTZ001 (the format knows no zones)
LONGEST_TEXT = 32_000
"""A cell of the format holds 32,767 characters."""


def xlsx_of(
    model: Model,
    columns: Sequence[Scenario],
    title: str,
    note: str = "",
    ranges: Ranges = MappingProxyType({}),
    correlations: Correlations = MappingProxyType({}),
    levers: Sequence[Sequence[Lever]] = (),
) -> bytes:
    """Return the workbook of a model: one column a scenario, and a sheet that says what it is.

    Inputs are cells to change, derived figures are formulas over them with the engine's value
    stored beside. An input that a later scenario leaves alone follows the first column, and so
    does one that a lever multiplies or adds to: it stands as a formula over that column.

    Args:
        columns: name and overrides of each scenario, the one of today first.
        title: what the model is called.
        note: where it comes from; stands on the sheet "About".
        ranges: the inputs that are not known exactly; they are named, and are part of the hash.
        correlations: the pairs of them that go together; named and part of the hash as well.
        levers: the levers of each column, in its order, where it comes from levers.

    Raises:
        ModelError: a scenario names an unknown symbol, or a formula has no value in it.
    """
    import xlsxwriter  # takes 0.1 s to load, and few pages need it

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": title[:200], "created": NO_DATE})
        moves = _moves(model, columns, levers)
        page = _Page(book, model, columns, moves, ranges)
        page.write(title)
        notes = [
            note,
            *_together_words(model, correlations),
            *_hash_words(model, ranges, correlations),
        ]
        _write_about(book, title, notes, _moved_words(model, columns, moves))
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Look:
    """How a cell looks: bold, colored, a number format."""

    kind: str
    number_format: str = "General"


LOOKS: Mapping[str, Mapping[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "head": {"bold": True, "bottom": 1, "text_wrap": True},
    "section": {"bold": True, "font_color": "#6b655b"},
    "input": {"font_color": "#2a49bf", "locked": False},
    "linked": {"font_color": "#2a693d"},
    "lever": {"font_color": "#2a49bf", "bg_color": "#fbeed2", "bold": True},
    "formula": {},
}


class _Page:
    """The sheet with the model: where each symbol stands, and what is written there."""

    def __init__(
        self,
        book: Any,
        model: Model,
        columns: Sequence[Scenario],
        moves: Sequence[Moves],
        ranges: Ranges,
    ) -> None:
        self.book, self.model, self.columns, self.ranges = book, model, columns, ranges
        self.moves = moves
        self.sheet = book.add_worksheet(SHEET)
        self.formats: dict[_Look, Any] = {}
        derived = [rule.symbol for rule in model.rules]
        inputs_at = HEAD_ROW + 2
        derived_at = inputs_at + len(model.given) + 1
        self.rows = {s: inputs_at + i for i, s in enumerate(model.given)}
        self.rows |= {s: derived_at + i for i, s in enumerate(derived)}
        self.derived_at = derived_at

    def write(self, title: str) -> None:
        """Write the whole sheet."""
        self._text(0, 0, title, "head")
        self._text(1, 0, HYPOTHETICAL, "text")
        names = ("Figure", "Unit", "Formula", *(name for name, _ in self.columns))
        for column, name in enumerate(names):
            self._text(HEAD_ROW, column, name, "head")
        self._text(HEAD_ROW + 1, 0, "Inputs", "section")
        self._text(self.derived_at - 1, 0, "Computed", "section")
        for symbol, row in self.rows.items():
            self._text(row, 0, self.model.label(symbol), "text")
            self._text(row, 1, unit_words(self.model, symbol), "text")
            self._text(row, 2, formula_words(self.model, symbol, self.ranges), "text")
        for index, (_, overrides) in enumerate(self.columns):
            self._scenario(index, overrides)
        self.sheet.set_column(0, 0, 34)
        self.sheet.set_column(1, 2, 28)
        self.sheet.set_column(FIRST_SCENARIO, FIRST_SCENARIO + len(self.columns), 18)
        self.sheet.freeze_panes(HEAD_ROW + 1, 1)

    def _scenario(self, index: int, overrides: Mapping[str, float]) -> None:
        values = self.model.evaluate(overrides)
        column = FIRST_SCENARIO + index
        cells = {symbol: _cell(row, column) for symbol, row in self.rows.items()}
        for symbol, row in self.rows.items():
            rule, value = self.model.rule(symbol), values[symbol]
            shown = number_format(value, self.model.units.get(symbol, ""))
            if lever := self.moves[index].get(symbol):
                moved = _moved(_cell(row, FIRST_SCENARIO), lever)
                self.sheet.write_formula(row, column, moved, self._format("lever", shown), value)
            elif symbol in overrides:
                kind = "lever" if index or rule else "input"
                self.sheet.write_number(row, column, value, self._format(kind, shown))
            elif rule is not None:
                formula = excel_formula(rule.formula.tree, cells)
                look = self._format("formula", shown)
                self.sheet.write_formula(row, column, formula, look, value)
            elif index and symbol not in self.columns[0][1]:
                today = f"={_cell(row, FIRST_SCENARIO)}"
                look = self._format("linked", shown)
                self.sheet.write_formula(row, column, today, look, value)
            else:
                self.sheet.write_number(row, column, value, self._format("input", shown))

    def _text(self, row: int, column: int, text: str, kind: str) -> None:
        # write_string, and never write: a text that begins with "=" has to stay a text.
        self.sheet.write_string(row, column, _clean(text), self._format(kind))

    def _format(self, kind: str, number: str = "General") -> Any:
        look = _Look(kind, number)
        if look not in self.formats:
            self.formats[look] = self.book.add_format({**LOOKS[kind], "num_format": number})
        return self.formats[look]


def number_format(value: float, unit: str) -> str:
    """Return the spreadsheet's format for a figure: percent, money, whole thousands or plain."""
    kind = kind_of(unit) if unit.strip() not in ("", "1") else "plain"
    if kind == "share" and abs(value) < 1.5:
        return "0.00%"
    decimals = "" if abs(value) >= 1000 or value == round(value) else ".00"
    if kind == "money":
        return f"{SIGNS[currency(unit)]}#,##0{decimals}"
    return "#,##0" if abs(value) >= 1000 else "General"


def _moves(
    model: Model, columns: Sequence[Scenario], levers: Sequence[Sequence[Lever]]
) -> list[Moves]:
    """Return, for each column, the levers that can stand as formulas over the first one.

    A figure that does not end where its own lever takes it (another had to follow, or it was set
    after all) stays a number.
    """
    if not levers:
        return [{} for _ in columns]
    held = columns[0][1]
    return [
        {
            lever.symbol: lever
            for lever in pulled
            if index
            and lever.how in ("add", "times")
            and lever.symbol in model.given
            and lever.symbol not in held
            and close(_after(model, lever), overrides.get(lever.symbol, math.nan))
        }
        for index, ((_, overrides), pulled) in enumerate(zip(columns, levers, strict=True))
    ]


def _after(model: Model, lever: Lever) -> float:
    value = model.given[lever.symbol]
    return value * lever.amount if lever.how == "times" else value + lever.amount


def _moved(today: str, lever: Lever) -> str:
    """Return a lever over the cell of today: "=D7*1.1", "=D7+0.005", "=D7-0.005"."""
    if lever.how == "times":
        amount = repr(lever.amount).upper()
        return f"={today}*{amount}" if lever.amount >= 0 else f"={today}*({amount})"
    return f"={today}{'+' if lever.amount >= 0 else '-'}{repr(abs(lever.amount)).upper()}"


def _write_about(book: Any, title: str, notes: Sequence[str], by_hand: Sequence[str]) -> None:
    sheet = book.add_worksheet(ABOUT)
    bold, wrap = book.add_format(LOOKS["head"]), book.add_format(LOOKS["text"])
    lines = [
        HYPOTHETICAL,
        *(note for note in notes if note),
        "Blue figures are inputs: change one and everything that follows from it is computed"
        " again. Green ones repeat the first column. Black ones are formulas.",
        "A shaded figure was moved in its scenario. A number was set by hand and follows nothing;"
        " a formula multiplies the first column or adds to it, and goes on following it.",
        "A share is a number from 0 to 1, shown as a percentage: 2 % is 0.02.",
    ]
    sheet.write_string(0, 0, _clean(title), bold)
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, _clean(line), wrap)
    at = len(lines) + 2
    for row, line in enumerate(["What is moved", *by_hand], start=at):
        sheet.write_string(row, 0, _clean(line), bold if row == at else wrap)
    sheet.set_column(0, 0, 96)


def _together_words(model: Model, correlations: Correlations) -> list[str]:
    return [
        f"The ranges of {model.label(one)} and {model.label(other)} go together:"
        f" their rank correlation is {rank:g}."
        for (one, other), rank in correlations.items()
    ]


def _hash_words(model: Model, ranges: Ranges, correlations: Correlations) -> list[str]:
    return [
        f"Model {model_hash(model, ranges, correlations)}: these letters change when a figure,"
        " a formula or a range does, so two people can see whether they look at the same model."
    ]


def _moved_words(model: Model, columns: Sequence[Scenario], moves: Sequence[Moves]) -> list[str]:
    """Return a line for each figure that a scenario moves, with what it would be otherwise."""
    otherwise = model.evaluate()
    lines = [
        f"{name}: {model.label(symbol)} is {_words(model, symbol, value)}"
        f" instead of {_words(model, symbol, otherwise[symbol])}{_how(model, moved.get(symbol))}."
        for (name, overrides), moved in zip(columns, moves, strict=True)
        for symbol, value in overrides.items()
    ]
    return lines or ["Nothing: every scenario has the figures of the model."]


def _how(model: Model, lever: Lever | None) -> str:
    if lever is None:
        return ""
    if lever.how == "times":
        return f" (times {lever.amount:g})"
    sign, size = "plus" if lever.amount >= 0 else "less", abs(lever.amount)
    if kind_of(model.units.get(lever.symbol, "number")) == "share":
        return f" ({sign} {size * 100:g} points)"
    return f" ({sign} {size:g})"


def _words(model: Model, symbol: str, value: float) -> str:
    return with_unit(value, model.units.get(symbol, "number"))


def _cell(row: int, column: int) -> str:
    """Return the address of a cell, counted from 0: (3, 27) is AB4."""
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _clean(text: str) -> str:
    """Return text that the file format may hold: no control characters, not too long."""
    return "".join(c for c in text if c >= " " or c in "\t\n")[:LONGEST_TEXT]
