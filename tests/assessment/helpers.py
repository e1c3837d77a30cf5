"""A small case of its own and short ways to read, judge and look at a step."""

from collections.abc import Mapping

from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step, read, read_earlier
from coach.assessment.context import CaseContext, from_eval
from coach.assessment.detect.registry import look
from coach.assessment.reading import Reading
from coach.assessment.report import StepReport
from coach.interviewer.encoder import Encoder

LAUNDRY = {
    "prompt": "How would you improve Foldly?",
    "category": "product improvement",
    "product_context": (
        "Foldly picks up laundry at the door and brings it back washed. Two sides: customers and "
        "laundries (mostly family shops). Foldly keeps a share of each order. Rivals: WashCo."
    ),
    "two_sided": True,
    "baseline": {
        "monthly_customers": 80000,
        "orders_per_customer_per_month": 1.4,
        "late_returns_pct": 14,
        "average_order_value_usd": 26,
        "lost_items_pct": 3,
    },
    "exists_today": ["order tracking", "coupons for friends", "photo of each bag"],
}


def laundry(category: str = "product improvement") -> CaseContext:
    """The laundry case, as one of the case types."""
    return from_eval("foldly", {**LAUNDRY, "category": category})


def reading(
    step: str, text: str, earlier: Mapping[str, str] | None = None, **more: object
) -> Reading:
    """A step of the laundry case as the detectors see it."""
    context = laundry()
    before = read_earlier(context, {s: StepAnswer(s, t) for s, t in (earlier or {}).items()})
    return read(context, StepAnswer(step, text, **more), before)[0]


def found(
    step: str, text: str, earlier: Mapping[str, str] | None = None, **more: object
) -> set[str]:
    """Ids of the mistakes found in a step."""
    return {key for key, _ in look(reading(step, text, earlier, **more))}


def report(
    step: str,
    text: str,
    category: str = "product improvement",
    encoder: Encoder | None = None,
    **more: object,
) -> StepReport:
    """The report on a single step."""
    return assess_step(laundry(category), StepAnswer(step, text, **more), encoder=encoder)
