"""lab/: the catalogue of metrics."""

from django.urls import path

from metrics_lab.views import catalogue, experiment, sheet_parts, sheet_scenarios, sheets

urlpatterns = [
    path("", catalogue.home, name="lab-home"),
    path("metrics/<slug:metric_id>/", catalogue.metric, name="lab-metric"),
    path("experiment/", experiment.experiment, name="lab-experiment"),
    # sheets/
    path("sheets/", sheets.sheet_list, name="lab-sheet-list"),
    path("sheets/new/", sheets.sheet_new, name="lab-sheet-new"),
    path("sheets/<uuid:sheet_id>/", sheets.sheet_page, name="lab-sheet"),
    path("sheets/<uuid:sheet_id>/check/", sheets.sheet_check, name="lab-sheet-check"),
    path("sheets/<uuid:sheet_id>/side-by-side/", sheet_scenarios.compare, name="lab-sheet-compare"),
    path(
        "sheets/<uuid:sheet_id>/scenarios/<int:scenario_id>/",
        sheet_scenarios.scenario,
        name="lab-sheet-scenario",
    ),
    path("sheets/<uuid:sheet_id>/parts/", sheet_parts.parts, name="lab-sheet-parts"),
    path("sheets/<uuid:sheet_id>/name/", sheet_parts.title, name="lab-sheet-title"),
    path("sheets/<uuid:sheet_id>/undo/", sheet_parts.undo, name="lab-sheet-undo"),
    path("sheets/<uuid:sheet_id>/delete/", sheet_parts.delete, name="lab-sheet-delete"),
    path("sheets/<uuid:sheet_id>/inputs/", sheet_parts.input_edit, name="lab-sheet-input-add"),
    path(
        "sheets/<uuid:sheet_id>/inputs/<slug:symbol>/",
        sheet_parts.input_edit,
        name="lab-sheet-input",
    ),
    path(
        "sheets/<uuid:sheet_id>/formulas/", sheet_parts.formula_edit, name="lab-sheet-formula-add"
    ),
    path(
        "sheets/<uuid:sheet_id>/formulas/<slug:symbol>/",
        sheet_parts.formula_edit,
        name="lab-sheet-formula",
    ),
    path(
        "sheets/<uuid:sheet_id>/figures/<slug:symbol>/remove/",
        sheet_parts.remove,
        name="lab-sheet-remove",
    ),
]
