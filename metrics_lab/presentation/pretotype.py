"""What "Pretotype" answers: the test, the rule beside the data, and what the data can carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from metrics_lab.charts.interval import Held, interval_svg
from metrics_lab.charts.power import Spot, power_svg
from metrics_lab.engine.pretotype.kinds import LEVELS, Kind, kind_of, kinds_for
from metrics_lab.engine.pretotype.rule import Interval, Rule, SmallestTest, chance_of
from metrics_lab.engine.wording import money, percent, plain
from metrics_lab.forms.pretotype import PretotypeForm
from metrics_lab.forms.pretotype_seal import Seal, Stated
from metrics_lab.presentation.trial_words import share

CURVE_POINTS = 40
EVEN = 0.0005

OUTCOMES = {
    "go": ("good", "Go on"),
    "again": ("attention", "Repeat"),
    "stop": ("wrong", "Stop"),
    "early": ("attention", "Too early"),
    "over": ("attention", "More people than the rule"),
}
STATED_WORDS: dict[Stated, str] = {
    "before": "",
    "together": "Rule and result came together, so nobody can tell which was first. Next time"
    " compute once with the rule alone; the page then keeps the time.",
    "changed": "The rule was changed after it was first stated. What was seen in the meantime may"
    " have changed it; take this result as a reason for another test, not as its result.",
    "none": "No rule was stated before these results, and after them any result can be explained."
    " State one and test again; until then this is a finding to look into.",
}


@dataclass(frozen=True)
class Verdict:
    """A tag with a text: what the rule or the data say."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True)
class PretotypeResult:
    """Everything the page shows beside the form."""

    hypothesis: str
    sentence: str
    figures: list[tuple[str, str]]
    rule_words: str
    rule_at: datetime | None
    verdicts: list[Verdict]
    notes: list[str]
    chart: dict[str, Any]
    suggested: dict[str, int] | None


def pretotype_result(form: PretotypeForm, stood: Stated, found: Seal | None) -> PretotypeResult:
    """Return the result of a valid form; ``stood`` says how the rule stands to the data."""
    rule, interval = form.rule, form.interval
    test = _used(form.test, rule, form)
    return PretotypeResult(
        hypothesis=hypothesis_of(form),
        sentence=_sentence(form, test, stood),
        figures=_figures(form, test, interval),
        rule_words=_rule_words(rule) if rule else "",
        rule_at=found.at if found and rule and stood == "before" else None,
        verdicts=_verdicts(form, stood),
        notes=_notes(form, test),
        chart=_interval_chart(form, interval) if interval else _curve_chart(form, test),
        suggested=None if rule else {"rule_people": form.test.people, "rule_go": form.test.go},
    )


def hypothesis_of(form: PretotypeForm) -> str:
    """Return the hypothesis as its sentence."""
    data = form.cleaned_data
    return f"At least {percent(data['x'])} of {data['y']} will {data['z']}"


def kind_rows(form: PretotypeForm) -> list[dict[str, Any]]:
    """Return the kinds that answer the doubt, the cheapest first, with the level they reach."""
    chosen, doubt = form.typed("kind"), form.typed("doubt")
    known = dict(form.fields["doubt"].choices)  # type: ignore[attr-defined]
    return [
        {"kind": kind, "level": LEVELS[kind.evidence], "is_chosen": kind.id == chosen}
        for kind in kinds_for(doubt if doubt in known else "")
    ]


def _used(test: SmallestTest, rule: Rule | None, form: PretotypeForm) -> SmallestTest:
    """Return the test that is run: the stated rule's, or the smallest one."""
    if rule is None:
        return test
    x, poor = form.cleaned_data["x"], form.cleaned_data["poor"]
    return SmallestTest(
        rule.people,
        rule.go,
        chance_of(rule.go, rule.people, poor),
        chance_of(rule.go, rule.people, x),
    )


def _sentence(form: PretotypeForm, test: SmallestTest, stood: Stated) -> str:
    """Return the plan, and the result where there is one, as words for an answer."""
    data, interval, rule = form.cleaned_data, form.interval, form.rule
    kind = kind_of(data["kind"])
    how = (
        f"A {kind.name.lower() if kind.id != 'youtube' else kind.name} pretotype"
        if kind
        else "A pretotype"
    )
    said = (
        f"{hypothesis_of(form)}. {how} asks {test.people:,} people, and I go on at"
        f" {test.go:,} or more"
    )
    if rule and rule.stop < rule.go:
        said += f", stop below {rule.stop:,} and repeat in between"
    said += (
        f": at {percent(data['poor'])}, which is not worth it, that happens in"
        f" {share(test.false_go)} of tests, at {percent(data['x'])} in {share(test.true_go)}."
    )
    if interval is None or data["source"] == "others":
        return said
    said += (
        f" Of {data['people']:,} people {data['did']:,} did: {share(interval.share)}, 95 % interval"
        f" {share(interval.low)} to {share(interval.high)}."
    )
    outcome = rule.outcome(data["people"], data["did"]) if rule and stood == "before" else None
    if outcome in ("go", "again", "stop"):
        said += f" By the rule stated before: {OUTCOMES[outcome][1].lower()}."
    return said


def _figures(
    form: PretotypeForm, test: SmallestTest, interval: Interval | None
) -> list[tuple[str, str]]:
    data = form.cleaned_data
    figures = [
        ("people to ask", f"{test.people:,}"),
        ("to go on", f"{test.go:,} or more"),
        (f"go on at {percent(data['poor'])}", share(test.false_go)),
        (f"go on at {percent(data['x'])}", share(test.true_go)),
    ]
    if interval:
        figures = [
            (f"{data['did']:,} of {data['people']:,}", share(interval.share)),
            ("exact 95 % interval", f"{share(interval.low)} to {share(interval.high)}"),
        ]
    return figures + _cost_figures(data)


def _cost_figures(data: dict[str, Any]) -> list[tuple[str, str]]:
    hours, cost, people = data["hours"], data["cost"], data["people"]
    figures = []
    if hours is not None and cost is not None:
        figures.append(("per hour to data", money(cost / hours)))
    if cost is not None and people:
        figures.append(("per person asked", money(cost / people)))
    return figures


def _rule_words(rule: Rule) -> str:
    said = f"Ask {rule.people:,} people. Go on at {rule.go:,} or more"
    if rule.stop < rule.go:
        return f"{said}, stop below {rule.stop:,}, repeat from {rule.stop:,} to {rule.go - 1:,}."
    return f"{said}, stop at fewer."


def _verdicts(form: PretotypeForm, stood: Stated) -> list[Verdict]:
    data, rule, interval = form.cleaned_data, form.rule, form.interval
    if interval is None:
        return []
    if data["source"] == "others":
        where = f" ({data['source_text']})" if data["source_text"] else ""
        return [
            Verdict(
                "attention",
                "Other people’s data: an opinion",
                f"These figures{where} come from other people, at another time, with another"
                " offer. They can suggest an X; the rule is not applied to them. Ask your own.",
            )
        ]
    found = []
    if rule:
        outcome = rule.outcome(data["people"], data["did"])
        found.append(Verdict(*OUTCOMES[outcome], _outcome_words(rule, data, outcome)))
    if STATED_WORDS[stood]:
        label = "No rule before the data" if stood == "none" else "When was the rule stated?"
        found.append(Verdict("attention", label, STATED_WORDS[stood]))
    found.append(_standing(interval, data["x"], data["poor"]))
    return found


def _outcome_words(rule: Rule, data: dict[str, Any], outcome: str) -> str:
    if outcome == "early":
        return (
            f"The rule is about {rule.people:,} people and {data['people']:,} were asked. A result"
            " that is read early is read again until it pleases; ask the rest."
        )
    if outcome == "over":
        return (
            f"The rule is about {rule.people:,} people and {data['people']:,} were asked. Its"
            f" counts belong to its people: count the first {rule.people:,} alone, or read the"
            " interval."
        )
    return f"{data['did']:,} did it; the rule says {rule.go:,} or more to go on."


def _standing(interval: Interval, x: float, poor: float) -> Verdict:
    """Say what the interval excludes: X, the poor rate, both or neither."""
    to_x, to_poor = interval.standing(x), interval.standing(poor)
    span = f"{share(interval.low)} to {share(interval.high)}"
    if to_x == "above":
        text = f"The whole interval, {span}, lies above X."
    elif to_poor == "below":
        text = f"The whole interval, {span}, lies below the rate that is not worth it."
    elif to_x == "below":
        text = f"X lies above the whole interval, {span}: the hypothesis as it stands is out."
    elif to_poor == "above":
        text = f"X is possible and the poor rate is not: the interval is {span}."
    else:
        return Verdict(
            "attention",
            "The data leave both open",
            f"X and the rate that is not worth it both lie in the interval, {span}.",
        )
    return Verdict("info", "What the data exclude", text)


def _notes(form: PretotypeForm, test: SmallestTest) -> list[str]:
    data, notes = form.cleaned_data, []
    smallest = form.test
    if form.rule and test.false_go > data["alpha"] + EVEN:
        notes.append(
            f"Your rule goes on for nothing in {share(test.false_go)} of tests at the rate that is"
            f" not worth it; {smallest.go:,} of {smallest.people:,} keeps that under"
            f" {percent(data['alpha'])}."
        )
    if form.rule and test.true_go < data["power"] - EVEN:
        notes.append(
            f"If X holds, your rule notices it in {share(test.true_go)} of tests;"
            f" {smallest.go:,} of {smallest.people:,} does in {share(smallest.true_go)}."
        )
    if data["source"] == "own" and form.interval and not data["source_text"]:
        notes.append("Say where the data come from, so that somebody else could ask again.")
    return notes + _kind_notes(kind_of(data["kind"]), data)


def _kind_notes(kind: Kind | None, data: dict[str, Any]) -> list[str]:
    notes = []
    evidence = int(data["evidence"]) if data["evidence"] else None
    if kind and data["doubt"] and data["doubt"] not in kind.doubts:
        cheapest = kinds_for(data["doubt"])[0]
        notes.append(
            f"A {kind.name} does not answer that doubt; the cheapest that does is a"
            f" {cheapest.name}."
        )
    if kind and evidence is not None and evidence > kind.evidence:
        notes.append(
            f"A {kind.name} gets {LEVELS[kind.evidence].name} at best, not"
            f" {LEVELS[evidence].name}: choose another kind, or a weaker Z."
        )
    if evidence is not None and evidence <= 1:
        level = LEVELS[evidence]
        notes.append(f"People give {level.name}, level {evidence} of 4. {level.says}")
    return notes


def _curve_chart(form: PretotypeForm, test: SmallestTest) -> dict[str, Any]:
    x, poor = form.cleaned_data["x"], form.cleaned_data["poor"]
    top = min(1.0, max(1.5 * x, x + 2 * (x - poor)))
    rates = sorted({poor, x, *(top * i / CURVE_POINTS for i in range(CURVE_POINTS + 1))})
    curve = [(rate, chance_of(test.go, test.people, rate)) for rate in rates]
    answer = (
        f"At a true {percent(poor)} in {share(test.false_go)} of tests, at {percent(x)} in"
        f" {share(test.true_go)}."
    )
    spots = [
        Spot(x, test.true_go, f"X {percent(x)}: {share(test.true_go)}"),
        Spot(poor, test.false_go, f"{percent(poor)}: {share(test.false_go)}", main=False),
    ]
    return {
        "title": "How often would you go on?",
        "answer": answer,
        "svg": power_svg(curve, form.cleaned_data["power"], spots, answer, rates=True),
        "table": _chance_table(curve),
    }


def _chance_table(curve: Sequence[tuple[float, float]]) -> dict[str, Any]:
    return {
        "caption": "Chance to go on by the true rate",
        "columns": ["True rate", "Chance to go on"],
        "rows": [[f"{plain(rate * 100, 3)} %", share(chance)] for rate, chance in curve[::4]],
    }


def _interval_chart(form: PretotypeForm, interval: Interval) -> dict[str, Any]:
    data = form.cleaned_data
    x, poor = data["x"], data["poor"]
    words = {
        "above": "lies above X",
        "below": "lies below X",
        "open": "holds X",
    }[interval.standing(x)]
    answer = (
        f"{share(interval.share)} did; the 95 % interval from {share(interval.low)} to"
        f" {share(interval.high)} {words}."
    )
    held = Held(
        interval.share,
        interval.low,
        interval.high,
        x,
        poor,
        f"X {percent(x)}",
        f"not worth it {percent(poor)}",
    )
    rows = [
        ["Counted", share(interval.share)],
        ["Interval from", share(interval.low)],
        ["Interval to", share(interval.high)],
        ["X", percent(x)],
        ["Not worth it", percent(poor)],
    ]
    return {
        "title": "Does X fit what was counted?",
        "answer": answer,
        "svg": interval_svg(held, answer),
        "table": {
            "caption": "The interval and its lines",
            "columns": ["What", "Rate"],
            "rows": rows,
        },
    }
