"""Measures the data files of this folder with a real language model, and writes them.

The model is the word trigram model of US English that the package ``pocketsphinx`` ships (README.md beside this script says
more of it). Nothing else of quizgen needs that package. To run the script again, from any folder::

    pip install pocketsphinx==5.1.1
    python question_bank/data/make_next_words.py

It reads ``contexts.txt`` (a text, ``|``, four words that may come next; in brackets those that a reader would hardly take to
finish the text, such as ‘the’) and ``sentences.txt`` (a sentence a line) and writes
``next-words.json`` and ``sentences-5.json``, ``-6``, ``-7`` (sentences by their number of words) beside them, the same bytes
every time. It takes a few minutes, most of them to find each model's first choice among all words.

A probability is written with 4 decimals. ``trigram`` is given the two words before (in a sentence the start of the sentence
counts as one), ``bigram`` the one word before, ``unigram_per_million`` is how often the model expects a word in a million
words without any context. ``log10_trigram`` is the base-10 logarithm of the trigram probability, as a model's file holds it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from math import log10
from pathlib import Path
from typing import TypeAlias

FOLDER = Path(__file__).resolve().parent
PACKAGE, VERSION = "pocketsphinx", "5.1.1"
START, END = "<s>", "</s>"
LENGTHS = (5, 6, 7)

MODEL_LEAST = {"trigram": 0.001, "bigram": 0.00015, "unigram": 15e-6}
"""The least probability of a candidate in a context: below it, too few digits would be left to calculate with."""
SENTENCE_LEAST = 0.00015

NAMES = {"i": "I", "i'm": "I'm", "tv": "TV"} | {
    name.lower(): name for name in ("Africa", "America", "English", "French", "London", "Monday", "York")
}
"""The model knows all words in small letters; these are shown as people write them."""

Probability: TypeAlias = Callable[..., float]
"""The probability of a word (the first argument) after some words (the others, in the order of the text)."""


def load_model() -> tuple[Probability, list[str]]:
    """The model's probabilities, and the words that it knows."""
    import pocketsphinx

    if version(PACKAGE) != VERSION:
        sys.exit(f"these files are measured with {PACKAGE} {VERSION}; {version(PACKAGE)} is installed")
    pocketsphinx.set_loglevel("FATAL")
    model = pocketsphinx.NGramModel.readfile(pocketsphinx.get_model_path("en-us/en-us.lm.bin"))
    scale = pocketsphinx.LogMath()
    with open(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"), encoding="utf-8") as lines:
        words = sorted({re.sub(r"\(\d+\)$", "", line.split()[0]) for line in lines if line.strip()})

    def probability(word: str, *before: str) -> float:
        return float(scale.exp(model.prob([word, *reversed(before)])))

    return probability, [word for word in words if probability(word) > 0]


def contexts(lines: Iterable[str]) -> list[tuple[str, list[str], list[int]]]:
    """Each context with the words that may come next, and 1 for each word that a reader might finish the text with."""
    found = []
    for line in lines:
        context, _, words = line.partition("|")
        finishing = [0 if word.startswith("(") else 1 for word in words.split()]
        found.append((context.strip(), [word.strip("()") for word in words.split()], finishing))
    return found


def next_words(probability: Probability, context: str, words: Sequence[str], finishing: Sequence[int]) -> dict[str, object]:
    """What is written of a context. Exits where a candidate is too improbable, or one stands there twice."""
    before = context.split()[-2:]
    known = [word.lower() for word in before]
    rows = {
        "trigram": [probability(word.lower(), *known) for word in words],
        "bigram": [probability(word.lower(), known[-1]) for word in words],
        "unigram": [probability(word.lower()) for word in words],
    }
    for name, row in rows.items():
        if min(row) < MODEL_LEAST[name] or len(set(words)) != 4 or len(before) != 2:
            sys.exit(f"{context!r}: choose four other words; by the {name} model these have {row}")
    return {
        "context": context,
        "last_two": " ".join(before),
        "last_one": before[-1],
        "words": list(words),
        "finishing": list(finishing),
        "trigram": [Fixed(p, 4) for p in rows["trigram"]],
        "bigram": [Fixed(p, 4) for p in rows["bigram"]],
        "unigram_per_million": [Fixed(1e6 * p, 0) for p in rows["unigram"]],
        "log10_trigram": [Fixed(log10(p), 3) for p in rows["trigram"]],
    }


def sentence(probability: Probability, text: str, first: Callable[..., str]) -> dict[str, object]:
    """What is written of a sentence. Exits where one of its words is too improbable."""
    words = text.lower().split()
    before = [[START, *words][max(0, i - 1) : i + 1] for i in range(len(words))]
    trigram = [probability(word, *context) for word, context in zip(words, before, strict=True)]
    bigram = [probability(word, context[-1]) for word, context in zip(words, before, strict=True)]
    if min(trigram + bigram) < SENTENCE_LEAST:
        sys.exit(f"{text!r}: choose another sentence; its words have the probabilities {trigram} and {bigram}")
    return {
        "text": text,
        "words": [as_written(word) for word in words],
        "trigram": [Fixed(p, 4) for p in trigram],
        "bigram": [Fixed(p, 4) for p in bigram],
        "unigram_per_million": [Fixed(1e6 * probability(word), 0) for word in words],
        "first_trigram": [as_written(first(*context)) for context in before],
        "first_bigram": [as_written(first(context[-1])) for context in before],
    }


def as_written(word: str) -> str:
    """A word of the model as people write it."""
    return NAMES.get(word, word)


class Fixed(float):
    """A number that is written with a fixed number of decimals."""

    decimals: int

    def __new__(cls, value: float, decimals: int) -> Fixed:
        number = super().__new__(cls, value)
        number.decimals = decimals
        return number


def written(rows: Sequence[dict[str, object]]) -> str:
    """Rows as JSON, a line for each value, numbers with their decimals."""

    def text(value: object) -> str:
        if isinstance(value, Fixed):
            return f"{value:.{value.decimals}f}"
        return f"[{', '.join(map(text, value))}]" if isinstance(value, list) else json.dumps(value)

    objects = (",\n  ".join(f"{json.dumps(name)}: {text(value)}" for name, value in row.items()) for row in rows)
    return "[\n" + ",\n".join(f" {{\n  {row}\n }}" for row in objects) + "\n]\n"


def main() -> None:
    """Write every data file."""
    probability, vocabulary = load_model()
    found: dict[tuple[str, ...], str] = {}

    def first(*before: str) -> str:
        if before not in found:
            found[before] = max(vocabulary, key=lambda word: (probability(word, *before), word))
        return found[before]

    lines = (FOLDER / "contexts.txt").read_text("utf-8").splitlines()
    rows = [next_words(probability, *context) for context in contexts(lines)]
    (FOLDER / "next-words.json").write_text(written(rows), "utf-8", newline="\n")
    texts = (FOLDER / "sentences.txt").read_text("utf-8").splitlines()
    for length in LENGTHS:
        rows = [sentence(probability, text, first) for text in texts if len(text.split()) == length]
        (FOLDER / f"sentences-{length}.json").write_text(written(rows), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
