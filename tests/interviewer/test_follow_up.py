import pytest

from coach.interviewer.data_files import DATA, read_sections
from coach.interviewer.encoder import get_encoder
from coach.interviewer.follow_up import next_follow_up

AUTHORED = (
    "Can one person be in two of your groups?",
    "How many orders come from the group you chose?",
    "Where are the people who sell?",
)


def finding(id_, title=""):
    return {"id": id_, "title": title}


@pytest.mark.parametrize("with_model", [True, False])
def test_the_cases_own_question_is_taken_when_it_fits(with_model) -> None:
    encoder = get_encoder() if with_model else None
    found = next_follow_up(
        "segment", [finding("SEG5", "Groups overlap, one person is in two groups")], AUTHORED, (),
        encoder,
    )  # fmt: skip
    assert found is not None
    assert (found.question, found.finding, found.authored) == (AUTHORED[0], "SEG5", True)


def test_a_mistake_without_a_fitting_question_gets_its_own() -> None:
    found = next_follow_up(
        "metrics", [finding("ME8", "No time horizon")], AUTHORED, (), get_encoder()
    )
    assert found is not None
    assert (found.question, found.authored) == ("By when?", False)


def test_the_first_finding_is_asked_about_first() -> None:
    findings = [finding("ME4", "No guardrail"), finding("ME8", "No time horizon")]
    found = next_follow_up("metrics", findings, (), ())
    assert found is not None
    assert found.finding == "ME4"


def test_nothing_is_asked_twice_and_never_more_than_two() -> None:
    findings = [finding("ME4", "No guardrail"), finding("ME8", "No time horizon")]
    asked: list[str] = []
    while (found := next_follow_up("metrics", findings, AUTHORED, asked)) is not None:
        assert found.question not in asked
        asked.append(found.question)
    assert len(asked) == 2


def test_a_step_without_findings_gets_an_authored_question() -> None:
    found = next_follow_up("segment", [], AUTHORED, ())
    assert found is not None
    assert found.question == AUTHORED[0]


def test_nothing_to_ask_gives_none() -> None:
    assert next_follow_up("segment", [], (), ()) is None


def test_objects_serve_as_findings_too() -> None:
    class Found:
        id = "PR10"
        title = "No decision"

    found = next_follow_up("prioritize", [Found()], (), ())
    assert found is not None
    assert found.finding == "PR10"


def test_every_question_of_the_bank_is_a_question_without_a_figure() -> None:
    for texts in read_sections(DATA / "follow_ups.txt").values():
        for text in texts:
            assert "?" in text
            assert not any(char.isdigit() for char in text)
