"""What the bank holds about a person: what they wrote, voted for, reported, asked for and saved."""

from __future__ import annotations

from django.db.models import F

from accounts.models import User
from accounts.privacy import PersonalData, registry
from questions.models import (
    Asked,
    Collection,
    CollectionItem,
    Comment,
    CommentReport,
    CommentVote,
    QuestionRequest,
    RequestVote,
)

TALK = "To let people help each other with a case."
WISH = "To know which questions to write next."


def _comments_erase(user: User) -> None:
    """Take the words of a person's comments away; replies of others keep their place."""
    own_replies = Comment.objects.filter(author=user, parent__isnull=False)
    left = [parent for parent in own_replies.values_list("parent", flat=True) if parent]
    own_replies.delete()
    Comment.objects.filter(author=user, replies__isnull=True).delete()
    for comment in Comment.objects.filter(author=user, deleted_at__isnull=True):
        comment.delete_words()
    # An empty place whose last reply has gone has nothing to keep its place for.
    Comment.objects.filter(pk__in=left, deleted_at__isnull=False, replies__isnull=True).delete()


def _comment_votes_erase(user: User) -> None:
    """Take a person's votes out of the counts as well."""
    voted = Comment.objects.filter(votes__user=user)
    voted.update(score=F("score") - 1)
    CommentVote.objects.filter(user=user).delete()


def _request_votes_erase(user: User) -> None:
    """Take a person's votes out of the counts as well."""
    voted = QuestionRequest.objects.filter(votes__user=user)
    voted.update(score=F("score") - 1)
    RequestVote.objects.filter(user=user).delete()


registry.register(
    PersonalData(
        model=Comment,
        title="Your comments and questions",
        purpose=TALK,
        rows=lambda user: Comment.objects.filter(author=user),
        fields=(
            "question__slug", "kind", "text", "spoils", "score", "created_at", "edited_at",
            "deleted_at", "hidden_at",
        ),
        withheld={"html": "the same text, made ready for the page"},
        erase=_comments_erase,
        kept="Where others replied to you, their replies stay below an empty place.",
    )
)  # fmt: skip
registry.register(
    PersonalData(
        model=CommentVote,
        title="Comments you found useful",
        purpose=TALK,
        rows=lambda user: CommentVote.objects.filter(user=user),
        fields=("comment_id", "created_at"),
        erase=_comment_votes_erase,
    )
)
registry.register(
    PersonalData(
        model=CommentReport,
        title="Comments you reported",
        purpose="To keep the discussion kind and free of solutions.",
        rows=lambda user: CommentReport.objects.filter(reporter=user),
        fields=("comment_id", "reason", "note", "created_at", "decision", "decided_at"),
    )
)
registry.register(
    PersonalData(
        model=Asked,
        title="Where you were asked a question",
        purpose="To show how often and by whom a question is asked, as a count.",
        rows=lambda user: Asked.objects.filter(user=user),
        fields=("question__slug", "company__name", "month", "created_at"),
    )
)
registry.register(
    PersonalData(
        model=QuestionRequest,
        title="Questions you asked for",
        purpose=WISH,
        rows=lambda user: QuestionRequest.objects.filter(author=user),
        fields=("title", "details", "company", "state", "score", "created_at"),
        kept="A request stays for those who voted for it, without your name.",
    )
)
registry.register(
    PersonalData(
        model=RequestVote,
        title="Requests you voted for",
        purpose=WISH,
        rows=lambda user: RequestVote.objects.filter(user=user),
        fields=("request__title", "created_at"),
        erase=_request_votes_erase,
    )
)
registry.register(
    PersonalData(
        model=Collection,
        title="Your lists",
        purpose="To let you come back to the questions you saved.",
        rows=lambda user: Collection.objects.filter(owner=user),
        fields=("slug", "kind", "title", "summary", "text", "skill", "created_at", "changed_at"),
    )
)
registry.register(
    PersonalData(
        model=CollectionItem,
        title="Questions in your lists",
        purpose="To let you come back to the questions you saved.",
        rows=lambda user: CollectionItem.objects.filter(collection__owner=user),
        fields=("collection__slug", "question__slug", "position", "note"),
    )
)
