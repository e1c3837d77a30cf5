"""The model of the lab's benchmark: 26 nodes, 12 uncertain inputs and 14 derived figures.

The same model is written four times: as relations for the lab, as plain NumPy, as Squiggle and as
squigglepy, so that all compute the same. Every figure is hypothetical.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from metrics_lab.engine.graph import Model
from metrics_lab.engine.quantity import Range, fit_beta

END = NormalDist().inv_cdf(0.95)
RANGES = {
    "visitors": Range(9e6, 12e6, "lognormal"),
    "sessions_each": Range(1.4, 2.6, "lognormal"),
    "aov": Range(26, 34, "lognormal"),
    "cost_each": Range(3, 6, "lognormal"),
    "cpc": Range(0.3, 0.9, "lognormal"),
    "page_rate": Range(0.3, 0.5, "beta"),
    "cart_rate": Range(0.1, 0.22, "beta"),
    "checkout_rate": Range(0.4, 0.6, "beta"),
    "pay_rate": Range(0.5, 0.75, "beta"),
    "return_rate": Range(0.08, 0.18, "beta"),
    "take_rate": Range(0.1, 0.2, "beta"),
    "ad_share": Range(0.02, 0.06, "beta"),
}
FORMULAS = {
    "sessions": "visitors * sessions_each",
    "openers": "sessions * page_rate",
    "carts": "openers * cart_rate",
    "checkouts": "carts * checkout_rate",
    "orders": "checkouts * pay_rate",
    "gmv": "orders * aov",
    "kept": "gmv * (1 - return_rate)",
    "income": "kept * take_rate",
    "cost": "orders * cost_each",
    "clicks": "visitors * ad_share",
    "spend": "clicks * cpc",
    "margin": "income - cost",
    "profit": "margin - spend",
    "cac": "spend / orders",
}


def model() -> Model:
    """Return the lab's model; each input stands at its median."""
    relations = [f"{symbol} = {formula}" for symbol, formula in FORMULAS.items()]
    units = {symbol: "share" for symbol, found in RANGES.items() if found.kind == "beta"}
    given = {symbol: found.median for symbol, found in RANGES.items()}
    return Model.build(relations, given, units=units)


def by_hand(x: dict[str, Any]) -> dict[str, Any]:
    """Return every figure as somebody would write it in NumPy."""
    sessions = x["visitors"] * x["sessions_each"]
    openers = sessions * x["page_rate"]
    carts = openers * x["cart_rate"]
    checkouts = carts * x["checkout_rate"]
    orders = checkouts * x["pay_rate"]
    gmv = orders * x["aov"]
    kept = gmv * (1 - x["return_rate"])
    income = kept * x["take_rate"]
    cost = orders * x["cost_each"]
    clicks = x["visitors"] * x["ad_share"]
    spend = clicks * x["cpc"]
    margin = income - cost
    profit = margin - spend
    cac = spend / orders
    return {
        "sessions": sessions, "openers": openers, "carts": carts, "checkouts": checkouts,
        "orders": orders, "gmv": gmv, "kept": kept, "income": income, "cost": cost,
        "clicks": clicks, "spend": spend, "margin": margin, "profit": profit, "cac": cac,
    }  # fmt: skip


def logs(found: Range) -> tuple[float, float]:
    """Return the mean and the standard deviation of a lognormal's logarithm."""
    low, high = math.log(found.lo), math.log(found.hi)
    return (low + high) / 2, (high - low) / (2 * END)


def random_inputs(n: int, seed: int) -> dict[str, Any]:
    """Return n plain random draws of every input."""
    source = np.random.default_rng(seed)
    return {
        symbol: source.lognormal(*logs(found), n)
        if found.kind == "lognormal"
        else source.beta(*fit_beta(found.lo, found.hi), n)
        for symbol, found in RANGES.items()
    }


def true_mean() -> float:
    """Return the mean of gmv: its factors are independent, so their means multiply."""
    factors = (
        "visitors", "sessions_each", "page_rate", "cart_rate", "checkout_rate", "pay_rate", "aov",
    )  # fmt: skip
    return math.prod(_mean(RANGES[symbol]) for symbol in factors)


def true_fifth() -> float:
    """Return the 5 % quantile of sessions, a product of two lognormals and so a lognormal."""
    (one, s), (other, t) = logs(RANGES["visitors"]), logs(RANGES["sessions_each"])
    return math.exp(one + other - END * math.hypot(s, t))


def _mean(found: Range) -> float:
    if found.kind == "lognormal":
        middle, scale = logs(found)
        return math.exp(middle + scale**2 / 2)
    a, b = fit_beta(found.lo, found.hi)
    return a / (a + b)


def squiggle() -> str:
    """Return the model as Squiggle; its last line is the mean of gmv and the 5 % of sessions."""
    lines = [
        f"{symbol} = lognormal({logs(found)[0]!r}, {logs(found)[1]!r})"
        if found.kind == "lognormal"
        else "{} = beta({!r}, {!r})".format(symbol, *fit_beta(found.lo, found.hi))
        for symbol, found in RANGES.items()
    ]
    lines += [f"{symbol} = {formula}" for symbol, formula in FORMULAS.items()]
    others = ", ".join(f"mean({symbol})" for symbol in ("profit", "cac", "cost"))
    lines.append(f"[mean(gmv), quantile(sessions, 0.05), {others}]")
    return "\n".join(lines)


def squigglepy() -> str:
    """Return a function body over `sq` and `n` that gives the same two numbers.

    Each input is sampled once by hand: the library would draw anew at every use.
    """
    lines = [
        f"{symbol} = sq.sample(sq.lognorm(norm_mean={logs(found)[0]!r},"
        f" norm_sd={logs(found)[1]!r}), n=n)"
        if found.kind == "lognormal"
        else "{} = sq.sample(sq.beta({!r}, {!r}), n=n)".format(
            symbol, *fit_beta(found.lo, found.hi)
        )
        for symbol, found in RANGES.items()
    ]
    lines += [f"{symbol} = {formula}" for symbol, formula in FORMULAS.items()]
    return "\n".join(lines)
