"""The probabilities that were measured from a real model: complete, plausible, of stated origin, and used."""

from __future__ import annotations

import json
import math
import re
import runpy
from decimal import Decimal
from typing import Any

import pytest

from quizgen import load_bank
from quizgen.shipped import bank_folder
from quizgen.variants.draws.rows import read_table

DATA = bank_folder() / "data"
LENGTHS = (5, 6, 7)
ONE = Decimal(1)


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a data file, numbers as they are written."""
    found: list[dict[str, Any]] = json.loads((DATA / name).read_text("utf-8"), parse_float=Decimal)
    return found


def lines(name: str) -> list[str]:
    return (DATA / name).read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    """The names of the script that measures; it is not run as a program."""
    return runpy.run_path(str(DATA / "make_next_words.py"))


CONTEXTS = rows("next-words.json")
SENTENCES = [row for length in LENGTHS for row in rows(f"sentences-{length}.json")]


def test_there_are_enough_contexts_and_sentences() -> None:
    assert len(CONTEXTS) >= 60
    assert len({row["context"] for row in CONTEXTS}) == len(CONTEXTS)
    assert len(SENTENCES) >= 60
    assert len({row["text"] for row in SENTENCES}) == len(SENTENCES)


def test_the_files_are_measured_for_the_texts_that_stand_beside_them(script: dict[str, Any]) -> None:
    rows = [(row["context"], row["words"], row["finishing"]) for row in CONTEXTS]
    assert rows == script["contexts"](lines("contexts.txt"))
    texts = lines("sentences.txt")
    assert [row["text"] for row in SENTENCES] == [text for n in LENGTHS for text in texts if len(text.split()) == n]
    assert len(SENTENCES) == len(texts)


@pytest.mark.parametrize("row", CONTEXTS, ids=lambda row: row["last_two"])
def test_the_probabilities_of_a_context_are_parts_of_a_distribution(row: dict[str, Any]) -> None:
    assert row["context"].split()[-2:] == row["last_two"].split()
    assert row["last_two"].split()[-1] == row["last_one"]
    assert len(row["words"]) == len({word.lower() for word in row["words"]}) == 4
    assert all(len(word) > 1 for word in row["words"])  # as an option, ‘a’ would be taken for the label A
    for model in ("trigram", "bigram"):
        assert len(row[model]) == 4
        assert all(p.as_tuple().exponent == -4 and 0 < p < 1 for p in row[model])
        assert sum(row[model]) < ONE  # the rest is for all other words
    per_million = row["unigram_per_million"]
    assert all(isinstance(n, int) and 0 < n < 1_000_000 for n in per_million)
    assert sum(per_million) < 1_000_000
    assert max(row["trigram"]) > Decimal("0.005")  # a continuation that the model does not exclude
    for p, log in zip(row["trigram"], row["log10_trigram"], strict=True):
        assert log.as_tuple().exponent == -3
        assert abs(10 ** float(log) - float(p)) <= 0.00005 + 0.0012 * float(p)


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: row["text"])
def test_every_word_of_a_sentence_has_its_probabilities(row: dict[str, Any]) -> None:
    n = len(row["words"])
    assert n in LENGTHS
    assert [word.lower() for word in row["words"]] == row["text"].lower().split()
    for column in ("trigram", "bigram", "unigram_per_million", "first_trigram", "first_bigram"):
        assert len(row[column]) == n
    assert all(p.as_tuple().exponent == -4 and 0 < p < 1 for p in row["trigram"] + row["bigram"])
    assert row["trigram"][0] == row["bigram"][0]  # before the first word there is only the start of the sentence
    assert row["first_trigram"][0] == row["first_bigram"][0]
    assert all(0 < count < 1_000_000 for count in row["unigram_per_million"])


def test_a_longer_context_helps_on_the_whole_and_not_always() -> None:
    """What is to be seen of real models; numbers in the wrong column would not show it."""
    loss = {model: math.fsum(-math.log(p) for row in SENTENCES for p in row[model]) for model in ("trigram", "bigram")}
    unigram = math.fsum(-math.log(n / 1e6) for row in SENTENCES for n in row["unigram_per_million"])
    assert loss["trigram"] < loss["bigram"] < unigram
    worse = [row for row in SENTENCES if math.prod(row["trigram"]) < math.prod(row["bigram"])]
    assert 3 <= len(worse) <= len(SENTENCES) / 3
    words = sum(len(row["words"]) for row in SENTENCES)
    assert 20 < math.exp(loss["trigram"] / words) < 200


def test_a_first_choice_is_at_least_as_probable_as_the_word_that_came() -> None:
    """Where the word that came has more than half, it is the first choice."""
    for row in SENTENCES:
        for model in ("trigram", "bigram"):
            for word, p, first in zip(row["words"], row[model], row[f"first_{model}"], strict=True):
                assert p <= Decimal("0.5") or word.lower() == first.lower(), row["text"]


def test_source_version_and_licence_are_told(script: dict[str, Any]) -> None:
    readme = (DATA / "README.md").read_text("utf-8")
    assert f"{script['PACKAGE']}/" in readme
    assert f"version {script['VERSION']}" in readme
    assert f"pip install {script['PACKAGE']}=={script['VERSION']}" in script["__doc__"]
    licence = DATA / "LICENSE-pocketsphinx.txt"
    assert licence.name in readme
    assert "Copyright (c) 1999-2016 Carnegie Mellon University" in licence.read_text("utf-8")
    files = {file.name for file in DATA.glob("*.json")}
    assert files == {"next-words.json", *(f"sentences-{n}.json" for n in LENGTHS)}


def test_the_script_asks_the_model_for_each_order_with_its_own_context(script: dict[str, Any]) -> None:
    def probability(word: str, *before: str) -> float:
        return 0.1 * len(before) + 0.01 * len(word) + (0.004 if before[-1:] == ("of",) else 0)

    ((context, words, finishing),) = script["contexts"](["A Cup of | tea milk (salt) Xylitol\n"])
    row = script["next_words"](probability, context, words, finishing)
    assert (row["last_two"], row["last_one"]) == ("Cup of", "of")
    assert script["written"]([row]) == (
        '[\n {\n  "context": "A Cup of",\n  "last_two": "Cup of",\n  "last_one": "of",\n'
        '  "words": ["tea", "milk", "salt", "Xylitol"],\n'
        '  "finishing": [1, 1, 0, 1],\n'
        '  "trigram": [0.2340, 0.2440, 0.2440, 0.2740],\n'
        '  "bigram": [0.1340, 0.1440, 0.1440, 0.1740],\n'
        '  "unigram_per_million": [30000, 40000, 40000, 70000],\n'
        '  "log10_trigram": [-0.631, -0.613, -0.613, -0.562]\n }\n]\n'
    )
    sentence = script["sentence"](probability, "Tea of it", lambda *before: "i" if len(before) == 2 else "tv")
    assert [f"{p:.3f}" for p in sentence["trigram"]] == ["0.130", "0.220", "0.224"]
    assert [f"{p:.3f}" for p in sentence["bigram"]] == ["0.130", "0.120", "0.124"]
    assert sentence["first_trigram"] == ["TV", "I", "I"]


@pytest.mark.parametrize("words", [["tea", "tea", "milk", "salt"], ["tea", "milk", "salt", "it"]])
def test_the_script_refuses_words_that_leave_no_digits(script: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(SystemExit, match="choose four other words"):
        script["next_words"](lambda word, *before: 0.00001 if word == "it" else 0.2, "a cup of", words, [1, 1, 1, 0])


def test_the_engine_reads_the_files_with_all_their_digits() -> None:
    table = read_table("next-words.json", (DATA / "next-words.json").read_bytes())
    assert table.size == len(CONTEXTS)
    assert table.columns["trigram"].shape == (len(CONTEXTS), 4)


def test_six_templates_or_more_draw_from_the_measured_numbers() -> None:
    """Their sources hold a data file, and their names say so; no other template's name does."""
    bank = load_bank(prove=False)
    measured = {id for id in bank if re.search(r"/measured-", id)}
    assert len(measured) >= 6
    assert len({bank[id].concept for id in measured}) >= 4
    for id in measured:
        assert any(name.startswith("data/") for name, _ in bank[id].sources), id
