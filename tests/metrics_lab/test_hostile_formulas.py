"""What a stranger may write as a formula: refused in words, or a small known number.

That nothing runs long is shown by sizes and not by clocks: a formula that is accepted holds at
most MAX_NODES parts, nested at most MAX_DEPTH deep, no loop, and no power beyond MAX_EXPONENT, and
every part works on one float.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.arrays import on_arrays
from metrics_lab.engine.expr import (
    ARGUMENTS,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_EXPONENT,
    MAX_NODES,
    FormulaError,
    ImpossibleValueError,
    compile_formula,
)

SIGNS = "only plain letters"  # the first door: characters that no formula needs
ODD = "Write numbers plainly"
UNREADABLE = "cannot be read as a formula"
FUNCTIONS = "Only these functions are known"
ARGUMENT = "does not take these arguments"
OPERATOR = "Only +, -, "
POWER = "A power must be a plain number"
LARGE = "too large"
LONG = f"at most {MAX_CHARACTERS} characters"
PARTS = f"at most {MAX_NODES} parts"
DEEP = f"nested at most {MAX_DEPTH} deep"
NODE = "A formula may not contain"
NO_NUMBER = "is not a number"
EMPTY = "The formula is empty"

REFUSED: dict[str, list[str]] = {
    # code, in every form that needs a sign no formula needs
    SIGNS: [
        "__import__('os').system('id')", '__import__("os")', "open('/etc/passwd').read()",
        "eval('1')", "exec('x=1')", "compile('1','','eval')", "getattr(a, 'b')", "'a' * 10",
        '"a"', "b'abc'", "r'abc'", "u'abc'", "f'{a}'", 'f"{a!r}"', "'''a'''", "'a' 'b'", "'%s' % a",
        "''.join(a)", "().__class__.__bases__[0]", "[].__class__", "{}.__class__",
        "(1).__class__.__mro__[1].__subclasses__()", "a[0]", "a[b]", "a[:]", "a[1:2]", "a[::2]",
        "a[...]", "[a]", "[a, b]", "[]", "[x for x in y]", "[x for x in range(9)]",
        "[*a]", "{a}", "{a: b}", "{}", "{**a}", "{x for x in y}", "{x: y for x in z}",
        "lambda: 1", "lambda a: a", "lambda *a: a", "(lambda: 1)()", "a := 3", "(a := 3)",
        "max(a, key=b)", "max(a, b=c)", "a = 1", "a == b", "a != b", "a < b", "a > b", "a <= b",
        "a >= b", "1 < a < 3", "a < b == c", "a % b", "a %= b", "a @ b", "a & b", "a | b", "a ^ b",
        "a << 2", "a >> 2", "~a", "!a", "a!", "a ? b : c", "a; b", "a;", ";", "a\nb", "a\n", "\na",
        "a +\nb", "a\r\nb", "a\tb", "\ta", "a\x0bb", "a\x0cb", "a # b", "#", "# a comment",
        "a//b#c",
        "a\\\nb", "\\", "`id`", "$(id)", "$a", "${a}", "a$", "@a", "a@b.c", "a\x00", "\x00",
        "a\x00b", "1\x00+1", "\ufeffa", "a\u200bb", "a\u202eb", "a\u00a0b", "a\u2028b", "\u0661",
        "１＋１", "ａ + b", "𝐚 + 1", "а + 1", "ﬁ + 1", "ſqrt(a)", "\u212a + 1", "a × b", "a ÷ b",
        "a − b", "a · b", "√a", "a²", "½", "∞", "π", "a–b", "“a”", "‘a’", "€5", "£5", "5%", "5 %",
        "a'", 'a"', "<script>alert(1)</script>", "a&amp;b", "%s", "%(a)s", "{0}", "{{7*7}}",
        "{% a %}", "'; DROP TABLE x; --", "a -- b'", "=1+1", "=cmd|'/c calc'!A0", "a:b", "a: int",
        "🛒", "é", "ß", "a\ud800b", "a\U0001f600",
    ],
    ODD: ["1_000", "1_0.5", "10_", "0x10", "0XFF", "0b101", "0B1", "0o17", "0O7", "a + 0x1",
          "1__0", "(1_000)", "5_a"],
    UNREADABLE: [
        "a +", "+", "*", "* a", "a *", "a b", "a 1", "1 a", "1a", "2x", "1.2.3", "1..", "..", ".",
        "(", ")", "()(", "(a", "a)", "((a)", "a))", ")(", "a ( b", "a,,b", ",", ",a", "(,)", "a**",
        "** a", "a ***b", "/ a", "a / / b", "a / * b", "if a else b", "not", "and", "or", "in",
        "is", "a is", "a not b", "for a in b", "import os", "from a import b", "def f()", "class A",
        "return a", "raise a", "assert a", "del a", "pass", "break", "global a", "nonlocal a",
        "while a", "with a", "try", "lambda", "yield a b", "else", "async", "await", "01", "007",
        "0123 + a", "1e", "1e+", "max(a,,b)", "max(", "f(*)", "a(**)", "((((", "(" * 200,
        "print a", "1.a b", "a .", ". a", "a . . b", "x for x in y",
        "(" * 300 + "a" + ")" * 99,
    ],
    FUNCTIONS: [
        "f(a)", "print(a)", "open(a)", "eval(a)", "exec(a)", "__import__(os)", "globals()",
        "locals()", "vars()", "dir()", "input()", "exit()", "quit()", "help()", "breakpoint()",
        "getattr(a, b)", "setattr(a, b, c)", "type(a)", "id(a)", "sum(a)", "pow(2, 9)", "range(9)",
        "list(a)", "map(a, b)", "round(a)", "int(a)", "float(a)", "str(a)", "bytes(9)", "sin(a)",
        "factorial(9)", "SQRT(a)", "Max(a, b)", "sqrt(a)(b)", "a(b)(c)", "(a)(b)", "(a + b)(c)",
        "2(3)", "a.b()", "os.system(a)", "a.b.c(d)", "math.sqrt(a)", "sqrt.real(a)", "(1).real()",
        "max.f(a)", "f()", "f(g(h(a)))",
    ],
    ARGUMENT: ["sqrt()", "sqrt(a, b)", "abs()", "abs(a, b)", "max()", "max(a)", "min(a)",
               "max(a, b, c, d, e, f, g, h, i)", "z()", "z(a, b)", "log(a, b)", "exp()",
               "ceil(a, b)", "phi()"],
    OPERATOR: ["a // b", "a//b", "1 // 0", "a // b // c"],
    POWER: [
        "9**9**9", "9**9**9**9", "2**7", "2**-7", "2**x", "a**b", "a**(1+1)", "a**(-7)", "a**a**a",
        "a**1e9", "a**1e-999**9", "a**(2**2)", "a**-(-7)", "a**abs(2)", "a**6.0000001", "10**100",
        "a**(b)", "(a**2)**9", "sqrt(a)**10", "a**--8", "a**+2", "a**True", "a**None", "a**1j",
        "a**max(1,2)",
        "a**999999999999999999999999999999",
    ],
    LARGE: ["1e999", "a + 1e309", "-1e999", "1e99999999", "9" * 399, "a * 1e400", "sqrt(1e999)"],
    LONG: ["a" * 401, "a+" * 300 + "a", "1" * 5000, " " * 400 + "a", "(" * 5000, "a" + " " * 400,
           "-" * 401, "max(" * 200],
    PARTS: ["max(a,b,c,d,e,f,g,h)+" * 13 + "a", "max(1,2,3,4,5,6,7,8)*" * 18 + "a",
            "(a+b*c-d/e)*" * 18 + "a", "abs(a)-" * 22 + "(" + "a+" * 20 + "max(a,b,c,d,e,f,g,h))"],
    DEEP: ["-" * 40 + "a", "+" * 40 + "a", "-" * 25 + "a", "abs(" * 30 + "a" + ")" * 30,
           "+".join("a" * 30), "*".join("a" * 100), "(" * 30 + "a" + "+a)" * 30,
           "max(1," * 25 + "a" + ")" * 25, "1" + "+1" * 25, "-+" * 20 + "a"],
    NODE: [
        "a.b", "a.b.c", "a.__class__", "a . b", "(a).b", "(a + b).c", "1 .real", "(1).real",
        "1..real", "a.b + c", "-a.b", "a,b", "a, b", "(a, b)", "(a,)", "()", "a,", "max(*a, b)",
        "max(a, *b)", "max(*a, *b)", "abs(*a)", "a and b", "a or b", "not a", "not not a",
        "a in b", "a not in b", "a is b", "a is not b", "a if b else c", "(a if b else c)",
        "(x for x in y)", "(yield)", "(yield a)", "(yield from a)", "max((a, b), c)",
        "abs((a, b))", "sqrt(a.b)", "max(a if b else c, d)", "(a and b) + c", "a + (b or c)",
        "a + (not b)", "(a in b) * c",
    ],
    NO_NUMBER: ["True", "False", "None", "True + 1", "a * None", "max(True, a)", "-True", "1j",
                "1J", "2.5j", "a + 1j", "1e3j", "abs(None)", "(False)"],
    EMPTY: ["", " ", "   ", "          "],
}  # fmt: skip

REFUSED_SOMEHOW = [
    "await a", "(await a)", "yield", "yield a", "yield from a", "max(**a)", "f(**a)", "max(a, **b)",
    "sqrt(x for x in y)", "max(a for a in b)", "...", "a...", "__debug__()", "a.b.", "1.e",
    "1.real",
    "a.1", "*a", "**a", "*a, b", "print(*a)", "a if b", "(a for)", "0_0",
    "(" * 200 + ")" * 200,
]  # fmt: skip
"""Refused at one door or another, by the version of Python."""

HARMLESS: list[tuple[str, float]] = [
    ("print", 2.0), ("__class__", 2.0), ("__import__", 2.0), ("_", 2.0), ("__", 2.0), ("max", 2.0),
    ("sqrt", 2.0), ("self", 2.0), ("os", 2.0), ("exec", 2.0), ("e", 2.0), ("E1", 2.0), ("j", 2.0),
    ("e9", 2.0), ("x0x1", 2.0), ("a_1", 2.0), ("a_000", 2.0), ("_1_000", 2.0), ("match", 2.0),
    ("d30_share", 2.0),
    ("type", 2.0), ("case", 2.0), ("nan", 2.0), ("inf", 2.0), ("NaN + inf", 4.0), ("pi", 2.0),
    ("A", 2.0), ("print * max", 4.0), ("sqrt(sqrt)", math.sqrt(2)), ("max(max, min)", 2.0),
    ("1", 1.0), ("-1", -1.0), ("+1", 1.0), ("--1", 1.0), ("-+-1", 1.0), ("0", 0.0), ("00", 0.0),
    ("0.0", 0.0), ("1.", 1.0), (".5", 0.5), ("1e3", 1000.0), ("1E3", 1000.0), ("1e-3", 0.001),
    ("1e+3", 1000.0), ("1e308", 1e308), ("1e-999", 0.0), ("00.5", 0.5), ("0e0", 0.0),
    ("2**6", 64.0), ("2**-6", 2**-6), ("4**0.5", 2.0), ("4**-.5", 0.5), ("a**0", 1.0),
    ("a**6", 64.0), ("a**-1", 0.5), ("-a**2", -4.0), ("(-a)**2", 4.0), ("(a**6)**6", 2.0**36),
    ("((a**6)**6)**6", 2.0**216), ("a ** 1e0", 2.0), ("a**2", 4.0),
    ("(a)", 2.0), ("((((a))))", 2.0), ("(" * 50 + "a" + ")" * 50, 2.0), ("a" * 400, 2.0),
    ("  a  ", 2.0), ("a+ b", 4.0), ("a+-b", 0.0), ("a--b", 4.0), ("a-+b", 0.0), ("a*-b", -4.0),
    ("a/-b", -1.0), ("a/b/c", 0.5), ("a-b-c", -2.0), ("a+b*c", 6.0), ("(a+b)*c", 8.0),
    ("max(a,b,c,d,e,f,g,h)", 2.0), ("min(a, 1)", 1.0), ("max(a,b,)", 2.0), ("abs(-a)", 2.0),
    ("floor(2.7)", 2.0), ("ceil(-2.7)", -2.0), ("exp(0)", 1.0), ("log(1)", 0.0), ("phi(0)", 0.5),
    ("z(0.5)", 0.0), ("sqrt (a*a)", 2.0), ("exp(log(a))", 2.0), ("1" + "+1" * 24, 25.0),
    ("1/3*3", 1.0), ("0.1+0.2", 0.1 + 0.2), ("1e308/1e308", 1.0), ("1e-300*1e-300", 0.0),
]  # fmt: skip
"""Accepted; every name is 2."""

NO_VALUE = [
    "1/0", "a/0", "0/0", "a/(a-2)", "0**-1", "(a-2)**-6", "(-a)**0.5", "(-1)**.1", "sqrt(-1)",
    "log(0)", "log(-1)", "z(0)", "z(1)", "z(2)", "z(-1)", "exp(1000)", "exp(exp(exp(a)))",
    "1e308*10", "1e308+1e308", "-1e308-1e308", "(((9**6)**6)**6)**6", "1e308**2", "1e-308**-2",
    "floor(1e308*10)", "ceil(0/0)", "1e308*10-1e308*10", "max(1, 1/0)", "sqrt(1e308*1e308)",
    "abs(1e308*-10)", "phi(1/0)",
]  # fmt: skip


def every(texts: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return (text, what the message holds) of a table."""
    return [(text, said) for said, found in texts.items() for text in found]


def names_of(text: str) -> dict[str, float]:
    """Return a value of 2 for every word of a formula."""
    return dict.fromkeys(re.findall(r"[A-Za-z_]\w*", text), 2.0)


def test_the_table_is_large() -> None:
    texts = {text for text, _ in every(REFUSED)} | set(REFUSED_SOMEHOW)
    assert len(texts) >= 400
    assert len({text for text, _ in HARMLESS} | set(NO_VALUE)) >= 100


@pytest.mark.parametrize(
    ("text", "said"), [*every(REFUSED), *((text, "") for text in REFUSED_SOMEHOW)]
)
def test_a_hostile_formula_is_refused_in_words_for_its_own_reason(text: str, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        compile_formula(text)
    message = str(caught.value)
    assert said in message
    assert message.endswith(".")
    assert len(message) <= MAX_CHARACTERS + 60
    assert "Error" not in message
    assert "ast." not in message


@pytest.mark.parametrize(("text", "value"), HARMLESS)
def test_what_is_accepted_is_small_and_comes_to_a_known_number(text: str, value: float) -> None:
    formula = compile_formula(text)
    is_small(formula.tree)
    assert formula(names_of(text)) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", NO_VALUE)
def test_what_has_no_value_says_so_and_is_no_crash(text: str) -> None:
    formula = compile_formula(text)
    is_small(formula.tree)
    with pytest.raises(ImpossibleValueError) as caught:
        formula({"a": 2.0})
    assert str(caught.value).startswith("“")


def test_whole_arrays_come_to_the_same_numbers_and_to_none_where_there_is_none() -> None:
    for text, value in HARMLESS:
        names = {name: np.full(2, 2.0) for name in names_of(text)}
        found = on_arrays(compile_formula(text), names)
        np.testing.assert_allclose(found, value, rtol=1e-12, atol=1e-15, err_msg=text)
    for text in NO_VALUE:
        found = on_arrays(compile_formula(text), {"a": np.full(2, 2.0)})
        assert np.isnan(found).all(), text


def is_small(tree: ast.expr) -> None:
    """Check the sizes that bound the time a formula can take."""
    parts = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    powers = [n.right for n in parts if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow)]
    assert len(parts) <= MAX_NODES
    assert depth(tree) <= MAX_DEPTH
    assert all(abs(ast.literal_eval(power)) <= MAX_EXPONENT for power in powers)


def depth(node: ast.AST) -> int:
    """Return how deep a tree of expressions is."""
    inner = [depth(each) for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
    return 1 + max(inner, default=0)


def test_a_name_never_reaches_what_python_calls_so() -> None:
    for name in dir(builtins):
        if name in ("True", "False", "None"):
            continue
        assert compile_formula(name)({name: 7.0}) == 7.0
        with pytest.raises(FormulaError):
            compile_formula(f"{name} + missing")({name: 7.0})


def test_only_the_listed_functions_can_be_called() -> None:
    callable_names = [name for name in dir(builtins) if name not in ARGUMENTS]
    callable_names += [name for name in dir(math) if name not in ARGUMENTS]
    for name in callable_names:
        with pytest.raises(FormulaError):
            compile_formula(f"{name}(a)")


@given(st.text(alphabet="ab01.+-*/(), _e", max_size=40))
def test_any_arithmetic_text_is_refused_or_a_finite_number(text: str) -> None:
    with contextlib.suppress(FormulaError):
        assert math.isfinite(compile_formula(text)(names_of(text)))


@given(st.text(alphabet=st.characters(), max_size=30))
def test_any_character_is_refused_or_was_harmless(text: str) -> None:
    with contextlib.suppress(FormulaError):
        formula = compile_formula(text)
        assert re.fullmatch(r"[A-Za-z0-9_+\-*/(),. ]*", formula.text)
