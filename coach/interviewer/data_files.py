"""Reading the text files under data/: sections of wordings, and lists of words."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_sections(path: Path) -> dict[str, tuple[str, ...]]:
    """Section -> its lines; a section may be continued under a second header of the same name."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for raw in path.read_text("utf-8").splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            lines = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return {name: tuple(found) for name, found in sections.items()}


def word_list(section: str) -> frozenset[str]:
    """The words of a section of data/words.txt."""
    lines = read_sections(DATA / "words.txt")[section]
    return frozenset(word for line in lines for word in line.split())
