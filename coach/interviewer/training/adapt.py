"""Learns data/adapter.json: low-rank differences for the language model's last layers (extra
`training`).

    python -m coach.interviewer.training.adapt DIR

It learns from the labelled questions to the fact sheets beside this file (sheets/, further/), and
from ways of asking that the library's cases and topics/ list, each hidden from its fact while it is
the question. A question must find its fact among all of the sheet and one that stands for "nothing
here answers", which is right for the questions marked so and, at a lower weight, when the
question's facts are taken off the sheet. Wordings are drawn anew at each step, so that a sheet with
few is learned as well.

DIR receives one adapter for each third of the cases, made without it, and left_out.json, which says
which case was left out where: `fit.py` needs them. Then the adapter of all cases is written. On one
thread the same files give the same numbers. Only the layers from FIRST on are learned; what the
layers before make of each text is worked out once.
"""

import json
import math
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml

from coach.interviewer import adapter
from coach.interviewer.encoder import MiniLM, open_session
from coach.interviewer.evaluation import facts_of
from coach.interviewer.facts import Fact, from_case
from coach.interviewer.meaning import MATCHED, RARE
from coach.interviewer.messages import SHEETS
from coach.interviewer.spelling import Speller

LIBRARY = Path(__file__).parents[3] / "questions" / "library"
FURTHER, TOPICS = Path(__file__).parent / "further", Path(__file__).parent / "topics"
TOPICS_A_SHEET = 14  # at least, in whole families
NEVER_LEARNT = "held_out.json"
ALWAYS_LEARNT = "topics"  # no sheet of a case, so nothing is judged on it
FIRST, RANK, LAYERS = 3, 32, 6
EPOCHS, RATE, DECAY, DROPOUT, WARM_UP = 2, 0.0015, 0.01, 0.1, 20
SCALE = 2.0  # of A B while learning
ASKED, ASKED_OF_LISTED = 48, 64  # questions a step
LISTED_COUNTS, TAKEN_OFF_COUNTS = 0.6, 0.3
MOST_WORDINGS = 4  # beside the first
FOLDS = 3
START = (4.0, 5.0, 3.0, 8.0)  # of best, centre, answer and late interaction
START_OF_NOTHING = 9.0
Tensor = Any  # torch.Tensor; torch is not installed where the site runs


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
class Frozen:
    """What is not learned.

    `states`: of each text the token vectors that layer FIRST is given, shape (n, 384); `of_matter`:
    which of them carry matter; `numbers`: the model's own, of the layers from FIRST on.
    """

    states: dict[str, Tensor]
    of_matter: dict[str, Tensor]
    numbers: dict[str, Tensor]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Frozen":
        """Runs the layers before FIRST on every text."""
        model, shown = MiniLM(), adapter.BEFORE[FIRST]
        names = adapter.numbers_of(range(FIRST, LAYERS))
        session = open_session(adapter.shown([shown, *names.values()]))
        outputs = [f"shown.{name}" for name in names.values()]
        states, of_matter = {}, {}
        for text in dict.fromkeys(texts):
            ids, matter = model.ids(text)
            ones = np.ones((1, len(ids)), dtype=np.int64)
            feed = {
                "input_ids": np.array([ids]),
                "attention_mask": ones,
                "token_type_ids": 0 * ones,
            }
            states[text] = torch.from_numpy(
                session.run([f"shown.{shown}"], feed)[0][0].astype(np.float16)
            )
            of_matter[text] = torch.from_numpy(matter)
        numbers = zip(names, session.run(outputs, feed), strict=True)
        return cls(states, of_matter, {name: torch.from_numpy(n) for name, n in numbers})


class Adapted:
    """The layers from FIRST on with their differences, and the weights of the likenesses."""

    def __init__(self, frozen: Frozen, seed: int) -> None:
        self.frozen = frozen
        self.a: dict[str, Tensor] = {}
        self.b: dict[str, Tensor] = {}
        draw = torch.Generator().manual_seed(seed)
        for layer in range(FIRST, LAYERS):
            for part in adapter.PARTS:
                inputs, outputs = frozen.numbers[f"{layer}.{part}.weight"].shape
                start = torch.randn(inputs, RANK, generator=draw) / math.sqrt(inputs)
                self.a[f"{layer}.{part}"] = start.requires_grad_()
                self.b[f"{layer}.{part}"] = torch.zeros(RANK, outputs).requires_grad_()
        self.likenesses = torch.tensor(START).requires_grad_()
        self.nothing = torch.tensor(START_OF_NOTHING).requires_grad_()

    @property
    def differences(self) -> list[Tensor]:
        """What is learned of the layers."""
        return [*self.a.values(), *self.b.values()]

    def _linear(self, rows: Tensor, name: str) -> Tensor:
        numbers = self.frozen.numbers
        own = rows @ numbers[f"{name}.weight"] + numbers[f"{name}.bias"]
        dropped = torch.nn.functional.dropout(rows, DROPOUT)
        return own + (dropped @ self.a[name]) @ self.b[name] * SCALE

    def _normed(self, rows: Tensor, name: str) -> Tensor:
        weight = self.frozen.numbers[f"{name}.LayerNorm.weight"]
        bias = self.frozen.numbers[f"{name}.LayerNorm.bias"]
        return torch.nn.functional.layer_norm(rows, (adapter.WIDTH,), weight, bias, 1e-12)

    def _attention(self, rows: Tensor, layer: int, groups: Sequence["_Group"]) -> Tensor:
        three = [self._linear(rows, f"{layer}.{part}") for part in adapter.PARTS[:3]]
        found = torch.zeros_like(rows)
        for group in groups:
            query, key, value = (group.heads(each) for each in three)
            attend = torch.nn.functional.scaled_dot_product_attention
            mixed = attend(query, key, value, attn_mask=group.mask[:, None, None, :])
            joined = mixed.transpose(1, 2).flatten(2)[group.mask]
            found = found.index_put((group.places[group.mask],), joined)
        return self._linear(found, f"{layer}.{adapter.PARTS[3]}")

    def __call__(self, texts: Sequence[str]) -> tuple[Tensor, ...]:
        """The adapted token vectors of each text."""
        sizes = [len(self.frozen.states[text]) for text in texts]
        rows = torch.cat([self.frozen.states[text] for text in texts]).float()
        groups = _groups(sizes)
        for layer in range(FIRST, LAYERS):
            attended = rows + self._attention(rows, layer, groups)
            rows = self._normed(attended, f"{layer}.attention.output")
            wide = torch.nn.functional.gelu(self._linear(rows, f"{layer}.intermediate.dense"))
            rows = self._normed(
                rows + self._linear(wide, f"{layer}.output.dense"), f"{layer}.output"
            )
        return tuple(torch.split(rows, sizes))


@dataclass(frozen=True, eq=False)
class _Group:
    """Texts of similar length: the places of their tokens, padded, and a mask of what is none."""

    places: Tensor
    mask: Tensor

    def heads(self, rows: Tensor) -> Tensor:
        split = rows[self.places].unflatten(2, (adapter.HEADS, -1))
        return split.transpose(1, 2)


def _groups(sizes: Sequence[int]) -> list[_Group]:
    starts = np.cumsum([0, *sizes])
    waiting = sorted(range(len(sizes)), key=lambda i: sizes[i])
    found = []
    while waiting:
        most = max(16, int(sizes[waiting[0]] * 1.35) + 1)
        chosen = [i for i in waiting if sizes[i] <= most]
        waiting = waiting[len(chosen) :]
        places = torch.zeros(len(chosen), sizes[chosen[-1]], dtype=torch.long)
        mask = torch.zeros_like(places, dtype=torch.bool)
        for row, i in enumerate(chosen):
            places[row, : sizes[i]] = torch.arange(starts[i], starts[i + 1])
            mask[row, : sizes[i]] = True
        found.append(_Group(places, mask))
    return found


def _unit(rows: Tensor) -> Tensor:
    return torch.nn.functional.normalize(rows, dim=-1)


def likenesses(model: Adapted, step: Step) -> Tensor:
    """Of each question to each fact, in the adapted vectors: shape (questions, facts, 4)."""
    asked = [question.text for question in step.asked]
    texts = list(dict.fromkeys([*asked, *(text for shown in step.texts for text in shown)]))
    tokens = dict(zip(texts, model(texts), strict=True))
    vectors = {text: _unit(rows.mean(0)) for text, rows in tokens.items()}
    questions = torch.stack([vectors[text] for text in asked])
    near = [questions @ torch.stack([vectors[t] for t in shown]).T for shown in step.texts]
    middles = [_unit(torch.stack([vectors[t] for t in shown]).mean(0)) for shown in step.texts]
    best = torch.stack([rows.amax(1) for rows in near], 1)
    answer = torch.stack([rows[:, -1] for rows in near], 1)
    centre = questions @ torch.stack(middles).T
    of_matter = {text: _unit(rows[model.frozen.of_matter[text]]) for text, rows in tokens.items()}
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


def loss(model: Adapted, step: Step) -> Tensor:
    """Mean cross entropy of the right facts, each against all that are wrong and "nothing"."""
    scores = likenesses(model, step) @ model.likenesses
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
    rng, model = random.Random(seed), Adapted(frozen, seed)  # noqa: S311
    optimizer = torch.optim.AdamW(
        [
            {"params": model.differences, "weight_decay": DECAY, "most": RATE},
            {"params": [model.likenesses, model.nothing], "weight_decay": 0.0, "most": 0.02},
        ],
        betas=(0.9, 0.98),
    )
    epochs = [[step for sheet in learned for step in steps(sheet, rng)] for _ in range(EPOCHS)]
    for epoch in epochs:
        rng.shuffle(epoch)
    every = [step for epoch in epochs for step in epoch]
    for number, step in enumerate(every):
        share = min(1, (number + 1) / WARM_UP) * (1 + math.cos(math.pi * number / len(every))) / 2
        for group in optimizer.param_groups:
            group["lr"] = group["most"] * share
        optimizer.zero_grad()
        loss(model, step).backward()
        torch.nn.utils.clip_grad_norm_(model.differences, 1.0)
        optimizer.step()
    return model


def write(model: Adapted, path: Path) -> None:
    """The differences as the site reads them."""
    made = {
        name: {
            "a": adapter.written(a.detach().numpy()),
            "b": adapter.written(SCALE * model.b[name].detach().numpy()),
        }
        for name, a in model.a.items()
    }
    path.write_text(json.dumps({"matrices": made}) + "\n", "utf-8")


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
    write(learn(frozen, everything, FOLDS), adapter.ADAPTER)


if __name__ == "__main__":
    main(sys.argv[1])
