"""questions/: the bank."""

from django.urls import path

from questions import views

urlpatterns = [
    path("", views.question_list, name="question-list"),
    path("<slug:slug>/", views.question_detail, name="question-detail"),
]
