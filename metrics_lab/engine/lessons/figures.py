"""The figures of the lessons: what is given, all of it hypothetical, and what follows from it.

A lesson's text holds names and no digits; each name is a figure computed here by the engine, so
that no result can drift away from what the lab computes.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from metrics_lab.engine import experiment
from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.wording import money, percent, plain


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and how it is said: "money", "share", "number" or "count"."""

    value: float
    kind: str = "number"

    @property
    def words(self) -> str:
        """Return the figure as the lesson says it."""
        if self.kind == "money":
            return money(self.value)
        if self.kind == "share":
            return percent(float(f"{self.value:.3g}"))
        if self.kind == "count":
            return plain(round(self.value))
        return plain(self.value, 3)


Figures = Mapping[str, Figure]


def figures(slug: str) -> Figures:
    """Return every figure of one lesson; raise KeyError for a lesson there is not."""
    return _LESSONS[slug]()


def _count(value: float) -> Figure:
    return Figure(value, "count")


def _money(value: float) -> Figure:
    return Figure(value, "money")


def _share(value: float) -> Figure:
    return Figure(value, "share")


def _gmv(orders: float, aov: float) -> float:
    return catalogue.compute("gmv", {"orders": orders, "aov": aov})


def _funnel() -> Figures:
    shoppers, rate, aov, ever = 10e6, 0.02, 30.0, 0.15
    returned, take = 0.08, 0.06
    opened, carted, started, paid = 0.4, 0.125, 0.6, 2 / 3
    orders = shoppers * rate
    low, high = _gmv(orders, aov), _gmv(shoppers, aov)
    kept = catalogue.compute("net_gmv", {"gmv": low, "returns_value": returned * low})
    through = [shoppers * opened]
    for step in (carted, started, paid):
        through.append(through[-1] * step)
    point = 0.01
    return {
        "shoppers": _count(shoppers),
        "rate": _share(rate),
        "aov": _money(aov),
        "ever": _share(ever),
        "orders": _count(orders),
        "gmv_low": _money(low),
        "gmv_high": _money(high),
        "apart": _count(high / low),
        "one_in": _count(1 / rate),
        "ever_buyers": _count(shoppers * ever),
        "ever_wrong": _count(shoppers * ever * rate),
        "returned": _share(returned),
        "take": _share(take),
        "net": _money(kept),
        "revenue": _money(kept * take),
        "opened": _share(opened),
        "carted": _share(carted),
        "started": _share(started),
        "paid": _share(paid),
        "n_opened": _count(through[0]),
        "n_carted": _count(through[1]),
        "n_started": _count(through[2]),
        "n_paid": _count(through[3]),
        "tenth": _share(0.1),
        "gmv_tenth": _money(low * 1.1),
        "opened_more": _share(opened + point),
        "carted_more": _share(carted + point),
        "lift_opened": _share(point / opened),
        "lift_carted": _share(point / carted),
        **_funnel_asks(),
    }


def _funnel_asks() -> Figures:
    shoppers, rate, aov = 4e6, 0.03, 25.0
    before, after = 0.02, 0.025
    lift = catalogue.compute("lift_rel", {"p_c": before, "p_t": after})
    gmv, returned, take = 6e6, 0.08, 0.06
    net = catalogue.compute("net_gmv", {"gmv": gmv, "returns_value": returned * gmv})
    return {
        "q_shoppers": _count(shoppers),
        "q_rate": _share(rate),
        "q_aov": _money(aov),
        "q_gmv": _money(_gmv(shoppers * rate, aov)),
        "q_gmv_buyers": _money(_gmv(shoppers, aov)),
        "q_orders": _count(shoppers * rate),
        "q_gmv_percent": _money(_gmv(shoppers * rate * 100, aov)),
        "q_before": _share(before),
        "q_after": _share(after),
        "q_lift": Figure(100 * lift),
        "q_points": Figure(100 * (after - before)),
        "q_base": Figure(100 * (after - before) / after),
        "q_ratio": Figure(100 * after / before),
        "q_as_share": Figure(lift),
        "q_net": _money(net),
        "q_revenue": _money(net * take),
        "q_gross_revenue": _money(gmv * take),
        "q_sellers": _money(net * (1 - take)),
        "q_added": _money(gmv * (returned + take)),
        "q_given_gmv": _money(gmv),
        "q_returned": _share(returned),
        "q_take": _share(take),
    }


def _ltv(margin: float, churn: float) -> float:
    return catalogue.compute("cltv_simple", {"cm_user": margin, "churn": churn})


def _ratio(ltv: float, cac: float) -> float:
    return catalogue.compute("ltv_cac", {"cltv": ltv, "cac": cac})


def payback_with_churn(cac: float, margin: float, churn: float) -> float:
    """Return the periods until a cohort that loses `churn` a period has paid back `cac`.

    What a customer brings by period t is margin * (1 - (1 - churn)^t) / churn; infinity where it
    never reaches cac.
    """
    owed = 1 - churn * cac / margin
    return math.log(owed) / math.log(1 - churn) if owed > 0 else math.inf


def _ltv_lies() -> Figures:
    aov, freq, take, margin, churn = 30.0, 1.25, 0.06, 0.04, 0.12
    spend, new, own = 300_000.0, 40_000.0, 25_000.0
    value, cm = aov * freq, aov * freq * margin
    cac = catalogue.compute("cac", {"marketing_spend": spend, "new_buyers": new})
    paid_cac = catalogue.compute("cac", {"marketing_spend": spend, "new_buyers": new - own})
    slow, fast, months = 0.02, 0.22, 12
    stayed = [0.5 * (1 - each) ** months for each in (slow, fast)]
    later = (stayed[0] * slow + stayed[1] * fast) / sum(stayed)
    return {
        "aov": _money(aov),
        "freq": Figure(freq),
        "take": _share(take),
        "margin": _share(margin),
        "churn": _share(churn),
        "cac": _money(cac),
        "spend": _money(spend),
        "new": _count(new),
        "value": _money(value),
        "revenue": _money(value * take),
        "cm": _money(cm),
        "ltv_value": _money(_ltv(value, churn)),
        "ltv_revenue": _money(_ltv(value * take, churn)),
        "ltv": _money(_ltv(cm, churn)),
        "ratio_value": Figure(_ratio(_ltv(value, churn), cac)),
        "ratio_revenue": Figure(_ratio(_ltv(value * take, churn), cac)),
        "ratio": Figure(_ratio(_ltv(cm, churn), cac)),
        "rule": Figure(3),
        "payback": Figure(catalogue.compute("payback", {"cac": cac, "cm_user": cm})),
        "payback_churn": Figure(payback_with_churn(cac, cm, churn)),
        "own": _count(own),
        "paid_new": _count(new - own),
        "paid_cac": _money(paid_cac),
        "paid_ratio": Figure(_ratio(_ltv(cm, churn), paid_cac)),
        "slow": _share(slow),
        "fast": _share(fast),
        "months": _count(months),
        "ltv_slow": _money(_ltv(cm, slow)),
        "ltv_fast": _money(_ltv(cm, fast)),
        "ltv_mixed": _money((_ltv(cm, slow) + _ltv(cm, fast)) / 2),
        "later": _share(later),
        "ltv_later": _money(_ltv(cm, later)),
        **_ltv_asks(),
    }


def _ltv_asks() -> Figures:
    cm, revenue, churn, cac = 4.0, 10.0, 0.08, 20.0
    spend, new, own = 90_000.0, 12_000.0, 7_000.0
    return {
        "q_cm": _money(cm),
        "q_month_revenue": _money(revenue),
        "q_churn": _share(churn),
        "q_cac": _money(cac),
        "q_ratio": Figure(_ratio(_ltv(cm, churn), cac)),
        "q_ratio_revenue": Figure(_ratio(_ltv(revenue, churn), cac)),
        "q_ratio_inverted": Figure(cac / _ltv(cm, churn)),
        "q_ltv": _money(_ltv(cm, churn)),
        "q_payback": Figure(cac / cm),
        "q_payback_revenue": Figure(cac / revenue),
        "q_payback_churn": Figure(payback_with_churn(cac, cm, churn)),
        "q_lifetime": Figure(catalogue.compute("lifetime", {"churn": churn})),
        "q_spend": _money(spend),
        "q_new": _count(new),
        "q_own": _count(own),
        "q_paid_cac": _money(spend / (new - own)),
        "q_blended_cac": _money(spend / new),
        "q_own_cac": _money(spend / own),
    }


def _sizing() -> Figures:
    p, q, weekly, small = 0.2, 0.25, 1000.0, 0.225
    plan = experiment.plan(p, q, people_per_week=weekly)
    baseline = round(experiment.baseline_size(p, q))
    half = experiment.plan(p, small, people_per_week=weekly)
    looks = 7 * (plan.weeks or 1)
    return {
        "p": _share(p),
        "q": _share(q),
        "gap": _share(round(q - p, 10)),
        "target": Figure(100 * q),
        "alpha": _share(0.05),
        "power": _share(0.8),
        "pooled": _count(plan.per_arm),
        "baseline": _count(baseline),
        "total": _count(2 * plan.per_arm),
        "power_baseline": _share(experiment.exact_power(p, q, baseline)),
        "power_pooled": _share(experiment.exact_power(p, q, plan.per_arm)),
        "power_formula": _share(
            catalogue.compute("power", {"p_c": p, "mde": q - p, "alpha": 0.05, "n_arm": baseline})
        ),
        "missed": _share(1 - experiment.exact_power(p, q, plan.per_arm)),
        "more": _count(plan.per_arm - baseline),
        "weekly": _count(weekly),
        "weeks": _count(plan.weeks or 0),
        "small": _share(small),
        "pooled_half": _count(half.per_arm),
        "times_half": Figure(half.per_arm / plan.per_arm),
        "weeks_half": _count(half.weeks or 0),
        "looks_few": _count(5),
        "error_few": _share(experiment.error_of_looks(5)),
        "looks": _count(looks),
        "error_daily": _share(experiment.error_of_looks(looks)),
        **_sizing_asks(),
    }


def _sizing_asks() -> Figures:
    p, q, weekly, looks = 0.1, 0.12, 3000.0, 10
    size = experiment.plan(p, q).per_arm
    return {
        "q_p": _share(p),
        "q_q": _share(q),
        "q_size": _count(size),
        "q_total": _count(2 * size),
        "q_baseline": _count(experiment.baseline_size(p, q)),
        "q_baseline_power": _share(
            experiment.exact_power(p, q, round(experiment.baseline_size(p, q)))
        ),
        "q_sixteen": _count(experiment.sixteen_at_baseline(p, q)),
        "q_relative": _count(experiment.plan(p, p * 1.02).per_arm),
        "q_weekly": _count(weekly),
        "q_weeks": _count(experiment.weeks_needed(2 * size, weekly)),
        "q_weeks_part": Figure(2 * size / weekly),
        "q_weeks_one": _count(experiment.weeks_needed(size, weekly)),
        "q_looks": _count(looks),
        "q_error": Figure(100 * experiment.error_of_looks(looks)),
        "q_error_one": Figure(5),
        "q_error_added": Figure(5 * looks),
        "q_error_apart": Figure(100 * (1 - 0.95**looks)),
    }


_LESSONS: Mapping[str, Callable[[], Figures]] = {
    "tiktok-shop-funnel": _funnel,
    "why-ltv-cac-lies": _ltv_lies,
    "sizing-a-test": _sizing,
}
