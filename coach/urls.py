"""Addresses of the coach: practice/, desk/, and what universities assign."""

from django.urls import path

from coach.views import (
    assignments,
    desk,
    lab,
    language_model,
    palette,
    practice,
    report,
    shares,
    submissions,
)

urlpatterns = [
    path("find/", palette.find, name="find"),
    path("shared/<str:token>/", shares.follow, name="share-follow"),
    # practice/
    path("practice/", practice.home, name="practice-home"),
    path("practice/start/<slug:slug>/", practice.start, name="practice-start"),
    path("practice/<uuid:attempt_id>/", practice.resume, name="practice-resume"),
    path("practice/<uuid:attempt_id>/finish/", practice.finish, name="practice-finish"),
    path("practice/<uuid:attempt_id>/report/", report.report_page, name="practice-report"),
    path(
        "practice/<uuid:attempt_id>/report/<slug:step>/",
        report.report_step,
        name="practice-report-step",
    ),
    path(
        "practice/<uuid:attempt_id>/suggestions/<int:suggestion_id>/",
        language_model.suggestion_take_off,
        name="practice-suggestion",
    ),
    path("practice/<uuid:attempt_id>/lab/", lab.lab, name="practice-lab"),
    path("practice/<uuid:attempt_id>/lab/put/", lab.put, name="practice-lab-put"),
    path("practice/<uuid:attempt_id>/lab/sheet/", lab.sheet, name="practice-lab-sheet"),
    path("practice/<uuid:attempt_id>/hand-in/", submissions.hand_in, name="hand-in"),
    # practice/<attempt>/<step>/
    path("practice/<uuid:attempt_id>/<slug:step>/", practice.step, name="practice-step"),
    path("practice/<uuid:attempt_id>/<slug:step>/say/", practice.say, name="practice-say"),
    path("practice/<uuid:attempt_id>/<slug:step>/draft/", practice.draft, name="practice-draft"),
    path(
        "practice/<uuid:attempt_id>/<slug:step>/artefact/",
        practice.artefact,
        name="practice-artefact",
    ),
    path("practice/<uuid:attempt_id>/<slug:step>/hint/", practice.hint, name="practice-hint"),
    path("practice/<uuid:attempt_id>/<slug:step>/assume/", practice.assume, name="practice-assume"),
    path("practice/<uuid:attempt_id>/<slug:step>/done/", practice.done, name="practice-done"),
    path(
        "practice/<uuid:attempt_id>/<slug:step>/feedback/",
        practice.step_feedback,
        name="practice-feedback",
    ),
    path("practice/<uuid:attempt_id>/<slug:step>/revise/", report.revise, name="practice-revise"),
    path(
        "practice/<uuid:attempt_id>/<slug:step>/ask-again/",
        practice.ask_again,
        name="practice-ask-again",
    ),
    # account/: what the coach adds to one's own pages
    path(
        "account/language-model/",
        language_model.language_model_consent,
        name="account-language-model",
    ),
    # submissions/
    path("submissions/<uuid:submission_id>/", submissions.detail, name="submission-detail"),
    path(
        "submissions/<uuid:submission_id>/withdraw/",
        submissions.withdraw,
        name="submission-withdraw",
    ),
    # desk/
    path("desk/", desk.queue, name="desk-queue"),
    path("desk/<uuid:submission_id>/", desk.submission, name="desk-submission"),
    path("desk/<uuid:submission_id>/claim/", desk.claim, name="desk-claim"),
    path("desk/reviews/<uuid:review_id>/give-back/", desk.give_back, name="desk-give-back"),
    path("desk/reviews/<uuid:review_id>/close/", desk.close, name="desk-close"),
    path("desk/reviews/<uuid:review_id>/recall/", desk.recall, name="desk-recall"),
    path("desk/reviews/<uuid:review_id>/<slug:step>/marks/", desk.marks, name="desk-marks"),
    path("desk/reviews/<uuid:review_id>/<slug:step>/comment/", desk.comment, name="desk-comment"),
    path(
        "desk/reviews/<uuid:review_id>/<slug:step>/findings/<int:position>/",
        desk.decide,
        name="desk-decide",
    ),
    # universities/<slug>/: what the coach adds to a university
    path(
        "universities/<slug:slug>/assignments/",
        assignments.assignment_list,
        name="assignment-list",
    ),
    path(
        "universities/<slug:slug>/assignments/<uuid:assignment_id>/",
        assignments.assignment_detail,
        name="assignment-detail",
    ),
    path(
        "universities/<slug:slug>/assignments/<uuid:assignment_id>/delete/",
        assignments.assignment_delete,
        name="assignment-delete",
    ),
    path("universities/<slug:slug>/links/", shares.link_list, name="share-link-list"),
    path(
        "universities/<slug:slug>/links/<uuid:pk>/close/",
        shares.link_close,
        name="share-link-close",
    ),
    path("universities/<slug:slug>/results.csv", assignments.results_export, name="results-export"),
]
