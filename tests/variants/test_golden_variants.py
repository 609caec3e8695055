"""Variants are the same on every machine, in every process and in any order: numbers written down once, compared for ever.

A change here means that nobody can regrade what was handed out before.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from quizgen.bank import Template, Variants

SECRET = bytes(range(32))

EVERY_DRAW = """\
cases:
  - {word: salt, words: [a, b, c]}
  - {word: mint, words: [d, e, f, g]}
draw:
  g: {integer: [0, 2]}
  c: {choice: [0.5, 1.5, 2.5]}
  k: {choice: [x, y], weights: [1, 5]}
  u: {uniform: [0.05, 0.95], step: 0.05, avoid: [0.5]}
  i: {integer: [-5, 5]}
  p: {probability: [0.1, 0.9]}
  d: {distribution: 4, min: 0.05}
  e: {distribution: 3, distinct: true, gold: g, rank: 1}
  s: {sequence: {integer: [1, 6]}, size: 3}
  t: {sample: [10, 20, 30, 40], size: 2}
  o: {permutation: case.words}
  r: {rows: x.csv}
let:
  loss: {value: surprisal(p), decimals: 4}
require: [u > 0.1, i != 0]
stem: |
  {{ case.word }} {{ case.words }} {{ g }} {{ c }} {{ k }} {{ u }} {{ i }} {{ p }} {{ d }} {{ e }} {{ s }} {{ t }} {{ o }}
  {{ r.word }} {{ r.n }} {{ loss }}
answer: {kind: numeric, value: loss + u, decimals: 3}
"""

ORDINALS = [0, 1, 2, 5, 11, 90_001]

GOLDEN = {
    "g": [2.0, 1.0, 0.0, 2.0, 1.0, 2.0],
    "c": [0.5, 0.5, 1.5, 2.5, 1.5, 1.5],
    "k": ["y", "y", "y", "y", "y", "y"],
    "u": [0.75, 0.6, 0.25, 0.2, 0.45, 0.6],
    "i": [-1.0, 3.0, 4.0, -3.0, -5.0, 2.0],
    "p": [0.57, 0.27, 0.58, 0.59, 0.58, 0.62],
    "d": [
        [0.37, 0.13, 0.43, 0.07],
        [0.35, 0.41, 0.05, 0.19],
        [0.17, 0.48, 0.22, 0.13],
        [0.52, 0.06, 0.25, 0.17],
        [0.68, 0.18, 0.09, 0.05],
        [0.06, 0.81, 0.08, 0.05],
    ],
    "e": [[0.06, 0.05, 0.89], [0.24, 0.57, 0.19], [0.7, 0.23, 0.07], [0.07, 0.08, 0.85], [0.16, 0.61, 0.23], [0.04, 0.3, 0.66]],
    "s": [[4.0, 1.0, 5.0], [2.0, 6.0, 3.0], [6.0, 1.0, 1.0], [1.0, 2.0, 2.0], [2.0, 5.0, 5.0], [5.0, 2.0, 5.0]],
    "t": [[30.0, 10.0], [10.0, 20.0], [10.0, 20.0], [20.0, 40.0], [30.0, 10.0], [10.0, 20.0]],
    "loss": [0.5621, 1.3093, 0.5447, 0.5276, 0.5447, 0.478],
    "r": [["fox", 7.0], ["fox", 7.0], ["fox", 7.0], ["cat", 9.0], ["cat", 9.0], ["fox", 7.0]],
    "case": ["mint", "mint", "mint", "mint", "salt", "salt"],
    "o": [
        ["d", "e", "g", "f"],
        ["g", "d", "f", "e"],
        ["g", "f", "d", "e"],
        ["e", "f", "g", "d"],
        ["a", "b", "c"],
        ["b", "a", "c"],
    ],
}

KEYS = ["1.312", "1.909", "0.795", "0.728", "0.995", "1.078"]


@pytest.fixture
def every_draw(template: Callable[..., Template]) -> Template:
    return template(EVERY_DRAW, x__csv="word,n\nowl,3\nfox,7\ncat,9\n")


NAMES = ("g", "c", "k", "u", "i", "p", "d", "e", "s", "t", "loss")


def values(variants: Variants) -> dict[str, list[object]]:
    """Each name's values, one entry a variant."""
    found = {name: np.moveaxis(variants[name], -1, 0).tolist() for name in NAMES}
    found["r"] = list(map(list, zip(variants["r.word"].tolist(), variants["r.n"].tolist(), strict=True)))
    found["case"] = variants["case.word"].tolist()
    # Cases differ in the length of o, so it is read block by block.
    found["o"] = variants.in_order([np.asarray(block.values["o"]).T.tolist() for block in variants.blocks])
    return found


def test_each_kind_of_draw_gives_at_an_address_the_values_that_were_written_down(every_draw: Template) -> None:
    assert values(every_draw.variants_at(ORDINALS, secret=SECRET)) == GOLDEN
    keys = every_draw.variants_at(ORDINALS, secret=SECRET).keys()
    assert [f"{key:.3f}" for key in keys] == KEYS


def test_a_block_of_variants_holds_at_each_address_what_it_holds_when_asked_for_alone(every_draw: Template) -> None:
    block = every_draw.variants(secret=SECRET, start=0, count=120)
    for ordinals in ([5, 3, 119], [0], list(range(60, 10, -7))):
        alone = values(every_draw.variants_at(ordinals, secret=SECRET))
        together = values(block)
        assert alone == {name: [column[ordinal] for ordinal in ordinals] for name, column in together.items()}


def test_an_address_far_away_is_found_without_those_before_it(every_draw: Template) -> None:
    far = every_draw.variants_at([5, 3, 90_001], secret=SECRET)
    run = every_draw.variants(secret=SECRET, start=89_990, count=20)
    for name in ("u", "d", "loss"):
        assert far[name][..., 2].tolist() == run[name][..., 11].tolist()
    assert far.keys()[2] == run.keys()[11]
    assert far.ordinals.tolist() == [5, 3, 90_001]


def test_another_process_draws_the_same(every_draw: Template, tmp_path: Path) -> None:
    script = (
        "import sys, quizgen; from pathlib import Path\n"
        "t = quizgen.load_template(Path(sys.argv[1]))\n"
        "print([f'{key:.3f}' for key in t.variants_at([0, 5, 90001], secret=bytes(range(32))).keys()])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / every_draw.sources[0][0])], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == repr([KEYS[0], KEYS[3], KEYS[5]])


def test_another_secret_gives_other_variants(every_draw: Template) -> None:
    one, other = (every_draw.variants(secret=secret, count=30)["u"].tolist() for secret in (SECRET, b"another"))
    assert one != other
