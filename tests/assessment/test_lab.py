from pathlib import Path

from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step
from coach.assessment.context import from_case
from coach.assessment.lab import for_case
from questions.case_file import read_case

LIBRARY = Path(__file__).parents[2] / "questions" / "library"
METRICS = (
    "My main metric is conversion, orders divided by visitors per month, from 2% to 2.5% in three "
    "months. This is 0.5% more, so GMV grows by about $30,000 a month. Half of the visitors see "
    "the change, half do not."
)


def test_points_read_as_percent_are_stated_with_the_student_s_clause():
    case = read_case(LIBRARY / "improve-tiktok-shop.yaml")
    made = assess_step(
        from_case(case), StepAnswer("metrics", METRICS), check_numbers=for_case(case)
    )
    finding = next(f for f in made.findings if f.id == "ME6")

    assert finding.kind == "stated"
    assert finding.quote == "This is 0.5% more, so GMV grows by about $30,000 a month."
    assert "25 %" in finding.why


def test_a_context_of_a_library_case_knows_sides_figures_and_examples():
    context = from_case(read_case(LIBRARY / "improve-tiktok-shop.yaml"))

    assert (context.product, context.company) == ("TikTok Shop", "TikTok")
    assert [side.name for side in context.sides] == ["shoppers", "creators", "sellers"]
    assert "return rate (12 %)" in {b.sentence for b in context.baselines}
    assert len(context.examples["segment"]) == 3


def test_a_model_answer_handed_in_is_called_copied():
    case = read_case(LIBRARY / "improve-tiktok-shop.yaml")
    example = case.steps["segment"].examples.level_3.text
    made = assess_step(from_case(case), StepAnswer("segment", example))

    assert made.gate is not None
    assert made.gate.kind == "copied_prompt"
