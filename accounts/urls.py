"""account/: a person's own pages. Signing in, passwords and addresses are allauth's."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.account_home, name="account-home"),
    path("notices/", views.account_notices, name="account-notices"),
    path("notices/read/", views.account_notices_read, name="account-notices-read"),
    path("notices/<int:pk>/", views.account_notice_open, name="account-notice-open"),
    path("sessions/end/", views.account_sessions_end, name="account-sessions-end"),
    path("sessions/<int:pk>/end/", views.account_session_end, name="account-session-end"),
    path("export/", views.account_export, name="account-export"),
    path("delete/", views.account_delete_page, name="account-delete"),
    path("deleted/", views.account_deleted, name="account-deleted"),
]
