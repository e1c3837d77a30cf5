"""Celery's doors: an id in, one service call. Services wake these by name."""

from celery import shared_task

from coach.services import attempts, feedback, language_model
from metrics_lab.services import sheets_purge_abandoned


@shared_task(name="coach.make_feedback")  # type: ignore[untyped-decorator]  # celery has no types
def make_feedback(job_id: int) -> None:
    """Make the feedback one job owes."""
    feedback.feedback_make(job_id=job_id)


@shared_task(name="coach.sweep_feedback_jobs")  # type: ignore[untyped-decorator]
def sweep_feedback_jobs() -> None:
    """Wake workers for everything that is due."""
    feedback.feedback_sweep()


@shared_task(name="coach.ask_language_model")  # type: ignore[untyped-decorator]
def ask_language_model(job_id: int) -> None:
    """Ask the language model what one job owes."""
    language_model.additions_make(job_id=job_id)


@shared_task(name="coach.sweep_model_jobs")  # type: ignore[untyped-decorator]
def sweep_model_jobs() -> None:
    """Wake workers for questions to the language model that are due."""
    language_model.model_sweep()


@shared_task(name="coach.purge_abandoned_attempts")  # type: ignore[untyped-decorator]
def purge_abandoned_attempts() -> None:
    """Delete visitors' attempts and sheets that nobody touched for 30 days."""
    attempts.attempts_purge_abandoned()
    sheets_purge_abandoned()
