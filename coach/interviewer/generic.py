"""When a question says too little: no matter named, or a topic that the whole sheet is about."""

import re
from collections.abc import Sized
from typing import Protocol

from coach.interviewer.data_files import word_list
from coach.interviewer.lexical import content_words
from coach.interviewer.sentences import strip_lead

EMPTY = word_list("empty")
ABOUT = re.compile(
    r"^(?:what|how)\s+(?:about|of)\s+(.+)$|^(?:please )?(?:can you |could you )?(?:tell me|say|"
    r"know|describe|explain)(?: (?:something|more|a bit|me))*(?: about)?\s+(.+)$|^(?:what (?:can "
    r"you (?:say|tell me)|do (?:we|you) know) about)\s+(.+)$|^((?:the |our |your )?\w+)$",
    re.I,
)
BROAD = 3
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class Sheet(Protocol):
    """What is asked of an indexed fact sheet."""

    @property
    def ids(self) -> Sized:
        """Ids of its facts."""
        ...

    def heads(self, word: str) -> int:
        """How many facts have the word alone for a title."""
        ...

    def breadth(self, word: str) -> int:
        """In how many facts the word occurs."""
        ...


def names_no_matter(text: str) -> bool:
    """Only words like 'data', 'details', 'anything else', or none at all."""
    return all(word in EMPTY for word in content_words(text))


def names_another_year(index: Sheet, text: str) -> bool:
    """A year that the sheet does not speak of: its figures answer for other years."""
    return any(index.breadth(year) == 0 for year in YEAR.findall(text))


def topic_is_broad(index: Sheet, text: str) -> bool:
    """'What about the users?' where users occur in many facts: which of them is meant is open.

    A topic that heads one fact, and only one, means that fact.
    """
    match = ABOUT.match(strip_lead(text).rstrip(" ?.!"))
    if match is None:
        return False
    topic = next(group for group in match.groups() if group)
    words = [word for word in content_words(topic) if word not in EMPTY]
    enough = max(BROAD, len(index.ids) // 4)
    if len(words) != 1 or index.heads(words[0]) == 1:
        return False
    return index.breadth(words[0]) >= enough
