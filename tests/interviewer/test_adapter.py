"""The adapted layers beside the model's own."""

import json

import numpy as np
import pytest

from coach.interviewer import adapter
from coach.interviewer.encoder import MiniLM, get_encoder

TEXTS = ["How many guests do not turn up on a Friday night?", "Rivals?", "It rains."]


def differences(size: float) -> dict[str, dict[str, object]]:
    noise = np.random.default_rng(1)
    wide = {"intermediate.dense": (384, 1536), "output.dense": (1536, 384)}
    made = {}
    for layer in adapter.MATRICES:
        for part in adapter.PARTS:
            rows, columns = wide.get(part, (384, 384))
            a, b = noise.normal(size=(rows, 2)), size * noise.normal(size=(2, columns))
            made[f"{layer}.{part}"] = {"a": adapter.written(a), "b": adapter.written(b)}
    return made


@pytest.fixture
def adapted(tmp_path):
    def make(size: float) -> MiniLM:
        path = tmp_path / "adapter.json"
        path.write_text(json.dumps({"matrices": differences(size)}), "utf-8")
        return MiniLM(dict.fromkeys(adapter.ADAPTERS, path))

    return make


def test_differences_of_zero_leave_the_vectors_as_they_are(adapted) -> None:
    for reading in adapted(0.0).read(TEXTS):
        assert np.allclose(reading.adapted_vector, reading.vector, atol=1e-5)
        assert np.abs(reading.adapted_tokens.astype(int) - reading.tokens).max() <= 1


def test_differences_move_the_adapted_vectors_alone(adapted) -> None:
    model, own = adapted(0.02), get_encoder()
    assert own is not None
    for reading, plain in zip(model.read(TEXTS), own.read(TEXTS), strict=True):
        assert (reading.vector == plain.vector).all()
        assert (reading.tokens == plain.tokens).all()
        assert reading.adapted_vector @ reading.vector < 0.999
        assert np.isclose(np.linalg.norm(reading.adapted_vector), 1, atol=1e-5)


def test_encoding_gives_the_models_own_vectors(adapted) -> None:
    model = adapted(0.02)
    own = np.stack([reading.vector for reading in model.read(TEXTS)])
    assert np.allclose(model.encode(TEXTS), own, atol=1e-6)


def test_what_is_written_is_read_to_half_precision() -> None:
    values = np.array([[1.5, -0.25], [3e-4, 100.0]])
    assert np.allclose(adapter.numbers(adapter.written(values)), values, rtol=1e-3)


def test_the_two_tasks_do_not_touch_each_other_or_the_models_own_vectors(adapted) -> None:
    model = adapted(0.02)
    questions = np.stack([reading.adapted_vector for reading in model.read(TEXTS)])
    roles = model.encode_roles(TEXTS)
    assert np.allclose(roles, questions, atol=1e-5)  # the same differences in both
    own = get_encoder()
    assert own is not None
    assert np.allclose(model.encode(TEXTS), own.encode(TEXTS), atol=1e-6)


@pytest.mark.parametrize("task", sorted(adapter.ADAPTERS))
def test_the_shipped_differences_fit_the_models_layers(task: str) -> None:
    shipped = adapter.load_differences(adapter.ADAPTERS[task])
    assert {name.split(".")[0] for name in shipped} == {str(layer) for layer in adapter.MATRICES}
    for name, (a, b) in shipped.items():
        assert a.shape[1] == b.shape[0], name
        assert np.isfinite(a).all(), name
        assert np.abs(b).max() > 0, name
