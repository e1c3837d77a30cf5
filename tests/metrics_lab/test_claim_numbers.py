import pytest

from metrics_lab.engine.claim.numbers import find_numbers


def read(text: str) -> list[tuple[float, str]]:
    return [(pytest.approx(number.value), number.kind) for number in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("2.4%", 2.4, "percent"),
        ("2,4 %", 2.4, "percent"),
        ("43,200 orders", 43_200, "count"),
        ("12 500 rides", 12_500, "count"),
        ("1.800.000 visits", 1_800_000, "count"),
        ("€404k", 404_000, "money"),
        ("EUR 4.9 million", 4_900_000, "money"),
        ("$3bn", 3e9, "money"),
        ("52 euros", 52, "money"),
        ("0.5pp", 0.5, "points"),
        ("50 bps", 0.5, "points"),
        ("one more point of conversion", 1, "points"),
        ("one and a half orders", 1.5, "count"),
        ("two and a half percent", 2.5, "percent"),
        ("twenty-five percent", 25, "percent"),
        ("half a million rides", 500_000, "count"),
        ("a quarter more than today", 25, "percent"),
        ("three quarters of visitors", 75, "percent"),
        ("one parcel in nine", 100 / 9, "percent"),
        ("9 out of 10 orders", 90, "percent"),
        ("it doubles", 2, "ratio"),
        ("1.5 times as many", 1.5, "ratio"),
        ("3x", 3, "ratio"),
        ("comes 6 times a month", 6, "count"),
        ("every 40th account", 2.5, "percent"),
        ("each tenth order", 10, "percent"),
        ("3 in every 200 households", 1.5, "percent"),
        ("90 orders per 1,000", 9, "percent"),
        ("28p a unit", 0.28, "money"),
        ("thirty-five cents", 0.35, "money"),
        ("a dollar on the price", 1, "money"),
        ("between 2% and 3%", 2.5, "percent"),
        ("between 2 and 3 %", 2.5, "percent"),
    ],
)
def test_a_number_is_read_in_its_many_forms(text: str, value: float, kind: str) -> None:
    assert read(text) == [(value, kind)]


def test_a_time_sign_between_figures_multiplies_and_is_no_factor() -> None:
    assert [kind for _, kind in read("1.8M x 2.4%")] == ["count", "percent"]


def test_a_point_groups_thousands_where_the_text_has_decimal_commas() -> None:
    assert read("26.000 households x 2,5 orders") == [(26_000, "count"), (2.5, "count")]
    assert read("0.028 or 65.125") == [(0.028, "count"), (65.125, "count")]


@pytest.mark.parametrize("text", ["more than a third.", "falls by a tenth while prices hold"])
def test_a_fraction_may_close_its_clause(text: str) -> None:
    assert [kind for _, kind in read(text)] == ["percent"]


def test_trailing_zeros_of_an_integer_are_not_digits_written() -> None:
    number = find_numbers("43,000 orders")[0]
    assert (number.half, number.strict) == (500, 0.5)


def test_words_have_no_last_digit() -> None:
    assert find_numbers("a fifth of visitors")[0].half == 0


@pytest.mark.parametrize("word", ["about", "roughly", "around", "some", "approximately", "~"])
def test_a_hedge_is_noticed(word: str) -> None:
    assert find_numbers(f"we get {word} 43,000 orders")[0].about


@pytest.mark.parametrize(
    ("text", "bound"), [("more than 3%", ">"), ("fewer than half of visitors", "<"), ("3%", "")]
)
def test_a_bound_is_noticed(text: str, bound: str) -> None:
    assert find_numbers(text)[0].bound == bound


def test_a_negated_number_is_marked() -> None:
    assert [number.negated for number in find_numbers("21% more and not 20%")] == [False, True]


def test_a_range_is_as_wide_as_it_is_written() -> None:
    assert find_numbers("between 40% and 44%")[0].strict == pytest.approx(2.5)


@pytest.mark.parametrize("text", ["between you and me", "every third month", "each day"])
def test_words_that_only_look_like_numbers_are_none(text: str) -> None:
    assert find_numbers(text) == ()


def test_a_quarter_of_the_year_is_no_fraction() -> None:
    assert find_numbers("by next quarter we ship") == ()


def test_offsets_quote_the_text() -> None:
    text = "we earn €9.36 on an order"
    number = find_numbers(text)[0]
    assert text[number.start : number.end] == "€9.36"


def test_a_row_of_digits_too_long_for_any_figure_is_no_number() -> None:
    assert find_numbers("we had " + "9" * 400 + " orders") == ()


def test_an_m_apart_is_millions_only_where_the_text_writes_millions() -> None:
    told = "Of 3 million rides 2,150 m hours, then 30 m × 4 = 120 m."
    assert [number.value for number in find_numbers(told)] == pytest.approx(
        [3e6, 2.15e9, 3e7, 4, 1.2e8]
    )
    assert [number.value for number in find_numbers("The stop is 300 m off, a walk of 5 m.")] == [
        300,
        5,
    ]
    assert [n.value for n in find_numbers("2 million live 300 m away.")] == pytest.approx(
        [2e6, 300]
    )
