"""How the learned part of the assessment was made; not needed to run it."""

from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
