"""The learning of the weights, on made-up numbers."""

import json

import numpy as np

from coach.interviewer import fit
from coach.interviewer.features import FACT
from coach.interviewer.weights import NAMES, Linear, load_weights


def test_the_rank_learns_which_feature_tells_the_right_fact() -> None:
    noise = np.random.default_rng(1)
    groups = [noise.normal(size=(5, len(FACT))) for _ in range(60)]
    right = [int(group[:, 2].argmax()) for group in groups]
    rank = fit.fit_rank(groups, right)
    assert rank.weight.argmax() == 2
    found = [int(rank(group).argmax()) for group in groups]
    assert np.mean(np.equal(found, right)) > 0.9


def test_a_chance_is_even_where_nothing_tells_the_labels_apart() -> None:
    chance = fit.fit_chance(np.ones((40, 1)), [1] * 4 + [0] * 36, ("constant",))
    assert abs(chance.chance({"constant": 1.0}) - 0.5) < 0.01


def test_the_same_examples_give_the_same_weights() -> None:
    rows = np.random.default_rng(2).normal(size=(30, 3))
    labels = [int(row.sum() > 0) for row in rows]
    first, second = (fit.fit_chance(rows, labels, ("a", "b", "c")) for _ in range(2))
    assert first.to_dict() == second.to_dict()


def test_weights_survive_their_file() -> None:
    for name in NAMES:
        model = getattr(load_weights(), name)
        again = Linear.from_dict(json.loads(json.dumps(model.to_dict())))
        assert again.to_dict() == model.to_dict()
        assert (model.spread > 0).all()


def test_asides_are_handed_out_by_one_author_at_a_time_and_all_in_turn() -> None:
    handed = [fit._asides_of(number) for number in range(3 * 120)]
    for author, texts in handed:
        assert len(set(texts)) == fit.ASIDES_A_SHEET
        assert set(texts) <= set(fit._asides()[author])
    used = {text for _, texts in handed for text in texts}
    assert used == {text for texts in fit._asides().values() for text in texts}
