import pytest

from metrics_lab.engine.baseline import ambiguities, carry
from metrics_lab.engine.errors import UnknownSymbolError
from metrics_lab.engine.graph import Model

ROWS = [
    {"if_shoppers_are": "visitors", "orders": 200_000, "gmv": 6_000_000},
    {"if_shoppers_are": "buyers", "orders": 10_000_000, "ruled_out_by": "too few ever bought"},
]
MODEL = Model.build(
    ["orders = visitors * conversion", "gmv = orders * aov"],
    {"visitors": 1e7, "conversion": 0.02, "aov": 30},
)


def test_both_readings_are_carried_to_the_end() -> None:
    carried = carry(MODEL, ambiguities(ROWS)[0], "gmv")
    assert carried.by_meaning == {"visitors": 6e6, "buyers": 3e8}
    assert carried.apart == 50


def test_an_open_word_becomes_a_question() -> None:
    question = ambiguities(ROWS)[0].question
    assert question == "When the case says “shoppers”, does it mean visitors or buyers?"


def test_a_reading_keeps_what_rules_it_out() -> None:
    assert ambiguities(ROWS)[0].readings[1].ruled_out_by == "too few ever bought"


def test_a_reading_without_a_term_is_refused() -> None:
    with pytest.raises(UnknownSymbolError):
        ambiguities([{"orders": 3}])
