"""Readings that are kept for the next process."""

from pathlib import Path

import numpy as np

from coach.interviewer.encoder import Reading
from coach.interviewer.kept import KeptReadings


class CountingEncoder:
    """Turns a text into a reading that follows from it, and counts how often it was asked."""

    key = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, texts):
        self.asked += texts
        return tuple(
            Reading(
                np.array([len(t), ord(t[0])], dtype=np.float32),
                np.array([[ord(char), 1] for char in t], dtype=np.int8),
                np.array([ord(t[-1]), len(t)], dtype=np.float32),
                np.array([[2, ord(char)] for char in t], dtype=np.int8),
            )
            for t in texts
        )


def test_a_text_is_encoded_once_a_machine(tmp_path: Path) -> None:
    first = KeptReadings(CountingEncoder(), tmp_path / "sheet.npz")
    rows = first.read(["one", "two", "one"])
    first.save()
    later = CountingEncoder()
    again = KeptReadings(later, tmp_path / "sheet.npz").read(["one", "two", "one"])
    assert later.asked == []
    for old, new in zip(rows, again, strict=True):
        assert (old.vector == new.vector).all()
        assert (old.tokens == new.tokens).all()
        assert (old.adapted_vector == new.adapted_vector).all()
        assert (old.adapted_tokens == new.adapted_tokens).all()


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "sheet.npz"
    path.write_bytes(b"not an archive")
    encoder = CountingEncoder()
    kept = KeptReadings(encoder, path)
    kept.read(["one"])
    kept.save()
    assert encoder.asked == ["one"]
    assert KeptReadings(CountingEncoder(), path).read(["one"])[0].tokens.shape == (3, 2)


def test_without_a_file_nothing_is_written(tmp_path: Path) -> None:
    kept = KeptReadings(CountingEncoder(), None)
    kept.read(["one"])
    kept.save()
    assert list(tmp_path.iterdir()) == []
