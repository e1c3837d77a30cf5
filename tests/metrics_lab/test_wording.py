import pytest

from metrics_lab.engine.wording import format_value, kind_of, points, with_unit


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.02, "buyers / visitor / month", "2 %"),
        (0.12, "share of orders and of value", "12 %"),
        (0.125, "1", "12.5 %"),
        (30, "USD / order", "$30"),
        (9.36, "eur/order", "€9.36"),
        (6_000_000, "usd/month", "$6.0 million"),
        (2_246_400, "eur/month", "€2.246 million"),
        (-264_000, "usd", "-$264,000"),
        (10_000_000, "people / month", "10 million"),
        (999_999.7, "people", "1 million"),
        (43_338.9, "people", "43,339"),
        (1.0, "orders / buyer / month", "1"),
        (8, "days", "8 days"),
        (1, "days", "1 day"),
        (18, "person-months / quarter", "18"),
        (0, "usd", "$0"),
    ],
)
def test_values_read_as_people_write_them(value: float, unit: str, words: str) -> None:
    assert format_value(value, unit) == words


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("share of visitors", "share"),
        ("1", "share"),
        ("USD / return paid by the seller", "money"),
        ("days", "time"),
        ("people / month", "count"),
        ("order/user/month", "rate"),
    ],
)
def test_loose_units_have_a_kind(unit: str, kind: str) -> None:
    assert kind_of(unit) == kind


def test_a_unit_stands_behind_its_number() -> None:
    assert with_unit(30, "USD / order") == "$30 / order"
    assert with_unit(200_000, "orders / month") == "200,000 orders / month"
    assert with_unit(10_000_000, "number") == "10 million"


def test_points_have_a_singular() -> None:
    assert points(0.01) == "1 percentage point"
    assert points(0.005) == "0.5 percentage points"
