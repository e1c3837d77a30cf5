"""Attempts, conversation, answers, feedback, assignments and reviews."""

from coach.models.answer import Answer
from coach.models.assignment import Assignment, Submission, SubmissionState
from coach.models.attempt import Attempt, AttemptStep, CaseKey, HintUse, Mode
from coach.models.feedback import MAX_TRIES, Feedback, FeedbackJob, JobState
from coach.models.lab import AttemptSheet
from coach.models.language_model import MAX_CALLS, ModelJob, ModelSuggestion, SuggestionKind
from coach.models.message import Author, LedgerEntry, Message, MessageKind
from coach.models.review import (
    Decision,
    FindingDecision,
    Review,
    ReviewComment,
    ReviewMark,
    ReviewState,
)
from coach.models.share import ShareGrant, ShareLink

__all__ = [
    "MAX_CALLS",
    "MAX_TRIES",
    "Answer",
    "Assignment",
    "Attempt",
    "AttemptSheet",
    "AttemptStep",
    "Author",
    "CaseKey",
    "Decision",
    "Feedback",
    "FeedbackJob",
    "FindingDecision",
    "HintUse",
    "JobState",
    "LedgerEntry",
    "Message",
    "MessageKind",
    "Mode",
    "ModelJob",
    "ModelSuggestion",
    "Review",
    "ReviewComment",
    "ReviewMark",
    "ReviewState",
    "ShareGrant",
    "ShareLink",
    "Submission",
    "SubmissionState",
    "SuggestionKind",
]
