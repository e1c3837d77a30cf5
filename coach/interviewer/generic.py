"""When a question says too little: no matter named, or a topic that the whole sheet is about."""

import re

from coach.interviewer.data_files import word_list
from coach.interviewer.index import FactIndex
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


def names_no_matter(text: str) -> bool:
    """Only words like 'data', 'details', 'anything else', or none at all."""
    return all(word in EMPTY for word in content_words(text))


def says_nothing(index: FactIndex, text: str) -> bool:
    """Not one word of matter that is in a dictionary or on the sheet: keys hit at random."""
    return not any(index.speller.knows(word) for word in content_words(text))


def topic_is_broad(index: FactIndex, text: str) -> bool:
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
