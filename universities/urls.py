"""universities/: joining one, and a university's own pages."""

from django.urls import include, path

from universities.views import cohorts, invitations, joining, members, settings

# universities/<slug>/
university_urls = [
    path("", joining.university_detail, name="university-detail"),
    path("leave/", joining.university_leave, name="university-leave"),
    path("members/", members.member_list, name="member-list"),
    path("members/<uuid:pk>/role/", members.member_role, name="member-role"),
    path("members/<uuid:pk>/remove/", members.member_remove_page, name="member-remove"),
    path("invitations/", invitations.invitation_list, name="invitation-list"),
    path(
        "invitations/<uuid:pk>/again/", invitations.invitation_send_again, name="invitation-again"
    ),
    path(
        "invitations/<uuid:pk>/revoke/", invitations.invitation_take_back, name="invitation-revoke"
    ),
    path("import/", invitations.roster_import, name="roster-import"),
    path("import/<uuid:pk>/", invitations.roster_preview, name="roster-preview"),
    path("cohorts/", cohorts.cohort_list, name="cohort-list"),
    path("cohorts/<uuid:pk>/", cohorts.cohort_detail, name="cohort-detail"),
    path("cohorts/<uuid:pk>/name/", cohorts.cohort_rename_page, name="cohort-rename"),
    path(
        "cohorts/<uuid:pk>/<uuid:member_pk>/remove/",
        cohorts.cohort_take_out,
        name="cohort-take-out",
    ),
    path("keys/", settings.api_key_list, name="api-key-list"),
    path("keys/<uuid:pk>/rotate/", settings.api_key_replace, name="api-key-rotate"),
    path("keys/<uuid:pk>/revoke/", settings.api_key_end, name="api-key-revoke"),
    path("settings/", settings.university_settings, name="university-settings"),
    path("settings/code/", settings.join_code_renew, name="join-code-renew"),
    path("audit/", settings.audit_list, name="audit-list"),
]

urlpatterns = [
    path("", joining.university_home, name="university-home"),
    path("invitations/<str:token>/", joining.invitation_page, name="invitation-accept"),
    path("<slug:slug>/", include(university_urls)),
]
