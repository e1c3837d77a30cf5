"""What a sum was made of goes beside its words as symbols of the case."""

import re
from itertools import zip_longest

import pytest

from metrics_lab.engine.claim import ClaimCheck, check
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.result import Source
from metrics_lab.engine.wording import format_value
from tests.metrics_lab import answers

BAKERY = ClaimModel(
    values={"guests": 12_000, "buying": 0.25, "bill": 8, "flour": 3_000},
    symbols={
        "guests": {"label": "guests", "unit": "guest / month", "aliases": []},
        "buying": {"label": "share who buy", "unit": "share of guests", "aliases": ["buying rate"]},
        "bill": {"label": "average bill", "unit": "usd / sale", "aliases": ["bill"]},
        "flour": {"label": "flour", "unit": "kilo / month", "aliases": []},
        "sales": {"label": "sales", "unit": "sale / month", "aliases": []},
        "takings": {"label": "takings", "unit": "usd / month", "aliases": ["takings"]},
    },
    relations=["sales = guests * buying", "takings = sales * bill"],
)
SALES = Source(("guests", "buying"), "sales")
TAKINGS = Source(("sales", "bill"), "takings")


def only(text: str) -> ClaimCheck:
    (found,) = (one for one in check(text, BAKERY) if not one.supposed)
    return found


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("The average bill is $8.", (Source(("bill",)), Source())),
        ("Sales are 3,000 a month.", (SALES, Source())),
        ("Takings are $24,000 a month.", (SALES, TAKINGS, Source())),
        (
            "If the average bill goes from $8 to $9, takings are $27,000 a month.",
            (Source(("bill",), supposed=True), SALES, TAKINGS, Source()),
        ),
    ],
)
def test_each_step_names_the_figures_it_is_made_of(text: str, sources: tuple[Source, ...]) -> None:
    assert only(text).sources == sources


def test_a_slip_named_after_another_figure_says_which() -> None:
    found = only("Sales are 12,000 a month.")
    assert found.steps[-1] == "That is the number of guests."
    assert found.sources == (SALES, Source(), Source(("guests",)))


def test_what_is_supposed_names_the_figure_it_moves() -> None:
    (found,) = check("If the average bill rises by 10 %, we bake more.", BAKERY)
    assert found.supposed
    assert found.sources == (Source(("bill",)),)


@pytest.mark.parametrize(
    "text",
    ["Takings are 24,000 euros a month.", "We take $2,000 and buying is 30 %.", "It costs $25."],
)
def test_a_doubtful_reading_names_its_figures_as_well(text: str) -> None:
    for found in check(text, BAKERY):
        assert found.truth is None or found.sources


def test_no_step_tells_a_figure_of_the_case_without_its_symbol() -> None:
    texts = [(place, text, checks) for place, text, checks in answers.examples(2, 3)]
    slips = [(item["case"], item["text"], checks) for item, checks in answers.held_out("slips")]
    told = 0
    for place, text, checks in [*texts, *slips]:
        written = text.replace(" ", "")
        today = {shown for shown in _shown_today(place) if shown.replace(" ", "") not in written}
        for one in (each for each in checks if each.symbol):
            for step, source in zip_longest(one.steps, one.sources, fillvalue=Source()):
                tells = any(re.search(rf"(?<![\w.,]){re.escape(v)}(?![\w.,])", step) for v in today)
                told += tells
                assert not tells or source.of or step.startswith("The sum gives"), (place, step)
    assert told > 20


def _shown_today(place: str) -> set[str]:
    """Figures of a case as steps show them, without those of two or three signs."""
    model = answers.model(place.partition("/")[0])
    shown = {format_value(model.today[name], model.units[name]) for name in model.known}
    return {value for value in shown if len(value) > 3}


def test_the_symbols_agree_with_the_words_in_every_example_answer() -> None:
    steps = 0
    for place, _, checks in answers.examples(2, 3):
        known = answers.model(place.partition("/")[0]).known
        for one in checks:
            for step, source in zip_longest(one.steps, one.sources, fillvalue=Source()):
                names, written = [known[name].label for name in source.of], str(step)
                if written.endswith((" (given)", " (supposed)")):
                    assert written.startswith(f"{names[0]}: ")
                if source.gives:
                    label, formula, *_ = written.split(" = ")
                    assert label == known[source.gives].label
                    assert all(name in formula for name in names)
                    steps += 1
    assert steps > 100
