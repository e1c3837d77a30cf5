"""api/v1/: one table of the API's addresses."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularJSONAPIView

from coach import api as coach
from config.api_docs import api_docs
from metrics_lab.api import catalogue as lab_catalogue
from metrics_lab.api import claims as lab_claims
from metrics_lab.api import compute as lab_compute
from metrics_lab.api import pretotype as lab_pretotype
from metrics_lab.api import sensitivity as lab_sensitivity
from metrics_lab.api import simulate as lab_simulate
from metrics_lab.api import size as lab_size
from questions import api as questions
from universities import api as universities

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("docs/", api_docs, name="api-docs"),
    # Members and cohorts
    path("members", universities.MemberListView.as_view(), name="api-member-list"),
    path("members/<uuid:pk>", universities.MemberDetailView.as_view(), name="api-member-detail"),
    path("cohorts", universities.CohortListView.as_view(), name="api-cohort-list"),
    path("cohorts/<uuid:pk>", universities.CohortDetailView.as_view(), name="api-cohort-detail"),
    path(
        "cohorts/<uuid:pk>/members",
        universities.CohortMembersView.as_view(),
        name="api-cohort-members",
    ),
    # Questions
    path("questions", questions.QuestionListView.as_view(), name="api-question-list"),
    path(
        "questions/<slug:slug>",
        questions.QuestionDetailView.as_view(),
        name="api-question-detail",
    ),
    # Assignments, submissions, results
    path("assignments", coach.AssignmentListView.as_view(), name="api-assignment-list"),
    path(
        "assignments/<uuid:pk>/standings",
        coach.AssignmentStandingsView.as_view(),
        name="api-assignment-standings",
    ),
    path("submissions", coach.SubmissionListView.as_view(), name="api-submission-list"),
    path(
        "submissions/<uuid:pk>",
        coach.SubmissionDetailView.as_view(),
        name="api-submission-detail",
    ),
    path("results", coach.ResultListView.as_view(), name="api-result-list"),
    # The metrics lab
    path("lab/compute", lab_compute.ComputeView.as_view(), name="api-lab-compute"),
    path("lab/simulate", lab_simulate.SimulateView.as_view(), name="api-lab-simulate"),
    path("lab/sensitivity", lab_sensitivity.SensitivityView.as_view(), name="api-lab-sensitivity"),
    path("lab/size", lab_size.SizeView.as_view(), name="api-lab-size"),
    path("lab/pretotype", lab_pretotype.PretotypeView.as_view(), name="api-lab-pretotype"),
    path("lab/claims", lab_claims.ClaimsView.as_view(), name="api-lab-claims"),
    path("lab/metrics", lab_catalogue.MetricListView.as_view(), name="api-lab-metric-list"),
    path(
        "lab/metrics/<slug:slug>",
        lab_catalogue.MetricDetailView.as_view(),
        name="api-lab-metric-detail",
    ),
    path(
        "lab/metrics/<slug:slug>/compute",
        lab_catalogue.MetricComputeView.as_view(),
        name="api-lab-metric-compute",
    ),
]
