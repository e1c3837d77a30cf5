"""A case with other numbers: what moves, what follows, what is told, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions import formula
from questions.case import Case, VariantRule
from questions.told_numbers import rounded, told_numbers
from questions.variant import VARIANTS, movable, variant, variant_faults
from tests.questions.cases import tiktok


def moving(*symbols: str, **tells: str) -> Case:
    return replace(tiktok(), variant=VariantRule(symbols, tells))


def faults(case: Case) -> list[str]:
    return [f"{'.'.join(map(str, path))}: {text}" for path, text, _ in variant_faults(case)]


TOLD = moving(
    "aov", "return_rate",
    economics="A 5 percent fee on orders that are kept. I cannot share profit.",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(1, VARIANTS + 1))
def test_what_moves_stays_within_its_band_and_differs(seed: int) -> None:
    other = variant(TOLD, seed)
    for symbol in ("aov", "return_rate"):
        low, high = TOLD.baselines[symbol].band
        value = other.baselines[symbol].value
        assert low <= value <= high
        assert value != TOLD.baselines[symbol].value


@pytest.mark.parametrize("seed", range(1, VARIANTS + 1))
def test_every_relation_follows(seed: int) -> None:
    other = variant(TOLD, seed)
    given = {symbol: baseline.value for symbol, baseline in other.baselines.items()}
    formulas = {relation.symbol: relation.formula for relation in other.relations}
    assert formula.evaluate(formulas, given) == {r.symbol: r.value for r in other.relations}


def test_the_same_seed_gives_the_same_case_and_another_seed_another() -> None:
    assert variant(TOLD, 3) == variant(TOLD, 3)
    assert variant(TOLD, 3).baselines != variant(TOLD, 4).baselines


def test_the_interviewer_tells_the_new_number_and_no_longer_the_old_one() -> None:
    other = variant(TOLD, 1)
    aov = f"{other.baselines['aov'].value:g} dollars"
    assert aov in other.fact("kpis").answer
    assert "30 dollars" not in other.fact("kpis").answer
    assert "Conversion is 2 percent" in other.fact("kpis").answer


def test_a_fact_with_a_text_of_its_own_tells_that() -> None:
    told = moving("take_rate", economics="We keep {take_rate} of an order of {aov}.")
    fee = variant(told, 2).baselines["take_rate"].value
    assert variant(told, 2).fact("economics").answer == (
        f"We keep {rounded(100 * fee, 3):g} percent of an order of 30 dollars."
    )


def test_a_case_that_lets_nothing_move_is_played_as_it_is() -> None:
    case = replace(tiktok(), variant=None)
    assert variant(case, 5) is case


def test_what_was_worked_out_for_the_own_numbers_is_left_out() -> None:
    other = variant(TOLD, 1)
    assert (other.scenarios, other.experiment, other.pretotype) == ({}, None, None)
    assert all(star.symbol for star in other.north_star_candidates)


def test_a_band_without_room_an_unknown_name_and_an_unknown_fact_are_told() -> None:
    narrow = replace(TOLD.baselines["aov"], band=(30, 30))
    case = replace(
        moving("aov", "no_such", nobody="{aov} and {nothing}"),
        baselines={**TOLD.baselines, "aov": narrow},
    )
    found = faults(case)
    assert any("variant.moves.0: the band of aov" in fault for fault in found)
    assert any("no_such is no baseline" in fault for fault in found)
    assert any("there is no fact nobody" in fault for fault in found)
    assert any("{nothing} is no symbol" in fault for fault in found)


def test_a_figure_told_without_a_number_cannot_move() -> None:
    facts = tuple(
        replace(fact, answer="Few dollars.") if fact.id == "kpis" else fact
        for fact in tiktok().facts
    )
    found = faults(replace(moving("aov"), facts=facts))
    assert any("aov moves, and this tells it without a number" in fault for fault in found)


def test_a_number_of_unknown_origin_beside_a_moving_one_is_told() -> None:
    facts = tuple(
        replace(fact, answer=f"{fact.answer} That makes 77 in all.") if fact.id == "kpis" else fact
        for fact in tiktok().facts
    )
    found = faults(replace(moving("aov"), facts=facts))
    assert any("'77'" in fault for fault in found)


def test_two_ways_to_one_figure_that_part_are_told() -> None:
    assert any("is not" in fault for fault in faults(moving("conv_video")))


def test_what_can_move_alone_has_no_fault() -> None:
    assert "return_rate" in movable(tiktok())
    assert "conv_video" not in movable(tiktok())


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Twelve percent come back", [(12, True)]),
        ("24 percent here, 33 in Spain, for 40 seconds", [(24, True), (33, True), (40, False)]),
        (
            "at 3, 6.8 and 10 percent in two cities",
            [(3, True), (6.8, True), (10, True), (2, False)],
        ),
        ("$30, 4,000 and 10 million", [(30, False), (4000, False), (10_000_000, False)]),
        ("four in ten of those, half of them", [(40, True), (50, True)]),
        ("half a year", []),
        ("Forty thousand sellers", [(40_000, False)]),
        ("version 2.3.1 of T5", []),
    ],
)
def test_numbers_are_read_as_people_tell_them(text: str, values: list[tuple[float, bool]]) -> None:
    found = [(number.value, number.is_percent) for number in told_numbers(text)]
    assert found == values


@given(st.integers(1, 999), st.sampled_from(["percent", "%"]))
def test_a_share_written_in_a_numbers_place_is_read_back(tenths: int, sign: str) -> None:
    (number,) = told_numbers(f"50 {sign} of them")
    share = rounded(tenths / 1000, 2)
    (again,) = told_numbers(number.instead(share, share=True))
    assert again.tells(share, share=True)


def test_a_figure_below_one_that_is_no_share_is_told_as_it_is() -> None:
    liters = replace(
        tiktok().baselines["return_rate"], unit="liters / trip", value=0.08, band=(0.06, 0.12)
    )
    facts = tuple(
        replace(fact, answer="It saves 0.08 liters.") if fact.id == "returns" else fact
        for fact in tiktok().facts
    )
    case = replace(
        moving("return_rate"),
        baselines={**tiktok().baselines, "return_rate": liters},
        facts=facts,
    )
    other = variant(case, 1)
    value = other.baselines["return_rate"].value
    assert other.fact("returns").answer == f"It saves {value:g} liters."
