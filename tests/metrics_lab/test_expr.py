import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.expr import FormulaError, ImpossibleValueError, compile_formula

numbers = st.floats(0.001, 1e6)

HOSTILE = [
    "__import__('os').system('id')",
    "().__class__",
    "(1).__class__.__bases__",
    "open('x')",
    "eval('1')",
    "a.b",
    "a[0]",
    "'a' * 10 ** 9",
    "9**9**9",
    "2**7",
    "2**x",
    "2**-7",
    "lambda: 1",
    "[a for a in b]",
    "{1: 2}",
    "a if b else c",
    "a and b",
    "not a",
    "~a",
    "a < b",
    "1 < a < 3",
    "a == b",
    "a := 3",
    "f(a)",
    "max(*a)",
    "max(a, key=b)",
    "max(a)",
    "sqrt()",
    "sqrt(a, b)",
    "a // b",
    "a % b",
    "a @ b",
    "a << 2",
    "a | b",
    "f'{a}'",
    "1j",
    "True",
    "None",
    "...",
    "1_000",
    "0x10",
    "1e999",
    "ａ + 1",
    "a × b",
    "a; b",
    "a\nb",
    "a,b",
    "",
    "   ",
    "a +",
    "((((",
    "(" * 60 + "a" + ")" * 60 + "+",
    "+".join("a" * 130),
    "a+" * 300 + "a",
    "-" * 40 + "a",
    "await a",
    "yield",
    "print",
]


@pytest.mark.parametrize("text", [t for t in HOSTILE if t != "print"])
def test_hostile_and_odd_formulas_are_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        compile_formula(text)


def test_a_name_python_knows_is_only_a_symbol() -> None:
    assert compile_formula("print * max")({"print": 2, "max": 3}) == 6


def test_a_missing_value_is_named() -> None:
    with pytest.raises(FormulaError, match="needs a value for b"):
        compile_formula("a * b")({"a": 1})


@pytest.mark.parametrize("text", ["1/a", "sqrt(a - 1)", "log(a)", "(a - 1) ** 0.5", "z(2)"])
def test_a_formula_without_a_value_says_so(text: str) -> None:
    with pytest.raises(ImpossibleValueError):
        compile_formula(text)({"a": 0})


def test_an_overflow_is_not_a_number() -> None:
    with pytest.raises(ImpossibleValueError):
        compile_formula("a ** 6")({"a": 1e200})


def test_names_are_listed_as_they_are_read() -> None:
    assert compile_formula("b * a / max(b, c)").in_order == ("b", "a", "c")


@given(numbers, numbers, numbers)
def test_arithmetic_is_pythons(a: float, b: float, c: float) -> None:
    formula = compile_formula("a * (b + c) / b - -c ** 2")
    assert formula({"a": a, "b": b, "c": c}) == a * (b + c) / b - -(c**2)


@given(numbers, numbers, st.floats(0.1, 10))
def test_a_product_scales_with_its_factors(a: float, b: float, k: float) -> None:
    formula = compile_formula("a * b")
    assert formula({"a": k * a, "b": b}) == pytest.approx(k * formula({"a": a, "b": b}))


@given(st.text(max_size=60))
def test_any_text_is_accepted_or_refused_but_never_breaks(text: str) -> None:
    with contextlib.suppress(FormulaError):
        assert compile_formula(text).text == text.strip()
