"""The desk numbers its notes in the order of the words, and every note stands somewhere once."""

from __future__ import annotations

import pytest

from coach.models import Review
from coach.selectors.reviews import review_steps
from coach.services.reviews import comment_add, finding_decide

pytestmark = pytest.mark.django_db


def test_notes_are_numbered_as_the_words_run(review: Review) -> None:
    comment_add(review=review, step="segment", start=30, end=40, body="Later")
    comment_add(review=review, step="segment", start=0, end=5, body="Sooner")
    step = review_steps(review.submission, review)[0]
    said = [note.comment.body for note in step.notes if note.comment]
    assert said == ["Sooner", "Later"]
    assert [note.number for note in step.notes] == list(range(1, len(step.notes) + 1))


def test_every_note_stands_once_at_its_words_or_below(review: Review) -> None:
    comment_add(review=review, step="segment", start=0, end=5, body="Here")
    finding_decide(review=review, step="segment", position=0, decision="drop", text="")
    step = review_steps(review.submission, review)[0]
    placed = [n.key for group in step.passages for part in group for n in part.notes]
    shown = placed + [note.key for note in step.loose_notes]
    assert sorted(shown) == sorted(note.key for note in step.notes)
    assert "a1" not in placed
