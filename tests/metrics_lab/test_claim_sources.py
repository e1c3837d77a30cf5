"""What a sum was made of goes beside its words as symbols of the case."""

from itertools import zip_longest

import pytest

from metrics_lab.engine.claim import ClaimCheck, check
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.result import Source
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
            (Source(("bill",)), SALES, TAKINGS, Source()),
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
