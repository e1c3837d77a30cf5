"""questions/: the bank."""

from django.urls import path

from questions.views import bank, collections, discussion, interest, saved_lists

urlpatterns = [
    path("", bank.question_list, name="question-list"),
    # questions/moderation/
    path("moderation/", discussion.moderation, name="question-moderation"),
    path("moderation/<int:pk>/", discussion.comment_decide, name="comment-decide"),
    # questions/requests/
    path("requests/", interest.request_list, name="request-list"),
    path("requests/<int:pk>/vote/", interest.request_vote, name="request-vote"),
    path("requests/<int:pk>/take-back/", interest.request_take_back, name="request-take-back"),
    # questions/comments/
    path("comments/<int:pk>/", discussion.comment_open, name="comment-open"),
    path("comments/<int:pk>/edit/", discussion.comment_edit, name="comment-edit"),
    path("comments/<int:pk>/delete/", discussion.comment_delete, name="comment-delete"),
    path("comments/<int:pk>/vote/", discussion.comment_vote, name="comment-vote"),
    path("comments/<int:pk>/report/", discussion.comment_report, name="comment-report"),
    # questions/collections/
    path("collections/", collections.collection_list, name="collection-list"),
    path("collections/<slug:slug>/", collections.collection_detail, name="collection-detail"),
    # questions/lists/
    path("lists/", saved_lists.list_index, name="list-index"),
    path("lists/<slug:slug>/", saved_lists.list_detail, name="list-detail"),
    path("lists/<slug:slug>/change/", saved_lists.list_change, name="list-change"),
    path("lists/<slug:slug>/delete/", saved_lists.list_delete, name="list-delete"),
    path("lists/<slug:slug>/<slug:question>/move/", saved_lists.item_move, name="list-move"),
    path("lists/<slug:slug>/<slug:question>/note/", saved_lists.item_note, name="list-note"),
    path(
        "lists/<slug:slug>/<slug:question>/take-out/",
        saved_lists.item_take_out,
        name="list-take-out",
    ),
    # questions/<slug>/
    path("<slug:slug>/", bank.question_detail, name="question-detail"),
    path("<slug:slug>/lists/", saved_lists.question_lists, name="question-lists"),
    path("<slug:slug>/comments/", discussion.comment_add, name="comment-add"),
    path("<slug:slug>/asked/", interest.asked_add, name="asked-add"),
    path("<slug:slug>/asked/<int:pk>/take-back/", interest.asked_take_back, name="asked-take-back"),
]
