"""A workbook in a real spreadsheet: LibreOffice computes what the engine does.

Without LibreOffice these tests are skipped; tests/metrics_lab/spreadsheet.py reads the same
formulas everywhere.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from metrics_lab.engine.export.models import overrides_from, xlsx_of
from metrics_lab.engine.graph import Model
from metrics_lab.engine.scenario import Lever, what_if
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.engine.sheet.model import model_of

SOFFICE = shutil.which("soffice")
# Comma, quotes, UTF-8, from line 1; and numbers in full, not as the cell shows them.
AS_NUMBERS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"
PUSH = [
    Lever("visitors", "times", 1.1),
    Lever("return_rate", "add", -0.02),
    Lever("aov", "set", 33.0),
]
ODD = [
    "power = (a - b) ** 3",
    "minus = -(a ** 2)",
    "turned = b ** -2",
    "up = ceil(a / b)",
    "down = floor(-a / b)",
    "most = max(a, b, 0.5) - min(b, a)",
    "size = abs(b - a) + sqrt(a) * exp(b / a) + log(a)",
    "bell = phi(b / a) + z(0.975)",
]

pytestmark = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is not installed (Debian: apt install libreoffice-calc)"
)


def computed(book: bytes, folder: Path) -> list[list[str]]:
    """Return the first sheet's cells as LibreOffice computes them."""
    path = folder / "book.xlsx"
    path.write_bytes(book)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", AS_NUMBERS, "--outdir"]
    environment = {**os.environ, "HOME": str(folder)}
    subprocess.run(
        [*command, str(folder), str(path)],
        check=True,
        capture_output=True,
        timeout=180,
        env=environment,
    )
    return list(csv.reader((folder / "book.csv").read_text("utf-8").splitlines()))


def without_values(book: bytes, label: str, value: float) -> bytes:
    """Return the workbook with one input of today changed and nothing computed stored in it."""
    held = openpyxl.load_workbook(io.BytesIO(book))
    page = held["Model"]
    row = next(cell.row for cell in page["A"] if cell.value == label)
    page[f"D{row}"] = value
    out = io.BytesIO()
    held.save(out)
    return out.getvalue()


def number(text: str) -> float:
    """Return a cell's number; one with a percent format is written with its sign."""
    return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


def agrees(rows: list[list[str]], model: Model, column: int, wanted: dict[str, float]) -> None:
    """Compare one scenario's column with the engine's values."""
    found = {row[0]: row[column] for row in rows if len(row) > column and row[column]}
    for symbol in model.symbols:
        value = number(found[model.label(symbol)])
        assert value == pytest.approx(wanted[symbol], rel=1e-9), symbol


def shop(visitors: float = 10e6) -> Model:
    """Return the example shop with so many visitors."""
    sheet = EXAMPLES["shop"].make()
    computed_part = model_of(sheet).model
    return Model.build(
        [f"{rule.symbol} = {rule.formula.text}" for rule in computed_part.rules],
        {**computed_part.given, "visitors": visitors},
        sheet.labels,
        sheet.units,
    )


def test_a_workbook_is_computed_as_the_engine_does_after_an_input_changed(tmp_path: Path) -> None:
    model = shop()
    columns = [("Today", {}), ("Push", overrides_from(model, what_if(model, PUSH).after))]
    book = xlsx_of(model, columns, "Shop", levers=[[], PUSH])
    rows = computed(without_values(book, "Visitors", 14e6), tmp_path)
    changed = shop(14e6)
    agrees(rows, changed, 3, dict(changed.evaluate()))
    agrees(rows, changed, 4, dict(what_if(changed, PUSH).after))


def test_every_function_and_sign_is_computed_as_the_engine_does(tmp_path: Path) -> None:
    model = Model.build(ODD, {"a": 2.5, "b": 7.25})
    book = xlsx_of(model, [("Today", {})], "Odd")
    rows = computed(without_values(book, "a", 3.5), tmp_path)
    changed = Model.build(ODD, {"a": 3.5, "b": 7.25})
    agrees(rows, changed, 3, dict(changed.evaluate()))
