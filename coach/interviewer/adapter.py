"""The language model's last layers, adapted to questions and facts by low-rank differences.

Each matrix W of those layers becomes W + A B, A and B of low rank (LoRA, Hu et al. 2021). They are
learned from labelled questions (training/adapt.py) and stand as float16 in data/adapter.json. The
model file is not changed: the adapted layers are a branch beside its own, added in memory, and give
a second output. They only run where the input WANTED is true, so that whoever needs the model's own
vectors pays for nothing else. W + A B is worked out once, when the model is loaded.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.interviewer.onnx_graph import BOOL, FLOAT, Attribute, graph, model, node, tensor, value

ADAPTER = Path(__file__).parent / "data" / "adapter.json"
OUTPUT = "adapted_hidden_state"
WANTED = "adapted_is_wanted"
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


class _Branch:
    """Collects the nodes of the adapted layers."""

    def __init__(self, differences: Differences) -> None:
        self.differences = differences
        self.before: list[bytes] = []  # worked out once
        self.nodes: list[bytes] = []
        self.tensors = [
            tensor(WANTED, np.array(False)),
            tensor("adapted.heads", np.array([0, 0, HEADS, WIDTH // HEADS])),
            tensor("adapted.joined", np.array([0, 0, WIDTH])),
            tensor("adapted.scale", np.array((WIDTH / HEADS) ** -0.5, dtype=np.float32)),
        ]

    def add(self, kind: str, *inputs: str, name: str, **attributes: Attribute) -> str:
        self.nodes.append(node(kind, inputs, name, **attributes))
        return name

    def matrix(self, layer: int, part: str) -> str:
        """W + A B."""
        name = f"adapted.{layer}.{part}"
        a, b = self.differences[f"{layer}.{part}"]
        self.tensors += [tensor(f"{name}.a", a), tensor(f"{name}.b", b)]
        own = MATRICES[layer][PARTS.index(part)]
        self.before.append(node("MatMul", (f"{name}.a", f"{name}.b"), f"{name}.change"))
        self.before.append(node("Add", (own, f"{name}.change"), f"{name}.matrix"))
        return f"{name}.matrix"

    def linear(self, before: str, layer: int, part: str) -> str:
        """before (W + A B) + bias."""
        name = f"adapted.{layer}.{part}"
        product = self.add("MatMul", before, self.matrix(layer, part), name=f"{name}.product")
        return self.add("Add", product, f"inner.encoder.layer.{layer}.{part}.bias", name=name)

    def split(self, before: str, order: tuple[int, ...]) -> str:
        """Into heads, with the axes in the order."""
        heads = self.add("Reshape", before, "adapted.heads", name=f"{before}.heads")
        return self.add("Transpose", heads, name=f"{before}.turned", perm=order)

    def normed(self, before: str, rest: str, layer: int, part: str, name: str) -> str:
        total = self.add("Add", before, rest, name=f"{before}.total")
        norm = f"inner.encoder.layer.{layer}.{part}.LayerNorm"
        inputs = (total, f"{norm}.weight", f"{norm}.bias")
        return self.add("LayerNormalization", *inputs, name=name, axis=-1, epsilon=1e-12)

    def attention(self, before: str, layer: int) -> str:
        query, key, value = (self.linear(before, layer, part) for part in PARTS[:3])
        turned = self.split(query, (0, 2, 1, 3)), self.split(key, (0, 2, 3, 1))
        at = f"adapted.{layer}.attention"
        product = self.add("MatMul", *turned, name=f"{at}.product")
        scaled = self.add("Mul", product, "adapted.scale", name=f"{at}.scaled")
        masked = self.add("Add", scaled, MASK, name=f"{at}.masked")
        shares = self.add("Softmax", masked, name=f"{at}.shares", axis=-1)
        mixed = self.add("MatMul", shares, self.split(value, (0, 2, 1, 3)), name=f"{at}.mixed")
        back = self.add("Transpose", mixed, name=f"{at}.back", perm=(0, 2, 1, 3))
        joined = self.add("Reshape", back, "adapted.joined", name=f"{at}.joined")
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
        middle = self.normed(attended, before, layer, "attention.output", f"adapted.{layer}.middle")
        wide = self.gelu(self.linear(middle, layer, PARTS[4]))
        return self.normed(self.linear(wide, layer, PARTS[5]), middle, layer, "output", name)


def _layers(differences: Differences) -> Iterator[int]:
    yield from sorted({int(name.split(".")[0]) for name in differences})


def branch(differences: Differences) -> bytes:
    """What is put behind the bytes of the model file to give it the input WANTED, false where it is
    not given, and the output OUTPUT.

    Where wanted, OUTPUT has the shape of the model's own output: (texts, tokens, WIDTH).
    """
    made = _Branch(differences)
    state = start = BEFORE[min(_layers(differences))]
    for layer in _layers(differences):
        state = made.layer(state, layer, f"adapted.{layer}")
    adapted = graph(made.nodes, [value(state, FLOAT, AXES)], name="adapted")
    idle = graph(
        [node("Identity", [start], "adapted.not")], [value("adapted.not", FLOAT, AXES)], name="idle"
    )
    choice = node("If", [WANTED], OUTPUT, then_branch=adapted, else_branch=idle)
    outputs, inputs = [value(OUTPUT, FLOAT, AXES)], [value(WANTED, BOOL)]
    return model(graph([*made.before, choice], outputs, made.tensors, inputs))
