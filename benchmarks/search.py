"""Finding among 10,000 questions: `python -m benchmarks.search`. Half a minute.

Rows are generated, with a vocabulary, companies and tags as wide as a library of that size would
have. Each line is one page of the list as the site makes it: search, facets with counts, twenty
rows. `DATABASE_URL` names an empty database to run on PostgreSQL; without it SQLite in a folder
that goes away.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time

QUESTIONS = 10_000
ROUNDS = 40
WORDS = 4_000
QUERIES = {
    "the whole bank, all facets": {},
    "one word": {"text": "shop"},
    "two words": {"text": "improve delivery"},
    "an unfinished word": {"text": "deliv"},
    "a mistyped word": {"text": "delivrey"},
    "a word nobody has": {"text": "zzyzx"},
    "another word for it": {"text": "courier"},
    "two filters": {"types": ("root_cause",), "difficulties": ("hard",)},
    "a word, a company and a tag": {
        "text": "shop", "companies": ("company-7",), "tags": ("tag-3",),
    },
    "a company": {"companies": ("company-7",)},
}  # fmt: skip


def main() -> None:
    """Fill a database, ask it, print p50 and p95 in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("VAR_DIR", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        _fill(random.Random(7))
        print(f"{QUESTIONS:,} questions on {connection.vendor}")
        print(f"{'':32}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}")
        for name, filters in QUERIES.items():
            _line(name, filters)
        from benchmarks.site import machine

        print(f"On {machine()}")


def _fill(chance: random.Random) -> None:
    from django.utils import timezone

    from questions import search
    from questions.models import CaseType, CaseVersion, Company, Question, Tag

    words = [
        "".join(chance.choices("abcdefghiklmnoprstuw", k=chance.randint(4, 9)))
        for _ in range(WORDS)
    ]
    words += ["shop", "delivery", "improve", "parcel", "music"] * 40
    companies = Company.objects.bulk_create(
        Company(slug=f"company-{n}", name=f"Company {n}") for n in range(300)
    )
    tags = Tag.objects.bulk_create(Tag(slug=f"tag-{n}", name=f"Tag {n}") for n in range(80))
    kinds = CaseType.values
    questions = Question.objects.bulk_create(
        Question(
            slug=f"q-{n}",
            title=" ".join(chance.sample(words, 4)),
            prompt=" ".join(chance.sample(words, 9)),
            why_practise=" ".join(chance.sample(words, 30)),
            type=chance.choice(kinds),
            difficulty=chance.choice(("easy", "medium", "hard")),
            minutes=chance.randint(10, 45),
            industry=f"industry_{chance.randint(1, 14)}",
            about=chance.choice(companies),
            published_at=timezone.now(),
        )
        for n in range(QUESTIONS)
    )
    versions = CaseVersion.objects.bulk_create(
        CaseVersion(question=question, number=1, content_hash=str(question.pk), data={})
        for question in questions
    )
    for question, version in zip(questions, versions, strict=True):
        question.current_version = version
    Question.objects.bulk_update(questions, ["current_version"], batch_size=500)
    asked, tagged = Question.companies.through, Question.tags.through
    asked.objects.bulk_create(
        asked(question_id=question.pk, company_id=company.pk)
        for question in questions
        for company in chance.sample(companies, 3)
    )
    tagged.objects.bulk_create(
        tagged(question_id=question.pk, tag_id=tag.pk)
        for question in questions
        for tag in chance.sample(tags, 3)
    )
    search.index_write(Question.objects.prefetch_related("companies", "tags"))


def _line(name: str, filters: dict[str, object]) -> None:
    from questions.models import Sight
    from questions.selectors.bank import Filters, question_list
    from questions.selectors.shelf import open_shelf

    times, spent = [], []
    for _ in range(ROUNDS):
        start, used = time.perf_counter(), time.process_time()
        listed = question_list(open_shelf(Sight()), Filters(**filters))  # type: ignore[arg-type]
        list(listed.page.object_list)
        times.append((time.perf_counter() - start) * 1000)
        spent.append((time.process_time() - used) * 1000)
    p95 = statistics.quantiles(times, n=20)[-1]
    cpu = statistics.median(spent)
    print(f"{name:32}{statistics.median(times):8.1f}{p95:8.1f}{cpu:8.1f}")


if __name__ == "__main__":
    main()
