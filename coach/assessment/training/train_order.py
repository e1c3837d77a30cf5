"""Count which words follow which: data/word_order.json.

`python -m coach.assessment.training.train_order` counts the sentences of the corpus and the
quoted texts of the library's cases, and says how well texts that were not counted are told from
the same words in another order.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from coach.assessment.text import STOPWORDS, sentences
from coach.assessment.training import CORPUS
from coach.assessment.training.answers import ANSWERS, LIBRARY
from coach.assessment.word_order import NUMBER_WORDS, ORDER_FILE, SHORTEST, counts, order, tags

RAREST = 2
"""A pair counted once may be a slip."""
FEWEST_PAIRS = 12
_OF_FORM = """
    against within every never nothing nobody somebody something someone everyone everybody
    anybody anything everything none himself herself themselves itself myself yourself
    ourselves unless whether toward towards along across always often ever yet either neither
    whose whom another else quite rather even we'd they'd they're you're we're he's she's
    there's what's who's didn't wouldn't shouldn't aren't wasn't weren't hasn't haven't i've
    we've they've you'd here there despite per via among around behind beside besides beyond
    inside outside near off onto plus since through throughout till unlike upon versus instead
    because therefore hence thus say says said want wants need needs go goes went come comes
    came take takes took give gives gave see sees saw know knows knew think thinks thought ask
    asks asked pay pays paid keep keeps kept people person one's many little much first second
    third last next new old good own same different least most more less better best worse
    worst already soon today yesterday tomorrow ago later back away together one
"""
_QUOTED = re.compile(r'"([^"]{30,})"')


def _counted() -> Iterator[str]:
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)["text"]
    for path in sorted(LIBRARY.glob("*.yaml")):
        yield from _QUOTED.findall(path.read_text("utf-8"))


def count() -> dict[str, object]:
    """The contents of the file."""
    words = frozenset((STOPWORDS | set(_OF_FORM.split())) - NUMBER_WORDS)
    pairs: Counter[tuple[str, str]] = Counter()
    for text in _counted():
        for sentence in sentences(text):
            marks = tags(sentence.quote, words)
            if len(marks) >= SHORTEST + 2:
                pairs.update(pairwise(marks))
    left, right = Counter[str](), Counter[str]()
    nested: dict[str, dict[str, int]] = {}
    for (first, second), times in sorted(pairs.items()):
        left[first] += times
        right[second] += times
        if times >= RAREST:
            nested.setdefault(first, {})[second] = times
    return {
        "words": sorted(words),
        "pairs": nested,
        "left": dict(left),
        "right": dict(right),
        "total": sum(pairs.values()),
    }


def _shuffled(text: str, chance: random.Random) -> str:
    out = []
    for sentence in sentences(text):
        words = sentence.quote.rstrip(".?!").split()
        chance.shuffle(words)
        out.append(" ".join(words) + ".")
    return " ".join(out)


def _share_below(texts: list[str], border: float) -> str:
    found = [order(text) for text in texts]
    long_enough = [o for o in found if o.pairs >= FEWEST_PAIRS]
    return f"{sum(o.mean < border for o in long_enough)} of {len(long_enough)} below {border}"


def main() -> None:
    """Count, write the file and print how shuffled answers differ."""
    ORDER_FILE.write_text(json.dumps(count(), separators=(",", ":")) + "\n", "utf-8")
    counts.cache_clear()
    chance = random.Random(1)  # noqa: S311 (a draw that is always the same)
    for path in sorted(ANSWERS.glob("*.json")):
        texts = [a["text"] for a in json.loads(path.read_text("utf-8"))["answers"]]
        shuffled = [_shuffled(text, chance) for text in texts]
        for border in (-0.3, -0.2, -0.1):
            print(
                path.stem, _share_below(texts, border), "- shuffled", _share_below(shuffled, border)
            )


if __name__ == "__main__":
    main()
