"""Finding questions by words: one interface over SQLite's FTS5 and PostgreSQL's tsvector.

`find` forgives what people do in a search box: unfinished words, typing errors, other words for
the same thing (data/synonyms.txt), and words that no question has. The index is a table of its
own, written by `index_write` when the library is loaded.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import snowballstemmer
from django.db import connection
from django.utils import timezone
from rapidfuzz import fuzz, process

from questions.models import Company, Question, Tag
from questions.selectors.shelf import shelf

MOST = 200
"""Ids returned at most: nobody reads further."""
MAX_WORDS = 8
SYNONYMS = Path(__file__).parent / "data" / "synonyms.txt"
SIMILAR = 72
"""How alike (0 to 100) a word must be to stand for a mistyped one."""
_WORD = re.compile(r"\w+")
_COMMON = frozenset(
    """a an and are as at be by can do does for from how i in is it of on or our should that the
    this to was we what when which who why will with would you your""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Entry:
    """What the index holds of a question, the weightiest first."""

    id: int
    title: str
    names: str
    body: str


@dataclass(frozen=True)
class Found:
    """Ids, best first. `corrected` is the query as it was understood when words were mistyped;
    `loose` says that no question has all the words and these have some."""

    ids: tuple[int, ...]
    corrected: str = ""
    loose: bool = False


class Index(Protocol):
    """One database's full-text index."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Replace the entries with these ids."""

    def match(self, groups: Sequence[Sequence[str]], *, every: bool) -> list[int]:
        """Return ids of entries with a word of every group (or of any), best first.

        The first word of a group is what was typed and may be unfinished; the others are whole.
        """


class SqliteIndex:
    """An FTS5 table whose rowid is the question's id; BM25 weighs titles ten times the text."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Replace the entries with these ids."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM questions_search WHERE rowid = %s", [(entry.id,) for entry in entries]
            )
            cursor.executemany(
                "INSERT INTO questions_search (rowid, title, names, body) VALUES (%s, %s, %s, %s)",
                [(entry.id, entry.title, entry.names, entry.body) for entry in entries],
            )

    def match(self, groups: Sequence[Sequence[str]], *, every: bool) -> list[int]:
        """Return ids of entries with a word of every group (or of any), best first."""
        # Words hold letters and digits only (_WORD), so they cannot end the quoted string.
        ors = (
            " OR ".join([f'"{typed}"*', *(f'"{word}"' for word in more)]) for typed, *more in groups
        )
        query = (" AND " if every else " OR ").join(f"({words})" for words in ors)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rowid FROM questions_search WHERE questions_search MATCH %s"
                " ORDER BY bm25(questions_search, 10.0, 6.0, 1.0), rowid LIMIT %s",
                [query, MOST],
            )
            return [row[0] for row in cursor.fetchall()]


class PostgresIndex:
    """A table of weighted tsvectors with a GIN index."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Replace the entries with these ids."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO questions_search (question_id, document) VALUES (%s,"
                " setweight(to_tsvector('questions_search', %s), 'A')"
                " || setweight(to_tsvector('questions_search', %s), 'B')"
                " || setweight(to_tsvector('questions_search', %s), 'D'))"
                " ON CONFLICT (question_id) DO UPDATE SET document = excluded.document",
                [(entry.id, entry.title, entry.names, entry.body) for entry in entries],
            )

    def match(self, groups: Sequence[Sequence[str]], *, every: bool) -> list[int]:
        """Return ids of entries with a word of every group (or of any), best first."""
        ors = (" | ".join([f"{typed}:*", *more]) for typed, *more in groups)
        query = (" & " if every else " | ").join(f"({words})" for words in ors)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT question_id FROM questions_search,"
                " to_tsquery('questions_search', %s) AS query WHERE document @@ query"
                " ORDER BY ts_rank(document, query) DESC, question_id LIMIT %s",
                [query, MOST],
            )
            return [row[0] for row in cursor.fetchall()]


def find(text: str) -> Found:
    """Return the questions that fit a search. At most six queries, whatever is typed."""
    words = words_of(text)
    if not words:
        return Found(())
    index = index_of_database()
    ids = index.match([[word] for word in words], every=True)
    groups = with_synonyms(words)
    if any(len(group) > 1 for group in groups) and len(ids) < MOST:
        ids = list(dict.fromkeys([*ids, *index.match(groups, every=True)]))[:MOST]
    if ids:
        return Found(tuple(ids))
    better = _corrected(words)
    corrected = " ".join(better) if better != words else ""
    if corrected and (ids := index.match(with_synonyms(better), every=True)):
        return Found(tuple(ids), corrected)
    return Found(
        tuple(index.match([[word] for word in better], every=False)), corrected, loose=True
    )


def index_write(questions: Iterable[Question]) -> None:
    """Write questions into the index; companies and tags should be prefetched."""
    index_of_database().write([_entry(question) for question in questions])


def words_of(text: str) -> list[str]:
    """Return the words to look for, in lower case, without the commonest ones."""
    found = [word.strip("_") for word in _WORD.findall(text.casefold())]
    words = [word for word in dict.fromkeys(found) if word]
    return ([word for word in words if word not in _COMMON] or words)[:MAX_WORDS]


def with_synonyms(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return each word with the other words for the same thing behind it."""
    known = _synonyms()
    return [(word, *(w for w in known.get(_stem(word), ()) if w != word)) for word in words]


@lru_cache(maxsize=1)
def _synonyms() -> dict[str, tuple[str, ...]]:
    lines = SYNONYMS.read_text("utf-8").splitlines()
    groups = [tuple(line.split()) for line in lines if line and not line.startswith("#")]
    return {_stem(word): group for group in groups for word in group}


def _stem(word: str) -> str:
    # A stemmer keeps its place in the word: one shared by threads mixes their words up.
    return str(snowballstemmer.stemmer("english").stemWord(word))


def index_of_database() -> Index:
    """Return the index of the database in use."""
    return PostgresIndex() if connection.vendor == "postgresql" else SqliteIndex()


def _entry(question: Question) -> Entry:
    names = [company.name for company in question.companies.all()]
    names += [tag.name for tag in question.tags.all()]
    body = f"{question.prompt} {question.get_type_display()} {question.industry}"
    return Entry(
        question.pk,
        question.title,
        " ".join(names),
        f"{body} {question.why_practise}".replace("_", " "),
    )


def _corrected(words: Sequence[str]) -> list[str]:
    """Return the words as they were probably meant: "tik tok" joined, a mistyped one replaced."""
    known = _vocabulary()
    return [_neighbor(word, known) for word in _joined(words, known)]


def _joined(words: Sequence[str], known: Sequence[str]) -> list[str]:
    """Join neighbors that make up one known word."""
    joined: list[str] = []
    for word in words:
        if joined and _next(joined[-1] + word, known) == joined[-1] + word:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _next(word: str, known: Sequence[str]) -> str:
    """The first of the known words, which are in order, that is not before this one."""
    place = bisect_left(known, word)
    return known[place] if place < len(known) else ""


def _neighbor(word: str, known: Sequence[str]) -> str:
    if len(word) < 3 or _next(word, known).startswith(word):
        return word
    # People seldom mistype the first letter, and "tok" is not meant to be "stock".
    alike = known[bisect_left(known, word[0]) : bisect_left(known, chr(ord(word[0]) + 1))]
    best = process.extractOne(word, alike, scorer=fuzz.ratio, score_cutoff=SIMILAR)
    return str(best[0]) if best else word


def _vocabulary() -> tuple[str, ...]:
    """Return the words of titles, prompts, companies and tags that people may have meant, in
    order."""
    shown = shelf()
    return _words_at(shown.stamp, shown.changes_until(timezone.now()))


@lru_cache(maxsize=2)
def _words_at(stamp: str, changes: int) -> tuple[str, ...]:
    """The words while the bank bears this stamp and that many questions came and went; a process
    reads them once."""
    published = {"questions__in": Question.objects.published()}
    rows = [
        *Question.objects.published().values_list("title", "prompt"),
        *Company.objects.filter(**published).values_list("name").distinct(),
        *Tag.objects.filter(**published).values_list("name").distinct(),
    ]
    text = " ".join({part for row in rows for part in row})
    found = {word.strip("_") for word in _WORD.findall(text.casefold()) if len(word) > 2}
    return tuple(sorted(found))
