"""What an assessment knows about the case: prompt, sides, baselines, what exists, examples."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from functools import cached_property
from itertools import permutations
from typing import Any

from coach.assessment.sides import Side, distinct, side_of, sides_in
from coach.assessment.text import normal, stem, stems

_UNITS = {
    "pct": "%", "percent": "%", "usd": "$", "eur": "€", "hours": "hours", "days": "days",
    "minutes": "minutes", "seconds": "seconds", "months": "months", "weeks": "weeks",
}  # fmt: skip
_OWN_SIDE = {
    "company",
    "platform",
    "app",
    "product",
    "everyone",
    "chain",
    "the company",
    "management",
}
_BEHIND = re.compile(r" (?:per|of|from|by|with) ")
LONGEST_LABEL = 5
"""Figures with longer names do not read well inside a sentence."""


@dataclass(frozen=True)
class Baseline:
    """A hypothetical figure of the case. ``display`` is how a sentence shows it."""

    symbol: str
    label: str
    value: float
    display: str
    direction: str = ""
    unit: str = ""

    def counts(self, things: frozenset[str]) -> bool:
        """Whether it is a number or a share of things, told by their stems.

        The unit says what is counted; a unit that names no thing leaves it to the label. What
        stands behind "per" or "of" is not counted, nor a part of a compound: calls per person are
        calls, and person-months are months.
        """
        counted = self.unit.partition("/")[0].removeprefix("share").removeprefix(" of").strip()
        named = _BEHIND.split(counted or self.label)[0].casefold()
        return any(stem(word) in things for word in named.split())

    @property
    def sentence(self) -> str:
        """Label and value, for example "return rate (12 %)"."""
        return f"{self.label} ({self.display})"


@dataclass(frozen=True)
class CaseContext:
    """Everything about a case that an assessment may use; built once a case version."""

    slug: str
    type: str
    prompt: str
    product: str
    company: str
    background: str = ""
    sides: tuple[Side, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    exists_today: tuple[str, ...] = ()
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    briefs: tuple[str, ...] = ()
    rare_use: bool = False
    told: frozenset[str] | None = None
    """Symbols whose figures the student was told; None where nothing is kept from anybody."""

    @property
    def two_sided(self) -> bool:
        """Whether more than one side has to want the answer."""
        return len(self.sides) > 1

    @cached_property
    def words(self) -> frozenset[str]:
        """Stems that belong to this case."""
        parts = [self.prompt, self.product, self.company, self.background, *self.exists_today]
        parts += [baseline.label for baseline in self.baselines]
        named = frozenset().union(*(side.stems for side in self.sides)) if self.sides else set()
        return stems(" ".join(parts)) | named

    @cached_property
    def known_texts(self) -> tuple[str, str]:
        """What can be copied, in the form of `normal`: what the case says, and all examples."""
        examples = " ".join(" ".join(texts) for texts in self.examples.values())
        told = " ".join((self.prompt, self.background, *self.briefs))
        return normal(told), normal(examples)

    @cached_property
    def figures(self) -> tuple[float, ...]:
        """Baseline values, and what one step of arithmetic makes of them (shares, the rest)."""
        values = [b.value for b in self.baselines]
        shares = [b.value for b in self.baselines if "%" in b.display]
        counts = [b.value for b in self.baselines if "%" not in b.display and b.value >= 1000]
        rest = [100 - v if v > 1 else 1 - v for v in shares]
        ratios = [100 * a / b for a, b in permutations(counts, 2) if a < b]
        return tuple(values + rest + ratios)

    def figure_near(
        self, text: str, *hints: str, of: frozenset[str] = frozenset()
    ) -> Baseline | None:
        """The baseline whose label shares most words with the text, else with the hints.

        Only one that was told is named, and with ``of`` only one that counts such things.
        """
        wanted, hinted = stems(text), frozenset(map(stem, hints))
        short = [
            b
            for b in self.baselines
            if len(b.label.split()) <= LONGEST_LABEL
            and (self.told is None or b.symbol in self.told)
            and (not of or b.counts(of))
        ]
        scored = [(len(stems(b.label) & wanted), len(stems(b.label) & hinted)) for b in short]
        best = max(range(len(scored)), key=lambda i: (scored[i], -i), default=None)
        return short[best] if best is not None and any(scored[best]) else None


def number_words(value: float) -> str:
    """A number for people: "1.5 million", "24,000", "0.5"."""
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            return f"{value / size:g} {word}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def _display(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value:g} %"
    if unit in ("$", "€"):
        return f"{unit}{number_words(value)}"
    return f"{number_words(value)} {unit}".strip()


def _flat_baseline(symbol: str, value: float) -> Baseline:
    parts = symbol.split("_")
    unit = next((_UNITS[part] for part in reversed(parts) if part in _UNITS), "")
    label = " ".join(p for i, p in enumerate(parts) if not (p in _UNITS and i == len(parts) - 1))
    if unit in ("", "%", "$", "€"):
        return Baseline(symbol, label, value, _display(value, unit))
    return Baseline(symbol, label, value, f"{number_words(value)} {unit}")


def _case_baseline(symbol: str, raw: Mapping[str, Any]) -> Baseline:
    unit, value = str(raw.get("unit", "")), float(raw["value"])
    label = raw.get("label") or symbol.replace("_", " ")
    share = unit.startswith("share") or (abs(value) < 1 and "USD" not in unit)
    if share:
        shown = _display(round(value * 100, 4), "%")
    else:
        shown = _display(value, "$" if unit.startswith("USD") else "")
    return Baseline(symbol, str(label), value, shown, str(raw.get("direction", "")), unit)


def _product(prompt: str, fallback: str) -> str:
    names = re.findall(
        r"(?<!^)(?<![.?!] )\b(?:[A-Z][\w’'-]*(?:\.[A-Z]\w*)*(?: (?=[A-Z]))?)+(?: [A-Z][\w’'-]*)*",
        prompt,
    )
    kept = [n.strip().removesuffix("'s").removesuffix("’s") for n in names if n.strip() != "I"]
    return kept[0] if kept else fallback


def from_eval(slug: str, raw: Mapping[str, Any]) -> CaseContext:
    """Build a context from a case of an evaluation set.

    Raises:
        KeyError: no prompt.
    """
    prompt, background = str(raw["prompt"]), str(raw.get("product_context") or "")
    sides = sides_in(background) if raw.get("two_sided") else []
    baseline = raw.get("baseline") or {}
    return CaseContext(
        slug=slug,
        type=str(raw.get("category") or "product improvement").replace(" ", "_").replace("-", "_"),
        prompt=prompt,
        product=_product(prompt, "the product"),
        company=_product(prompt, "").split(" ")[0] or "the company",
        background=background,
        sides=distinct(sides, _product(prompt, "")),
        baselines=tuple(
            _flat_baseline(str(k), float(v))
            for k, v in baseline.items()
            if isinstance(v, int | float) and not isinstance(v, bool)
        ),
        exists_today=tuple(map(str, raw.get("exists_today") or ())),
    )


def _example_texts(steps: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        step: tuple(
            normal(str(example.get("text", "")))
            for example in (block.get("examples") or {}).values()
            if isinstance(example, Mapping)
        )
        for step, block in steps.items()
        if isinstance(block, Mapping)
    }


def _briefs(steps: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(b.get("brief") or "") for b in steps.values() if isinstance(b, Mapping))


def _company(companies: Sequence[str], told: str) -> str:
    """The case's company where the case names it to the student; a tag alone names nobody."""
    return next((str(name) for name in companies if str(name) in told), "the company")


def _product_of(company: str, prompt: str) -> str:
    """What the prompt calls the product: the company's name, with what follows it there."""
    named = re.search(rf"\b{re.escape(company)}\b(?: [A-Z]\w+)*", prompt)
    return named[0] if named else company.replace("the company", "the product")


def from_mapping(raw: Mapping[str, Any]) -> CaseContext:
    """Build a context from a case in the form of its library file.

    Raises:
        KeyError: no slug, prompt or type.
    """
    prompt, companies = str(raw["prompt"]), tuple(raw.get("companies") or ())
    sides = [side_of(str(s["id"]).replace("_", " ")) for s in raw.get("sides") or ()]
    company = _company(companies, f"{prompt} {raw.get('context') or ''}")
    names = {s.lower() for s in companies} | _OWN_SIDE
    exists = [
        e.get("what", "") if isinstance(e, Mapping) else e for e in raw.get("exists_today") or ()
    ]
    return CaseContext(
        slug=str(raw["slug"]),
        type=str(raw["type"]),
        prompt=prompt,
        product=_product_of(company, prompt),
        company=company,
        background=str(raw.get("context") or ""),
        sides=distinct((s for s in sides if s.name.lower() not in names), _product(prompt, "")),
        baselines=tuple(_case_baseline(k, v) for k, v in (raw.get("baselines") or {}).items()),
        exists_today=tuple(str(item) for item in exists if item),
        examples=_example_texts(raw.get("steps") or {}),
        briefs=_briefs(raw.get("steps") or {}),
        rare_use="rare_use" in (raw.get("tags") or ()),
    )


def plain(value: Any) -> Any:
    """Turn frozen dataclasses, mappings and sequences into dicts and lists, for `from_mapping`."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value


def from_case(case: Any) -> CaseContext:
    """Build a context from a `questions.case.Case`."""
    return from_mapping(plain(case))
