"""What the measurements look at; prints it as JSON. `python -m benchmarks.seed [submissions]`.

Everything is made by the services that people's requests call, so it weighs what theirs weighs.
"""

from __future__ import annotations

import json
import sys
import uuid

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from coach import cases  # noqa: E402
from coach.models import Attempt, FeedbackJob  # noqa: E402
from coach.services import demo  # noqa: E402
from coach.services.attempts import attempt_start  # noqa: E402
from coach.services.conversation import message_send  # noqa: E402
from coach.services.feedback import feedback_make  # noqa: E402
from questions.models import Question  # noqa: E402

STEP = "clarify"
MESSAGES = 40


def main(submissions: int) -> None:
    """Prepare the site, then the student's pages and the attempts that will be submitted."""
    call_command("prepare", stdout=sys.stderr)
    student = User.objects.get(email=demo.PEOPLE[0][0])
    for job_id in list(FeedbackJob.objects.values_list("pk", flat=True)):
        feedback_make(job_id=job_id)
    finished = Attempt.objects.filter(owner=student).exclude(finished_at=None).get()
    attempts = [_attempt(student, messages=4) for _ in range(submissions)]
    print(
        json.dumps(
            {
                "session": _session(student),
                "pages": {
                    "list": "/questions/",
                    "practice": f"/practice/{_attempt(student, MESSAGES).pk}/{STEP}/",
                    "report": f"/practice/{finished.pk}/report/",
                },
                "submit": [f"/practice/{attempt.pk}/{STEP}/" for attempt in attempts],
            }
        )
    )


def _session(student: User) -> str:
    client = Client()
    client.force_login(student, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["session"].value


def _attempt(student: User, messages: int) -> Attempt:
    """Start an attempt and ask the case's own facts until it has that many messages."""
    question = Question.objects.get(slug=demo.CASE)
    attempt = attempt_start(question=question, mode="guided", owner=student)
    facts = cases.case_of(attempt.case_key).facts
    asked = 0
    while attempt.messages.count() < messages:
        words = facts[asked % len(facts)].ask[0]
        message_send(attempt=attempt, step=STEP, text=words, client_id=uuid.uuid4())
        asked += 1
    return attempt


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
