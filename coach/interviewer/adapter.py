"""The language model's last layers, adapted to a task by low-rank differences.

Each matrix W of those layers becomes W + A B, A and B of low rank (LoRA, Hu et al. 2021). There are
two tasks: to find the fact that a question asks for (training/adapt.py) and to tell what a sentence
does in an answer (coach/assessment/training/adapt.py). What they learned stands as float16 in
data/adapters/. The model file is not changed: each task's layers are a branch beside its own, added
in memory, and give an output more. They only run where the task's input is true, so that whoever
needs the model's own vectors pays for nothing else. x (W + A B) is worked out as x W + (x A) B: the
branches share W, and one costs 10 MB in place of 50.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.interviewer.onnx_graph import BOOL, FLOAT, Attribute, graph, model, node, tensor, value

_FOLDER = Path(__file__).parent / "data" / "adapters"
QUESTIONS, ROLES = "questions", "roles"
ADAPTERS = {task: _FOLDER / f"{task}.json" for task in (QUESTIONS, ROLES)}
AXES = ("texts", "tokens", "width")
WIDTH, HEADS = 384, 12
# Names in the graph of the one model file that is accepted (encoder.MODEL_SHA256).
MASK, ROOT_OF_TWO, ONE, HALF = "val_94", "val_111", "val_114", "val_116"
MATRICES = {
    3: ("val_264", "val_272", "val_280", "val_318", "val_322", "val_331"),
    4: ("val_335", "val_343", "val_351", "val_389", "val_393", "val_402"),
    5: ("val_406", "val_414", "val_422", "val_460", "val_464", "val_473"),
}
PARTS = (
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "intermediate.dense", "output.dense",
)  # fmt: skip
BEFORE = {layer: f"layer_norm_{2 * layer}" for layer in MATRICES}
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")
Differences = dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]


def numbers(raw: Mapping[str, object]) -> NDArray[np.float32]:
    """The matrix that `written` wrote."""
    values = np.frombuffer(base64.b64decode(str(raw["float16"])), dtype="<f2")
    return values.astype(np.float32).reshape(raw["shape"])  # type: ignore[call-overload,no-any-return]


def written(values: NDArray[np.floating]) -> dict[str, object]:
    """A matrix as the file holds it."""
    raw = base64.b64encode(values.astype("<f2").tobytes()).decode()
    return {"shape": list(values.shape), "float16": raw}


def load_differences(path: Path) -> Differences:
    """A (inputs, rank) and B (rank, outputs) by the name of the matrix, e.g. "3.output.dense"."""
    found = json.loads(path.read_text("utf-8"))["matrices"]
    return {name: (numbers(raw["a"]), numbers(raw["b"])) for name, raw in found.items()}


def numbers_of(layers: Iterable[int]) -> dict[str, str]:
    """Where the model's own numbers of the layers are found in its graph, by their plain names."""
    found = {}
    for layer in layers:
        for part, matrix in zip(PARTS, MATRICES[layer], strict=True):
            found[f"{layer}.{part}.weight"] = matrix
            found[f"{layer}.{part}.bias"] = f"inner.encoder.layer.{layer}.{part}.bias"
        for norm in NORMS:
            for kind in ("weight", "bias"):
                found[f"{layer}.{norm}.{kind}"] = f"inner.encoder.layer.{layer}.{norm}.{kind}"
    return found


def shown(names: Iterable[str]) -> bytes:
    """What is put behind the bytes of the model file to have some of its values as outputs."""
    copies = [node("Identity", [name], f"shown.{name}") for name in names]
    return model(graph(copies, [value(f"shown.{name}", FLOAT) for name in names]))


def output_of(task: str) -> str:
    """The output with the token vectors of a task's layers."""
    return f"{task}.hidden_state"


def wanted(task: str) -> str:
    """The input, false where it is not given, that says whether a task's layers are to run."""
    return f"{task}.is_wanted"


class _Branch:
    """Collects the nodes of the adapted layers."""

    def __init__(self, task: str, differences: Differences) -> None:
        self.task = task
        self.differences = differences
        self.nodes: list[bytes] = []
        self.tensors = [
            tensor(wanted(task), np.array(False)),
            tensor(f"{task}.heads", np.array([0, 0, HEADS, WIDTH // HEADS])),
            tensor(f"{task}.joined", np.array([0, 0, WIDTH])),
            tensor(f"{task}.scale", np.array((WIDTH / HEADS) ** -0.5, dtype=np.float32)),
        ]

    def add(self, kind: str, *inputs: str, name: str, **attributes: Attribute) -> str:
        self.nodes.append(node(kind, inputs, name, **attributes))
        return name

    def linear(self, before: str, layer: int, part: str) -> str:
        """before W + (before A) B + bias."""
        name = f"{self.task}.{layer}.{part}"
        a, b = self.differences[f"{layer}.{part}"]
        self.tensors += [tensor(f"{name}.a", a), tensor(f"{name}.b", b)]
        own = MATRICES[layer][PARTS.index(part)]
        product = self.add("MatMul", before, own, name=f"{name}.own")
        low = self.add("MatMul", before, f"{name}.a", name=f"{name}.low")
        change = self.add("MatMul", low, f"{name}.b", name=f"{name}.change")
        total = self.add("Add", product, change, name=f"{name}.product")
        return self.add("Add", total, f"inner.encoder.layer.{layer}.{part}.bias", name=name)

    def split(self, before: str, order: tuple[int, ...]) -> str:
        """Into heads, with the axes in the order."""
        heads = self.add("Reshape", before, f"{self.task}.heads", name=f"{before}.heads")
        return self.add("Transpose", heads, name=f"{before}.turned", perm=order)

    def normed(self, before: str, rest: str, layer: int, part: str, name: str) -> str:
        total = self.add("Add", before, rest, name=f"{before}.total")
        norm = f"inner.encoder.layer.{layer}.{part}.LayerNorm"
        inputs = (total, f"{norm}.weight", f"{norm}.bias")
        return self.add("LayerNormalization", *inputs, name=name, axis=-1, epsilon=1e-12)

    def attention(self, before: str, layer: int) -> str:
        query, key, value = (self.linear(before, layer, part) for part in PARTS[:3])
        turned = self.split(query, (0, 2, 1, 3)), self.split(key, (0, 2, 3, 1))
        at = f"{self.task}.{layer}.attention"
        product = self.add("MatMul", *turned, name=f"{at}.product")
        scaled = self.add("Mul", product, f"{self.task}.scale", name=f"{at}.scaled")
        masked = self.add("Add", scaled, MASK, name=f"{at}.masked")
        shares = self.add("Softmax", masked, name=f"{at}.shares", axis=-1)
        mixed = self.add("MatMul", shares, self.split(value, (0, 2, 1, 3)), name=f"{at}.mixed")
        back = self.add("Transpose", mixed, name=f"{at}.back", perm=(0, 2, 1, 3))
        joined = self.add("Reshape", back, f"{self.task}.joined", name=f"{at}.joined")
        return self.linear(joined, layer, PARTS[3])

    def gelu(self, before: str) -> str:
        """x (1 + erf(x / sqrt 2)) / 2."""
        part = self.add("Div", before, ROOT_OF_TWO, name=f"{before}.div")
        erf = self.add("Erf", part, name=f"{before}.erf")
        one = self.add("Add", erf, ONE, name=f"{before}.one")
        half = self.add("Mul", one, HALF, name=f"{before}.half")
        return self.add("Mul", before, half, name=f"{before}.gelu")

    def layer(self, before: str, layer: int, name: str) -> str:
        attended = self.attention(before, layer)
        at = f"{self.task}.{layer}.middle"
        middle = self.normed(attended, before, layer, "attention.output", at)
        wide = self.gelu(self.linear(middle, layer, PARTS[4]))
        return self.normed(self.linear(wide, layer, PARTS[5]), middle, layer, "output", name)


def _layers(differences: Differences) -> Iterator[int]:
    yield from sorted({int(name.split(".")[0]) for name in differences})


def branch(task: str, differences: Differences) -> bytes:
    """What is put behind the bytes of the model file to give it a task's input and output.

    Where wanted, the output has the shape of the model's own: (texts, tokens, WIDTH).
    """
    made = _Branch(task, differences)
    state = start = BEFORE[min(_layers(differences))]
    for layer in _layers(differences):
        state = made.layer(state, layer, f"{task}.{layer}")
    adapted = graph(made.nodes, [value(state, FLOAT, AXES)], name=task)
    nothing = f"{task}.not"
    idle = graph(
        [node("Identity", [start], nothing)], [value(nothing, FLOAT, AXES)], name=f"no {task}"
    )
    choice = node("If", [wanted(task)], output_of(task), then_branch=adapted, else_branch=idle)
    outputs, inputs = [value(output_of(task), FLOAT, AXES)], [value(wanted(task), BOOL)]
    return model(graph([choice], outputs, made.tensors, inputs))
