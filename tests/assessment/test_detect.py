"""One mistake, one text that has it and one that has not; wording of our own, other case."""

from pathlib import Path

import pytest
import yaml

from tests.assessment.helpers import found, report

TEXTS = yaml.safe_load((Path(__file__).parent / "data" / "mistakes.yaml").read_text("utf-8"))


@pytest.mark.parametrize("entry", TEXTS["has"], ids=lambda e: e["mistake"])
def test_a_mistake_is_found_where_it_is(entry):
    assert entry["mistake"] in found(entry["step"], entry["text"])


@pytest.mark.parametrize("entry", TEXTS["has_not"], ids=lambda e: e["mistake"])
def test_a_mistake_is_not_found_where_it_is_not(entry):
    assert entry["mistake"] not in found(entry["step"], entry["text"])


SEGMENT = (
    "There are customers and laundries. Laundries differ by how they work: big plants, and family "
    "shops. I choose the family shops of the laundries, because they are 70% and wash at night."
)


def test_a_forgotten_segment_is_found_in_the_pains():
    pains = "Customers wait at home for the bag and lose an evening, which hurts most."

    assert {"PP10", "SEG12"} <= found("pain_points", pains, {"segment": SEGMENT})


def test_a_kept_segment_is_not_called_forgotten():
    pains = "The family wash at night, and a customer's bag without a name costs them an hour."

    assert not {"PP10", "SEG12"} & found("pain_points", pains, {"segment": SEGMENT})


def test_a_summary_that_recommends_another_idea_contradicts_the_priority():
    earlier = {
        "solutions": "1. Door locker: she opens it.\n2. Evening van: he rings.\n3. Soap box: mild.",
        "prioritize": "I start with the door locker, as it is cheap; the evening van is for later.",
    }
    summary = (
        "For weekly washers whose bags are late, I recommend the evening van first, and late bags "
        "go from 14% to 10% within a quarter, if drivers are found."
    )

    assert "SU5" in found("summary", summary, earlier)


def test_a_target_in_the_summary_that_metrics_has_not_is_found():
    earlier = {"metrics": "Main metric: late bags, from 14% to 10% by the end of the quarter."}
    summary = "For weekly washers I start with lockers, and late bags go from 14% to 6%."

    assert "SU8" in found("summary", summary, earlier)


def test_a_group_marked_in_the_form_counts_as_chosen():
    rows = [{"name": "weekly washers", "chosen": True}, {"name": "gift washers", "chosen": False}]
    form = {"artefact": {"rows": rows, "why": ""}, "source": "student"}

    assert "SEG6" not in found("segment", "Weekly washers and gift washers use it.", None, **form)


def test_a_form_without_a_mark_is_stated_not_asked():
    rows = [{"name": "weekly washers", "chosen": False}, {"name": "gift washers", "chosen": False}]
    text = "There are weekly washers and gift washers among the customers of Foldly."
    made = report("segment", text, artefact={"rows": rows}, source="student")

    assert {f.id: f.kind for f in made.findings}["SEG6"] == "stated"


def test_a_question_the_student_answers_with_an_assumption_does_not_ask_for_the_answer():
    asked = "Is it more orders we want? Is that okay if returns go up?"

    assert "CQ4" in found("clarify", f"{asked} Prices stay out.")
    assert "CQ4" not in found("clarify", f"{asked} I assume it is not.")


@pytest.mark.parametrize("early", ["Leads: requests in the first lines.", "Lags: renewal, a year."])
def test_a_number_called_lead_or_lag_is_a_number_of_another_speed(early):
    def ids(text):
        return {f.id for f in report("metrics", text, "success_metrics").findings}

    main = "Main: share of bags back on the promised day, from 86% to 90%."
    assert "SM3" in ids(main)
    assert "SM3" not in ids(f"{main} {early}")
