"""Vectors that are kept for the next process."""

from pathlib import Path

import numpy as np

from coach.interviewer.kept import KeptVectors


class CountingEncoder:
    """Turns a text into a row that follows from it, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts):
        self.asked += texts
        return np.array([[len(t), ord(t[0])] for t in texts], dtype=np.float32).reshape(-1, 2)


def test_a_text_is_encoded_once_a_machine(tmp_path: Path) -> None:
    first = KeptVectors(CountingEncoder(), tmp_path / "sheet.npz")
    rows = first.encode(["one", "two", "one"])
    first.save()
    later = CountingEncoder()
    again = KeptVectors(later, tmp_path / "sheet.npz").encode(["one", "two", "one"])
    assert later.asked == []
    assert (again == rows).all()


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "sheet.npz"
    path.write_bytes(b"not an archive")
    encoder = CountingEncoder()
    kept = KeptVectors(encoder, path)
    kept.encode(["one"])
    kept.save()
    assert encoder.asked == ["one"]
    assert KeptVectors(CountingEncoder(), path).encode(["one"]).shape == (1, 2)


def test_without_a_file_nothing_is_written(tmp_path: Path) -> None:
    kept = KeptVectors(CountingEncoder(), None)
    kept.encode(["one"])
    kept.save()
    assert list(tmp_path.iterdir()) == []
