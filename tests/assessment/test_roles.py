import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.assessment import roles
from coach.assessment.answer import StepAnswer
from coach.assessment.assess import read
from coach.assessment.roles import Roles, model, read_roles, units
from coach.assessment.sentence_features import Vocabulary, signs, tokens, without_list_mark
from coach.assessment.text import sentences
from coach.assessment.training import CORPUS
from coach.interviewer.encoder import get_encoder
from tests.assessment.helpers import laundry

METRICS = (
    "The one number I judge this by is the share of orders that come back on the promised day.\n"
    "Complaints per 1,000 orders must not go above today's 9.\n"
    "If it is under 90 % after six weeks, I stop the rollout."
)


@pytest.fixture(scope="module")
def encoder():
    found = get_encoder()
    if found is None:
        pytest.skip("the language model is not installed")
    return found


def look(step, text, encoder):
    return read_roles(step, text, sentences(text), encoder)


def by_sentence(step, text, encoder):
    found = look(step, text, encoder)
    return {
        unit.quote: {role: column[i] for role, column in found.table.items()}
        for i, unit in enumerate(found.units)
    }


def test_sentences_are_found_by_what_they_do(encoder):
    reading, _ = read(laundry(), StepAnswer("metrics", METRICS), {}, encoder=encoder)

    assert reading.role("primary_metric").quote.startswith("The one number")
    assert reading.role("guardrail").quote.startswith("Complaints")
    assert reading.role("decision_rule").quote.startswith("If it is under")
    assert reading.role("guardrail") in reading.roles("guardrail")


def test_without_an_encoder_nothing_is_found_and_nothing_fails():
    reading, _ = read(laundry(), StepAnswer("metrics", METRICS), {})

    assert not reading.read_roles.known
    assert reading.role("guardrail") is None
    assert reading.roles("guardrail") == ()


def test_an_empty_text_has_no_roles(encoder):
    assert look("metrics", "", encoder) == Roles()


def test_a_role_of_another_step_is_not_looked_for(encoder):
    found = look("segment", METRICS, encoder)

    assert found.best("primary_metric") is None
    assert found.probability("primary_metric") == 0


def test_an_unknown_role_is_an_error(encoder):
    with pytest.raises(KeyError):
        look("metrics", METRICS, encoder).best("no_such_role")


def test_what_is_sure_is_also_likely(encoder):
    found = look("metrics", METRICS, encoder)

    for role in found.table:
        assert set(found.all(role, sure=True)) <= set(found.all(role)) or (
            roles.threshold(role, sure=True) < roles.threshold(role)
        )


def test_a_sentence_is_read_alone_whatever_stands_beside_it(encoder):
    lines = METRICS.split("\n")
    whole = by_sentence("metrics", METRICS, encoder)

    assert by_sentence("metrics", "\n".join(reversed(lines)), encoder) == whole
    for line in lines:
        assert by_sentence("metrics", line, encoder)[line] == whole[line]


@settings(max_examples=10, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_read_the_same_twice_and_every_unit_is_its_quote(text):
    encoder = get_encoder()
    first, second = (look("summary", text, encoder) for _ in range(2))
    roles._table.cache_clear()

    assert first == second == look("summary", text, encoder)
    assert all(text[unit.start : unit.end] == unit.quote for unit in first.units)
    assert all(0 <= p <= 1 for column in (first.table or {}).values() for p in column)


def test_a_mark_of_a_list_changes_nothing(encoder):
    bare = "Complaints per 1,000 orders must not go above today's 9."

    plain = look("metrics", bare, encoder)
    for mark in ("- ", "* ", "2. ", "b) "):
        assert look("metrics", mark + bare, encoder).table == plain.table
    assert without_list_mark("- 3 orders") == "3 orders"


def test_lines_of_lists_and_tables_are_units_and_long_sentences_are_cut():
    table = "metric | now\nlate bags | 14 %\n- a dash"
    long = "I would look at " + ", and then at ".join(f"the {w} of the bags" for w in "abcdefghij")

    assert [u.quote for u in units(table, sentences(table))] == table.split("\n")
    parts = units(long, sentences(long))
    assert len(parts) > 1
    assert all(long[part.start : part.end] == part.quote for part in parts)
    assert max(len(part.quote.split()) for part in parts) <= roles.LONGEST


def test_words_are_read_with_numbers_as_one():
    assert tokens("From 14.5% to 9, it’s") == ["from", "0", "%", "to", "0", "it's"]
    row = Vocabulary(("less", "more"), (2.0, 1.0)).row("Less and less is more")
    assert row @ row == pytest.approx(1)
    assert not Vocabulary(("less",), (2.0,)).row("nothing known").any()
    assert set(signs("Is it < 14 %?")) == {0.0, 1.0}


class Sketch:
    """Stands for sentence vectors: the same text always gives the same unit row."""

    def encode_roles(self, texts):
        seeds = [sum(map(ord, text)) for text in texts]
        rows = np.stack([np.random.default_rng(seed).normal(size=384) for seed in seeds])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_training_gives_the_same_file_twice_and_every_step_of_a_role_its_bias():
    pytest.importorskip("sklearn", reason="needs the extra training")
    from coach.assessment.training import corpus_files, train

    corpus = [s for s in corpus_files.read_corpus() if s.step == "plan"]
    without = [Sketch()] * corpus_files.FOLDS
    first, second = (train.dumped(train.train(corpus, Sketch(), without)) for _ in range(2))

    assert first == second
    assert set(json.loads(first)["roles"]["stop_rule"]["steps"]) == {"plan"}


def published():
    return json.loads(roles.ROLES_FILE.read_text("utf-8"))


def test_every_role_of_the_corpus_is_shipped_with_its_figures():
    rows = [
        json.loads(line)
        for path in CORPUS.glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    shipped = published()

    assert set(shipped["roles"]) == {label for row in rows for label in row["labels"]}
    assert shipped["corpus"]["sentences"] == len(rows)
    for role in shipped["roles"].values():
        assert role["figures"]["n"] >= 20
        assert {"ap", "auc", "likely", "sure"} <= set(role["figures"])


def test_the_voice_is_no_feature():
    assert not [word for word in published()["words"] if "_" in word]


def test_the_weights_stay_small():
    assert roles.ROLES_FILE.stat().st_size < 1_000_000
    assert model().weights.shape[1] == len(model().roles)


@pytest.mark.parametrize(("figure", "floor"), [("ap", 0.84), ("auc", 0.95)])
def test_authors_left_out_are_read_well_on_average(figure, floor):
    values = [role["figures"][figure] for role in published()["roles"].values()]

    assert sum(values) / len(values) >= floor


def test_what_is_sure_held_for_other_authors_too():
    for role in published()["roles"].values():
        if role["sure"] is not None:
            assert role["figures"]["sure"]["precision"] >= 0.8


def test_the_public_table_has_the_figures_that_are_shipped():
    table = (Path(__file__).parents[2] / "docs" / "evaluation.md").read_text("utf-8")

    for name, role in published()["roles"].items():
        figures = role["figures"]
        assert f"| {name} | {figures['n']} | {figures['ap']:.2f} |" in table


def test_a_long_sentence_without_a_place_to_cut_stays_whole() -> None:
    text = " ".join(["people who shop at home on their telephones every evening"] * 5) + "."
    assert [part.quote for part in units(text, sentences(text))] == [text]
