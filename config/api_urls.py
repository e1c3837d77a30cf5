"""api/v1/: one table of the API's addresses."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularJSONAPIView

from config.api_docs import api_docs
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
]
