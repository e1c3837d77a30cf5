"""A small fact sheet of its own, indexed with the language model and without."""

import pytest

from coach.interviewer.encoder import get_encoder
from coach.interviewer.facts import Fact
from coach.interviewer.index import FactIndex

FACTS = (
    Fact(
        "kpis", "Headline figures", "What are the current KPIs?",
        "Forty thousand bookings a month at 22 dollars each.",
        ("how are we doing in numbers", "bookings and average price"),
    ),
    Fact(
        "goal", "Goal", "What is the goal?", "More bookings that are kept.",
        ("what would success look like", "the objective"),
    ),
    Fact(
        "rivals", "Rivals", "Who are the competitors?", "Two chains, and guests who stay at home.",
        ("competition", "who else does this"),
    ),
    Fact(
        "limits", "Limits", "Are there any constraints?", "No discounts, and six people.",
        ("what is off the table", "restrictions"),
    ),
    Fact(
        "noshow", "Missed bookings", "How many guests do not turn up?",
        "Nine percent of the guests do not come.",
        ("no-shows", "people who do not come"),
    ),
    Fact(
        "channel", "Where guests book", "Where do guests book a table?",
        "Seventy percent of the guests book on the phone.",
        ("booking channels", "app or telephone"),
    ),
)  # fmt: skip


@pytest.fixture(scope="session")
def facts() -> tuple[Fact, ...]:
    return FACTS


@pytest.fixture(scope="session")
def index() -> FactIndex:
    return FactIndex.build(FACTS, get_encoder())


@pytest.fixture(scope="session")
def plain_index() -> FactIndex:
    return FactIndex.build(FACTS)
