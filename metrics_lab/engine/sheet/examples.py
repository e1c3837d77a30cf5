"""The sheets that a person can start from. Every figure in them is hypothetical."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from metrics_lab.engine.sheet.model import Derived, Input, Sheet

SOURCE = "Example, hypothetical"


@dataclass(frozen=True, slots=True)
class Example:
    """A sheet to start from, and what is in it."""

    title: str
    text: str
    make: Callable[[], Sheet]


def _input(symbol: str, label: str, unit: str, value: float, low: float, high: float) -> Input:
    return Input(
        symbol, label, unit, value, low, high, band=(low, high), status="assumed", source=SOURCE
    )


def _sheet(title: str, star: str, inputs: list[Input], relations: list[Derived]) -> Sheet:
    return Sheet(title, {item.symbol: item for item in inputs}, tuple(relations), star)


def shop() -> Sheet:
    """Return a month of a shop inside a video app, from visitors to what the app earns."""
    return _sheet(
        "A shop in a video app (hypothetical)",
        "net_gmv",
        [
            _input("visitors", "Visitors", "visitors / month", 10e6, 9e6, 12e6),
            _input("page_rate", "Visitors who open a product page", "share", 0.4, 0.36, 0.46),
            _input("cart_rate", "Product page to cart", "share", 0.16, 0.14, 0.19),
            _input("checkout_rate", "Cart to checkout", "share", 0.5, 0.45, 0.57),
            _input("payment_rate", "Checkout to payment", "share", 0.625, 0.58, 0.7),
            _input("orders_per_buyer", "Orders per buyer", "orders / buyer", 1.0, 1.0, 1.1),
            _input("aov", "Average order value", "USD / order", 30.0, 27.0, 34.0),
            _input("return_rate", "Return rate", "share of value", 0.12, 0.09, 0.15),
            _input("take_rate", "Fee on what is kept", "share of value", 0.05, 0.045, 0.06),
        ],
        [
            Derived(
                "conversion",
                "page_rate * cart_rate * checkout_rate * payment_rate",
                "Conversion of visitors",
                "share of visitors",
            ),
            Derived("buyers", "visitors * conversion", "Buyers", "buyers / month"),
            Derived("orders", "buyers * orders_per_buyer", "Orders", "orders / month"),
            Derived("gmv", "orders * aov", "GMV", "USD / month", aliases=("merchandise value",)),
            Derived("net_gmv", "gmv * (1 - return_rate)", "GMV after returns", "USD / month"),
            Derived("fee_income", "net_gmv * take_rate", "Fee income", "USD / month"),
        ],
    )


def subscription() -> Sheet:
    """Return a subscription: what a subscriber brings in a lifetime against what one costs."""
    return _sheet(
        "A subscription (hypothetical)",
        "ltv_to_cac",
        [
            _input("visitors", "Visitors", "visitors / month", 200e3, 170e3, 240e3),
            _input(
                "trial_rate", "Visitors who start a trial", "share of visitors", 0.05, 0.04, 0.06
            ),
            _input("paid_rate", "Trials that become paid", "share of trials", 0.3, 0.24, 0.36),
            _input("price", "Price", "USD / subscriber / month", 12.0, 10.0, 15.0),
            _input("margin", "Gross margin", "share of price", 0.8, 0.7, 0.85),
            _input("churn", "Churn", "share of subscribers / month", 0.06, 0.04, 0.08),
            _input("spend", "Marketing spend", "USD / month", 90e3, 70e3, 120e3),
        ],
        [
            Derived(
                "new_subscribers",
                "visitors * trial_rate * paid_rate",
                "New subscribers",
                "subscribers / month",
            ),
            Derived("lifetime", "1 / churn", "Months a subscriber stays", "months"),
            Derived("ltv", "price * margin * lifetime", "Lifetime value", "USD / subscriber"),
            Derived(
                "cac", "spend / new_subscribers", "Cost of a new subscriber", "USD / subscriber"
            ),
            Derived("ltv_to_cac", "ltv / cac", "Lifetime value over cost", "number"),
        ],
    )


def blank() -> Sheet:
    """Return a sheet with nothing in it."""
    return Sheet("A new sheet")


EXAMPLES: Mapping[str, Example] = {
    "shop": Example(
        "A shop in a video app",
        "Visitors, a funnel of four rates, order value and returns, up to fee income. "
        "Hypothetical figures.",
        shop,
    ),
    "subscription": Example(
        "A subscription",
        "Trials, price, margin and churn against the cost of a new subscriber. "
        "Hypothetical figures.",
        subscription,
    ),
    "blank": Example("A blank sheet", "Your own inputs and formulas.", blank),
}
