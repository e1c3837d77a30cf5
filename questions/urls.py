"""questions/: the bank."""

from django.urls import path

from questions.views import bank

urlpatterns = [
    path("", bank.question_list, name="question-list"),
    path("<slug:slug>/", bank.question_detail, name="question-detail"),
]
