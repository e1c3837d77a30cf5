"""The bank's rows."""

from questions.models.collection import Collection, CollectionItem, CollectionKind, WeekCase
from questions.models.discussion import (
    Comment,
    CommentKind,
    CommentReport,
    CommentVote,
    Decision,
    ReportReason,
)
from questions.models.interest import Asked, QuestionRequest, RequestState, RequestVote
from questions.models.question import (
    Audience,
    CaseType,
    CaseVersion,
    Company,
    Difficulty,
    Question,
    Sight,
    Tag,
)
from questions.models.stamp import BankStamp

__all__ = [
    "Asked",
    "Audience",
    "BankStamp",
    "CaseType",
    "CaseVersion",
    "Collection",
    "CollectionItem",
    "CollectionKind",
    "Comment",
    "CommentKind",
    "CommentReport",
    "CommentVote",
    "Company",
    "Decision",
    "Difficulty",
    "Question",
    "QuestionRequest",
    "ReportReason",
    "RequestState",
    "RequestVote",
    "Sight",
    "Tag",
    "WeekCase",
]
