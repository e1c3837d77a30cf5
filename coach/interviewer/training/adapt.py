"""Learns data/adapters/questions.json: low-rank differences for the language model's last layers
(extra `training`).

    python -m coach.interviewer.training.adapt DIR

It learns from the labelled questions to the fact sheets beside this file (sheets/, further/), and
from ways of asking that the library's cases and topics/ list, each hidden from its fact while it is
the question. A question must find its fact among all of the sheet and one that stands for "nothing
here answers", which is right for the questions marked so and, at a lower weight, when the
question's facts are taken off the sheet. Wordings are drawn anew at each step, so that a sheet with
few is learned as well.

DIR receives one adapter for each third of the cases, made without it, and left_out.json, which says
which case was left out where: `fit.py` needs them. Then the adapter of all cases is written. On one
thread the same files give the same numbers.
"""

import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import torch
import yaml

from coach.interviewer import adapter
from coach.interviewer.evaluation import facts_of
from coach.interviewer.facts import Fact, from_case
from coach.interviewer.meaning import MATCHED, RARE
from coach.interviewer.messages import SHEETS
from coach.interviewer.spelling import Speller
from coach.interviewer.training.layers import Adapted, Frozen, Tensor, descend, unit, write

LIBRARY = Path(__file__).parents[3] / "questions" / "library"
FURTHER, TOPICS = Path(__file__).parent / "further", Path(__file__).parent / "topics"
TOPICS_A_SHEET = 14  # at least, in whole families
NEVER_LEARNT = "held_out.json"
ALWAYS_LEARNT = "topics"  # no sheet of a case, so nothing is judged on it
RANK = 32
EPOCHS, RATE, MOST_OF_WEIGHTS = 2, 0.0015, 0.02
ASKED, ASKED_OF_LISTED = 48, 64  # questions a step
LISTED_COUNTS, TAKEN_OFF_COUNTS = 0.6, 0.3
MOST_WORDINGS = 4  # beside the first
FOLDS = 3
START = (4.0, 5.0, 3.0, 8.0)  # of best, centre, answer and late interaction
START_OF_NOTHING = 9.0


@dataclass(frozen=True)
class Asked:
    """A question, mended, and the ids of the facts that answer it; none for nothing."""

    text: str
    gold: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """`is_listed`: the questions are wordings of the facts themselves."""

    case: str
    author: str
    facts: tuple[Fact, ...]
    asked: tuple[Asked, ...]
    is_listed: bool


@dataclass(frozen=True)
class Step:
    """Questions, and the texts of each fact as they are shown this time."""

    sheet: Sheet
    asked: tuple[Asked, ...]
    texts: tuple[tuple[str, ...], ...]


def _of_students(case: Mapping[str, Any], author: str) -> Sheet:
    facts = facts_of(case)
    speller = Speller([" ".join([*fact.wordings, fact.answer]) for fact in facts])
    asked = tuple(
        Asked(speller.mend(query["q"]), tuple(query["gold"]))
        for query in case["queries"]
        if query["kind"] != "vague"
    )
    return Sheet(case["case"], author, facts, asked, False)


def _listed(case: str, author: str, facts: tuple[Fact, ...]) -> Sheet:
    asked = tuple(Asked(text, (f.id,)) for f in facts for text in f.wordings[1:])
    return Sheet(case, author, facts, asked, True)


def _of_topics(path: Path) -> Iterator[Sheet]:
    """Families of topics, joined until there are enough for a sheet."""
    topics = json.loads(path.read_text("utf-8"))["topics"]
    facts: list[Fact] = []
    for family, members in groupby(topics, key=itemgetter("family")):
        for number, topic in enumerate(members):
            wordings = topic["topic"], topic["question"], topic["answer"], tuple(topic["asked"])
            facts.append(Fact(f"{family} {number}", *wordings))
        if len(facts) >= TOPICS_A_SHEET:
            yield _listed(f"{path.stem} to {family}", ALWAYS_LEARNT, tuple(facts))
            facts = []
    if facts:
        yield _listed(f"{path.stem} to the end", ALWAYS_LEARNT, tuple(facts))


def sheets() -> list[Sheet]:
    """All that is learned from."""
    found: list[Sheet] = []
    for folder in (SHEETS, FURTHER):
        for path in sorted(folder.rglob("*.json")):
            if path.name != NEVER_LEARNT:
                cases = json.loads(path.read_text("utf-8"))["cases"]
                author = str(path.relative_to(folder.parent).parts[:2])
                found.extend(_of_students(case, author) for case in cases)
    for path in sorted(LIBRARY.glob("*.yaml")):
        case = yaml.safe_load(path.read_text("utf-8"))
        found.append(_listed(case["slug"], "library", from_case(case["facts"])))
    for path in sorted(TOPICS.glob("*.json")):
        found.extend(_of_topics(path))
    return found


def _shown(fact: Fact, hidden: frozenset[str], rng: random.Random) -> tuple[str, ...]:
    rest = [text for text in dict.fromkeys(fact.wordings) if text not in hidden]
    count = rng.randint(1, MOST_WORDINGS)
    if len(rest) > count + 1:
        rest = [rest[0], *rng.sample(rest[1:], count)]
    return (*(rest or [fact.title]), fact.answer)


def steps(sheet: Sheet, rng: random.Random) -> Iterator[Step]:
    """The sheet's questions in random order, cut into steps."""
    asked, size = list(sheet.asked), ASKED_OF_LISTED if sheet.is_listed else ASKED
    rng.shuffle(asked)
    for start in range(0, len(asked), size):
        chosen = tuple(asked[start : start + size])
        if start and len(chosen) < size // 3:
            return
        hidden = frozenset(q.text for q in chosen) if sheet.is_listed else frozenset()
        texts = tuple(_shown(fact, hidden, rng) for fact in sheet.facts)
        yield Step(sheet, chosen, texts)


@dataclass(frozen=True, eq=False)
class Ranking:
    """What is learned: the layers, the weights of the likenesses and the score of "nothing"."""

    layers: Adapted
    likenesses: Tensor
    nothing: Tensor

    @classmethod
    def start(cls, frozen: Frozen, seed: int) -> "Ranking":
        """Before the first step."""
        layers, nothing = Adapted(frozen, RANK, seed), torch.tensor(START_OF_NOTHING)
        return cls(layers, torch.tensor(START).requires_grad_(), nothing.requires_grad_())


def likenesses(layers: Adapted, step: Step) -> Tensor:
    """Of each question to each fact, in the adapted vectors: shape (questions, facts, 4)."""
    asked = [question.text for question in step.asked]
    texts = list(dict.fromkeys([*asked, *(text for shown in step.texts for text in shown)]))
    tokens = dict(zip(texts, layers(texts), strict=True))
    vectors = {text: unit(rows.mean(0)) for text, rows in tokens.items()}
    questions = torch.stack([vectors[text] for text in asked])
    near = [questions @ torch.stack([vectors[t] for t in shown]).T for shown in step.texts]
    middles = [unit(torch.stack([vectors[t] for t in shown]).mean(0)) for shown in step.texts]
    best = torch.stack([rows.amax(1) for rows in near], 1)
    answer = torch.stack([rows[:, -1] for rows in near], 1)
    centre = questions @ torch.stack(middles).T
    of_matter = {text: unit(rows[layers.frozen.of_matter[text]]) for text, rows in tokens.items()}
    return torch.stack([best, centre, answer, _late(of_matter, asked, step.texts)], 2)


def _late(
    of_matter: Mapping[str, Tensor], asked: Sequence[str], texts: Sequence[Sequence[str]]
) -> Tensor:
    """The nearest token of each fact for each token of a question, rare ones the heavier."""
    facts = [torch.cat([of_matter[text] for text in shown]) for shown in texts]
    own = torch.cat([of_matter[text] for text in asked])
    found = torch.stack([(own @ fact.T).amax(1) for fact in facts], 1)
    counts = torch.tensor([len(of_matter[text]) for text in asked])
    of = torch.repeat_interleave(torch.arange(len(asked)), counts)
    rarity = 1 / (RARE + (found.detach() > MATCHED).float().mean(1))
    total = torch.zeros(len(asked)).index_add(0, of, rarity)
    weighted = found * (rarity / total[of])[:, None]
    return torch.zeros(len(asked), len(texts)).index_add(0, of, weighted)


def loss(model: Ranking, step: Step) -> Tensor:
    """Mean cross entropy of the right facts, each against all that are wrong and "nothing"."""
    scores = likenesses(model.layers, step) @ model.likenesses
    nothing = model.nothing.expand(len(scores), 1)
    ids = [fact.id for fact in step.sheet.facts]
    right = torch.tensor([[id_ in question.gold for id_ in ids] for question in step.asked])
    wrong = torch.cat([scores.masked_fill(right, -torch.inf), nothing], 1).logsumexp(1)
    each = (torch.logaddexp(scores, wrong[:, None]) - scores) * right
    found = each.sum(1) / right.sum(1).clamp(min=1)
    silent = wrong - nothing[:, 0]  # for a question that facts answer: once they are off the sheet
    weight = LISTED_COUNTS if step.sheet.is_listed else 1.0
    answered = right.any(1).float()
    of_silent = weight * torch.where(right.any(1), TAKEN_OFF_COUNTS, 1.0)
    total = (weight * answered * found + of_silent * silent).sum()
    return total / (weight * answered + of_silent).sum()


def learn(frozen: Frozen, learned: Sequence[Sheet], seed: int) -> Adapted:
    """The differences learned from the sheets."""
    torch.manual_seed(seed)
    rng, model = random.Random(seed), Ranking.start(frozen, seed)  # noqa: S311
    epochs = [[step for sheet in learned for step in steps(sheet, rng)] for _ in range(EPOCHS)]
    for epoch in epochs:
        rng.shuffle(epoch)
    descend(
        model.layers,
        [step for epoch in epochs for step in epoch],
        lambda step: loss(model, step),
        rate=RATE,
        rest=[model.likenesses, model.nothing],
        rest_rate=MOST_OF_WEIGHTS,
    )
    return model.layers


def thirds(everything: Iterable[Sheet]) -> dict[str, int]:
    """Which third a case is left out with: the library's cases in turn, authors of others whole."""
    library = sorted(sheet.case for sheet in everything if sheet.author == "library")
    found = {case: number % FOLDS for number, case in enumerate(library)}
    others: dict[str, list[str]] = {}
    for sheet in everything:
        if sheet.case not in found and sheet.author != ALWAYS_LEARNT:
            others.setdefault(sheet.author, []).append(sheet.case)
    largest_first = sorted(others, key=lambda author: (-len(others[author]), author))
    for number, author in enumerate(largest_first):
        found |= dict.fromkeys(others[author], number % FOLDS)
    return found


def main(folder: str) -> None:
    """Learns without each third of the cases, then from all, and writes every adapter."""
    torch.set_num_threads(1)
    everything = sheets()
    texts = [t for s in everything for f in s.facts for t in (*f.wordings, f.answer)]
    frozen = Frozen.of([*texts, *(question.text for s in everything for question in s.asked)])
    place = thirds(everything)
    for third in range(FOLDS):
        kept = [sheet for sheet in everything if place.get(sheet.case) != third]
        write(learn(frozen, kept, third), Path(folder) / f"{third}.json")
    files = {case: f"{third}.json" for case, third in sorted(place.items())}
    (Path(folder) / "left_out.json").write_text(json.dumps(files, indent=1) + "\n", "utf-8")
    write(learn(frozen, everything, FOLDS), adapter.ADAPTERS[adapter.QUESTIONS])


if __name__ == "__main__":
    main(sys.argv[1])
