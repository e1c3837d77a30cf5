"""Reading sheets: the stored rows as the engine's values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from metrics_lab.engine.quantity import Range, Status
from metrics_lab.engine.scenario import How, Lever
from metrics_lab.engine.sheet.json_form import sheet_of
from metrics_lab.engine.sheet.model import Sheet as Model
from metrics_lab.models import Scenario, Sheet


def model_in(sheet: Sheet) -> Model:
    """Return the model that a row holds."""
    return sheet_of(sheet.document)


def levers_of(data: Any, model: Model) -> list[Lever]:
    """Return stored levers, without those of figures that the sheet no longer holds."""
    rows = data if isinstance(data, list) else []
    found = [
        Lever(row["symbol"], row["how"], float(row["amount"]))
        for row in rows
        if row.get("symbol") in model.inputs and row.get("how") in get_args(How)
    ]
    return list({lever.symbol: lever for lever in found}.values())


@dataclass(frozen=True)
class Scenarios:
    """The scenarios of a sheet: what is being moved, and what was named."""

    draft: Scenario | None
    named: list[Scenario]

    def find(self, pk: str) -> Scenario | None:
        """Return the named scenario of a number as it stands in an address."""
        return next((one for one in self.named if str(one.pk) == pk), None)


def scenarios_of(sheet: Sheet) -> Scenarios:
    """Return all scenarios of a sheet; one query."""
    rows = list(sheet.scenarios.all())
    return Scenarios(
        draft=next((one for one in rows if one.is_draft), None),
        named=[one for one in rows if not one.is_draft],
    )


def moved_scenarios(sheet: Sheet, model: Model) -> list[tuple[str, list[Lever]]]:
    """Return the scenarios of a sheet in which something is moved, with their names, draft last."""
    found = scenarios_of(sheet)
    rows = [*found.named, *([found.draft] if found.draft else [])]
    return [(str(row), levers) for row in rows if (levers := levers_of(row.levers, model))]


def ranges_of(model: Model) -> dict[str, Range]:
    """Return the ranges of a sheet's inputs, by symbol."""
    return {
        symbol: Range.of(
            item.low, item.high, item.unit, status=_stated(item.status), source=item.source
        )
        for symbol, item in model.inputs.items()
        if item.low is not None and item.high is not None
    }


def _stated(status: str) -> Status:
    return "given" if status == "given" else "measured" if status == "measured" else "assumed"
