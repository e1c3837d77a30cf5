"""lab/: the catalogue of metrics."""

from django.urls import path

from metrics_lab.views import (
    analysis,
    catalogue,
    cohorts,
    experiment,
    lessons,
    pretotype,
    priority,
    sheet_parts,
    sheet_scenarios,
    sheet_share,
    sheets,
)

urlpatterns = [
    path("", catalogue.home, name="lab-home"),
    path("metrics/<slug:metric_id>/", catalogue.metric, name="lab-metric"),
    path("cohorts/", cohorts.cohorts, name="lab-cohorts"),
    path("priority/", priority.priority, name="lab-priority"),
    path("lessons/", lessons.lesson_list, name="lab-lessons"),
    path("lessons/<slug:slug>/", lessons.lesson, name="lab-lesson"),
    path("experiment/", experiment.experiment, name="lab-experiment"),
    path("pretotype/", pretotype.pretotype, name="lab-pretotype"),
    # sheets/
    path("sheets/", sheets.sheet_list, name="lab-sheet-list"),
    path("sheets/new/", sheets.sheet_new, name="lab-sheet-new"),
    path("sheets/<uuid:sheet_id>/", sheets.sheet_page, name="lab-sheet"),
    path("sheets/<uuid:sheet_id>/analysis/", analysis.analysis, name="lab-sheet-analysis"),
    path("sheets/<uuid:sheet_id>/together/", analysis.together, name="lab-sheet-together"),
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
    path("sheets/<uuid:sheet_id>/guesses/", sheet_parts.guesses, name="lab-sheet-guesses"),
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
    path("sheets/<uuid:sheet_id>/share/", sheet_share.share, name="lab-sheet-share"),
    path("sheets/<uuid:sheet_id>/copy/", sheet_share.duplicate, name="lab-sheet-duplicate"),
    path("sheets/<uuid:sheet_id>/sheet.csv", sheet_share.export_csv, name="lab-sheet-csv"),
    path("sheets/<uuid:sheet_id>/sheet.xlsx", sheet_share.export_xlsx, name="lab-sheet-xlsx"),
    # shared/
    path("shared/<str:token>/", sheet_share.shared, name="lab-shared"),
    path("shared/<str:token>/copy/", sheet_share.shared_copy, name="lab-shared-copy"),
]
