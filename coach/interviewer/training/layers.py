"""The language model's last layers with low-rank differences, as PyTorch learns them (extra
`training`).

Only the layers from FIRST on are learned; what the layers before make of each text is worked out
once (`Frozen`). `learn` walks through the steps of a task and `write` keeps what was learned as
coach/interviewer/adapter.py reads it. On one thread the same steps give the same numbers.
"""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch

from coach.interviewer import adapter
from coach.interviewer.encoder import MiniLM, open_session

FIRST, LAYERS = 3, 6
DECAY, DROPOUT, WARM_UP = 0.01, 0.1, 20
SCALE = 2.0  # of A B while learning
Tensor = Any  # torch.Tensor; torch is not installed where the site runs
Step = TypeVar("Step")


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
    """The layers from FIRST on with their differences."""

    def __init__(self, frozen: Frozen, rank: int, seed: int) -> None:
        self.frozen = frozen
        self.a: dict[str, Tensor] = {}
        self.b: dict[str, Tensor] = {}
        draw = torch.Generator().manual_seed(seed)
        for layer in range(FIRST, LAYERS):
            for part in adapter.PARTS:
                inputs, outputs = frozen.numbers[f"{layer}.{part}.weight"].shape
                start = torch.randn(inputs, rank, generator=draw) / math.sqrt(inputs)
                self.a[f"{layer}.{part}"] = start.requires_grad_()
                self.b[f"{layer}.{part}"] = torch.zeros(rank, outputs).requires_grad_()

    @property
    def differences(self) -> list[Tensor]:
        """What is learned of the layers."""
        return [*self.a.values(), *self.b.values()]

    def _linear(self, rows: Tensor, name: str) -> Tensor:
        numbers = self.frozen.numbers
        own = rows @ numbers[f"{name}.weight"] + numbers[f"{name}.bias"]
        dropped = torch.nn.functional.dropout(rows, DROPOUT, torch.is_grad_enabled())
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


def unit(rows: Tensor) -> Tensor:
    """Rows of length 1."""
    return torch.nn.functional.normalize(rows, dim=-1)


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


def descend(
    layers: Adapted,
    steps: Sequence[Step],
    loss: Callable[[Step], Tensor],
    *,
    rate: float,
    rest: Sequence[Tensor],
    rest_rate: float,
    rest_decay: float = 0.0,
) -> None:
    """Learns the differences, and the rest of a task's weights, step by step (AdamW; the rates rise
    over WARM_UP steps and fall along a cosine to 0)."""
    optimizer = torch.optim.AdamW(
        [
            {"params": layers.differences, "weight_decay": DECAY, "most": rate},
            {"params": list(rest), "weight_decay": rest_decay, "most": rest_rate},
        ],
        betas=(0.9, 0.98),
    )
    for number, step in enumerate(steps):
        share = min(1, (number + 1) / WARM_UP) * (1 + math.cos(math.pi * number / len(steps))) / 2
        for group in optimizer.param_groups:
            group["lr"] = group["most"] * share
        optimizer.zero_grad()
        loss(step).backward()
        torch.nn.utils.clip_grad_norm_(layers.differences, 1.0)
        optimizer.step()
