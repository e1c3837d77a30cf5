"""Named wrong readings that more than one name would fit."""

from metrics_lab.engine.claim.check import check
from metrics_lab.engine.claim.model import ClaimModel

GYM = ClaimModel(
    values={"visitors": 400_000, "joining": 0.05, "fee": 40},
    symbols={
        "visitors": {"label": "visitors a month", "unit": "user / month", "aliases": ["visitors"]},
        "joining": {"label": "joining rate", "unit": "share", "aliases": ["joining rate"]},
        "fee": {"label": "fee", "unit": "usd / member", "aliases": ["fee"]},
        "members": {"label": "new members a month", "unit": "member / month", "aliases": []},
        "income": {"label": "income a month", "unit": "usd / month", "aliases": ["income"]},
    },
    relations=["members = visitors * joining", "income = members * fee"],
)


def test_points_taken_as_percent_of_an_amount_are_named_before_another_population() -> None:
    text = "If the joining rate goes from 5% to 6%, income grows by $8,000 a month."
    found = [c for c in check(text, GYM) if c.verdict == "wrong"]
    assert [c.error for c in found] == ["points_for_percent"]


def test_the_right_amount_of_the_same_change_is_right() -> None:
    text = "If the joining rate goes from 5% to 6%, income grows by $160,000 a month."
    assert not [c for c in check(text, GYM) if c.verdict == "wrong"]
