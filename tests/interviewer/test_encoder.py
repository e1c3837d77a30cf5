import hashlib
import threading

import numpy as np
import pytest

from coach.interviewer import bank, encoder
from coach.interviewer.wordpiece import WordPiece, load_vocabulary


@pytest.fixture
def fresh_encoder():
    encoder._load.cache_clear()
    yield
    encoder._load.cache_clear()


def test_vectors_have_length_one_and_repeat_to_the_bit() -> None:
    model = encoder.get_encoder()
    assert model is not None
    texts = ["How many guests do not turn up?", "Who are the rivals?"]
    first, second = model.encode(texts), model.encode(texts)
    assert first.shape == (2, encoder.DIMENSIONS)
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)
    assert (first == second).all()


def test_no_text_gives_an_empty_array() -> None:
    model = encoder.get_encoder()
    assert model is not None
    assert model.encode([]).shape == (0, encoder.DIMENSIONS)


def test_paraphrases_are_nearer_than_strangers() -> None:
    model = encoder.get_encoder()
    assert model is not None
    a, b, c = model.encode(["Who are the rivals?", "Which firms compete with us?", "It rains."])
    assert a @ b > a @ c + 0.2


def test_word_pieces_are_those_of_the_uncased_vocabulary() -> None:
    vocabulary = load_vocabulary(encoder.VOCABULARY)
    pieces = {i: p for p, i in vocabulary.items()}
    ids = WordPiece(vocabulary, 32).ids("Éclair embeddings, 20%!")
    shown = [pieces[i] for i in ids]
    assert shown == ["[CLS]", "ec", "##lai", "##r", "em", "##bed", "##ding", "##s", ",", "20", "%",
                     "!", "[SEP]"]  # fmt: skip


def test_long_text_is_cut_to_the_limit() -> None:
    vocabulary = load_vocabulary(encoder.VOCABULARY)
    assert len(WordPiece(vocabulary, 16).ids("word " * 500)) == 16


def test_the_vocabulary_is_the_one_that_was_tested() -> None:
    digest = hashlib.sha256(encoder.VOCABULARY.read_bytes()).hexdigest()
    assert digest == encoder.VOCABULARY_SHA256


def test_a_vector_is_the_same_alone_and_beside_longer_texts(fresh_encoder) -> None:
    texts = ["Bags are late.", "Who pays?", *(f"{'late bags again ' * n}today" for n in range(20))]
    together, one_by_one = encoder.get_encoder(), encoder.MiniLM()
    assert together is not None
    alone = np.vstack([one_by_one.encode([text]) for text in texts])
    assert np.allclose(together.encode(texts), alone, atol=1e-6)


def test_many_texts_are_encoded_on_every_core_to_the_same_bits(monkeypatch) -> None:
    texts = [f"Bag {n} is {'very ' * (n % 7)}late." for n in range(40)]
    at_once = encoder.MiniLM().encode(texts)
    monkeypatch.setattr(encoder, "MANY_BATCHES", 2)
    assert (encoder.MiniLM().encode(texts) == at_once).all()


def test_texts_of_much_different_length_are_not_padded_to_one_width(fresh_encoder) -> None:
    model = encoder.get_encoder()
    assert model is not None
    texts = ["Who pays?", "a " * 90, *(f"{'late bags ' * n}today" for n in range(9))]
    batches = [ids for _, ids in model._batches(texts)]
    padded = sum(len(rows) * max(map(len, rows)) for rows in batches)
    assert sorted(i for chosen, _ in model._batches(texts) for i in chosen) == list(range(11))
    assert padded < 1.25 * sum(len(row) for rows in batches for row in rows)


def test_threads_share_one_session(fresh_encoder) -> None:
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(encoder.get_encoder())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(model) for model in found}) == 1


def test_a_missing_model_is_said_in_a_sentence(monkeypatch, fresh_encoder) -> None:
    monkeypatch.setattr(encoder, "find_spec", lambda name: None)
    status = encoder.status()
    assert not status.available
    assert status.sentence == (
        "The language model is not installed. The interviewer matches words only and will "
        "misunderstand more questions."
    )
    assert encoder.get_encoder() is None


def test_a_changed_model_is_refused(monkeypatch, fresh_encoder) -> None:
    monkeypatch.setattr(encoder, "MODEL_SHA256", "0" * 64)
    assert "not the one that was tested" in encoder.status().sentence


def test_the_vectors_of_the_bank_are_kept_for_the_next_process() -> None:
    model = encoder.get_encoder()
    assert model is not None
    loaded = bank.load(model)
    kept = bank._stored()
    assert kept is not None
    assert np.allclose(bank._unit(kept["intents"]), loaded.intents)
