"""Blind strategies are marked as the real grader marks them, and chance is what chance earns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from defects_of_guessing import PLANTED as GUESSED
from defects_of_guessing import RANKED, STATEMENTS, TICKS
from hypothesis import given
from hypothesis import strategies as st
from planting import HEAD

from quizgen.answers.labels import LETTERS
from quizgen.answers.multiple import CREDIT as TICKING
from quizgen.answers.order import CREDIT as ORDERING
from quizgen.bank import load_bank, load_template
from quizgen.checking.chances import coins, orders, subsets, uneven
from quizgen.checking.cues import cues_of, number_ends, occurrences
from quizgen.checking.guessing import blind_scores, plays_of
from quizgen.checking.looks import Seen, looks
from quizgen.checking.sweep import Sweep

ORDER, MATCH = (next(one.text for one in GUESSED if word in one.text) for word in ("kind: order", "kind: match"))


def _typed(strategy: str, offered: int, stem: str) -> str | None:
    """What a student types who follows a strategy that looks at no words; None for the others."""
    letters = LETTERS[:offered]
    return {
        "the first option": letters[:1],
        "the last option": letters[-1:],
        "the smallest number": letters[:1],
        "the largest number": letters[-1:],
        "the middle number": letters[offered // 2],
        "ticking everything": " ".join(letters),
        "ticking nothing": "none",
        "ticking half the options, from the first option on": " ".join(letters[: offered // 2]),
        "the order shown": " ".join(letters),
        "the reverse of the order shown": " ".join(reversed(letters)),
        "the largest number in the stem": str(number_ends(stem, percent=False)[0]),
        "the first number in the stem": str(number_ends(stem, percent=False)[2]),
    }.get(strategy)


@pytest.mark.parametrize("rule", [*TICKING])
def test_ticking_is_marked_as_by_the_grader_under_every_rule(rule: str, tmp_path: Path) -> None:
    _same_marks(TICKS.replace("every-decision-counts", f'"{rule}"'), 4, tmp_path)


@pytest.mark.parametrize("rule", [*ORDERING])
def test_ordering_is_marked_as_by_the_grader_under_every_rule(rule: str, tmp_path: Path) -> None:
    _same_marks(ORDER.replace("credit: pairs", f"credit: {rule}"), 4, tmp_path)


@pytest.mark.parametrize("text", [STATEMENTS, RANKED])
def test_choosing_is_marked_as_by_the_grader(text: str, tmp_path: Path) -> None:
    _same_marks(text, 3, tmp_path)


@pytest.mark.parametrize("credit", ["each-pair", "all-or-nothing"])
def test_matching_is_marked_as_by_the_grader(credit: str, tmp_path: Path) -> None:
    _same_marks(MATCH.replace("kind: match", f"kind: match\n  credit: {credit}"), 4, tmp_path)


def test_copying_from_the_stem_is_marked_as_by_the_grader(tmp_path: Path) -> None:
    text = """
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
  q: {uniform: [0.05, 0.95], step: 0.05}
stem: One word has the probability {{ p }}, another {{ q }}. What is the larger?
answer: {kind: numeric, value: "max(p, q)", decimals: 2}
"""
    scores = _same_marks(text, 1, tmp_path)
    assert scores["the largest number in the stem"] == 1.0


def _same_marks(text: str, offered: int, folder: Path) -> dict[str, float]:
    """Holds the marks of what can be typed against the grader's; the mean of each strategy."""
    file = folder / "t.yaml"
    file.write_text(HEAD + text, "utf-8")
    sweep = Sweep(load_template(file), 40)
    (answer,) = sweep.template.answers
    part = sweep.parts[0]
    plays = next(iter(plays_of(sweep, answer, [(part, part.prepared[0][1], np.arange(40))])))
    tried = 0
    for strategy, play in plays.items():
        typed = [_typed(strategy, offered, stem) for stem in sweep.stems]
        if typed[0] is None or play.truth:
            continue
        tried += 1
        marks = [sweep.template.mark(sweep.variants, i, {answer.name: one}).fraction for i, one in enumerate(typed)]
        assert play.earned.tolist() == pytest.approx(marks), strategy
    assert tried >= 2
    return {strategy: float(play.earned.mean()) for strategy, play in plays.items()}


def test_an_option_is_believed_as_often_as_the_key_holds_it(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(HEAD + TICKS, "utf-8")
    sweep = Sweep(load_template(file), 300)
    (answer,) = sweep.template.answers
    part = sweep.parts[0]
    keys, rows = part.prepared[0][1], np.arange(300)
    play = next(iter(plays_of(sweep, answer, [(part, keys, rows)])))["the first option"]
    assert play.truth
    assert play.earned.tolist() == [float("A" in answer.key_typed(keys, row)) for row in rows.tolist()]
    assert play.chance.tolist() == pytest.approx([len(answer.key_typed(keys, row).split()) / 4 for row in rows.tolist()])


@pytest.mark.parametrize(("texts", "taken"), [
    (["by 0.2 to 0.9", "by 0.4 to 0.5", "by 0.3 to 0.3", "by nothing"], {
        "the largest first number": [1], "the smallest first number": [0], "the middle first number": [2],
        "the first number nearest the mean": [2], "the largest last number": [0], "the smallest last number": [2],
        "the widest gap between numbers": [0], "the narrowest gap between numbers": [2],
        "the option with most numbers": [0, 1, 2], "the option with fewest numbers": [3],
    }),
    (["loss of the model", "loss", "a model of the sea", "nothing"], {
        "the option that shares most words with the stem": [0],
        "the option that shares fewest words with the stem": [3],
        "the option that shares most words with the stem, counted as often as they stand there": [0],
    }),
    (["loss", "model", "model of some entropy"], {
        "the option that shares most words with the stem": [2],
        "the option that shares most words with the stem, counted as often as they stand there": [0],
    }),
    (["0.1", "0.4", "0.5", "1.1"], {"the number nearest the mean": [2], "the middle number": [1, 2]}),
])  # fmt: skip
def test_a_look_singles_out_the_option_that_it_speaks_of(texts: list[str], taken: dict[str, list[int]]) -> None:
    which = np.arange(len(texts))[:, None]
    stem = occurrences("The loss, that is the loss and no other loss than that loss, of a model with some entropy")
    scores = dict(looks(Seen([cues_of(text) for text in texts], which), [stem]))
    found = {name: np.flatnonzero(scores[name][:, 0] == scores[name].max()).tolist() for name in taken}
    assert found == taken


def test_hits_of_a_random_joining_spread_as_counted(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(HEAD + MATCH, "utf-8")
    sweep = Sweep(load_template(file), 4000)
    (answer,) = sweep.template.answers
    part = sweep.parts[0]
    play = next(iter(plays_of(sweep, answer, [(part, part.prepared[0][1], np.arange(4000))])))["the order shown"]
    assert play.earned.mean() == pytest.approx(play.chance[0], abs=0.02)
    assert play.earned.var() == pytest.approx(play.variance[0], rel=0.1)


def test_no_strategy_beats_chance_where_options_are_random(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(HEAD + STATEMENTS, "utf-8")
    (scores,) = blind_scores(Sweep(load_template(file), 1500)).values()
    assert len(scores) >= 8
    assert not [score for score in scores if score.beats_chance]


@pytest.mark.parametrize(("share", "named"), [(34, False), (38, True)])
def test_what_two_thousand_variants_tell_from_chance_is_named_and_no_less(share: int, named: bool, tmp_path: Path) -> None:
    text = STATEMENTS.replace("require:", "  long: {integer: [1, 100]}\nrequire:")
    for name, right in {"A": "a > b and a > c", "B": "b > a and b > c", "C": "c > a and c > b"}.items():
        told = "{% if (" + right + f") == (long <= {share}) " + "%}is as anybody computes it{% else %}is so{% endif %}"
        text = text.replace(f"which {name}<>", told)
    file = tmp_path / "t.yaml"
    file.write_text(HEAD + text, "utf-8")
    (scores,) = blind_scores(Sweep(load_template(file), 2000)).values()
    longest = next(score for score in scores if score.strategy == "the longest option")
    assert longest.earned == pytest.approx(share / 100, abs=0.02)
    assert longest.beats_chance == named


def test_the_shipped_choices_are_played_with_ten_strategies_each() -> None:
    bank = load_bank()
    scores = blind_scores(Sweep(bank["calculating-cross-entropy-loss/find-the-slip"], 60))["answer"]
    assert {"the longest option", "the odd one out", "the first option"} <= {score.strategy for score in scores}
    assert all(0 <= score.earned <= 1 for score in scores)


@given(st.integers(1, 6), st.integers(1, 6), st.sampled_from(sorted(TICKING)))
def test_a_coin_earns_what_subsets_of_all_sizes_earn(right: int, wrong: int, name: str) -> None:
    rule, offered = TICKING[name][0], right + wrong
    by_size = np.array([subsets(rule, right, offered, k)[0] for k in range(offered + 1)])
    ways = np.array(
        [np.prod(np.arange(offered - k + 1, offered + 1)) / np.prod(np.arange(1, k + 1)) for k in range(offered + 1)]
    )
    assert coins(rule, right, offered)[0] == pytest.approx(float((by_size * ways).sum() / 2**offered))


@pytest.mark.parametrize(("rule", "mean"), [("pairs", 0.5), ("absolute-position", 0.25), ("all-or-nothing", 1 / 24)])
def test_a_random_order_earns_its_known_mean(rule: str, mean: float) -> None:
    function: Callable[[Sequence[int]], float] = ORDERING[rule][0]
    assert orders(function, 4)[0] == pytest.approx(mean)


def test_uneven_places_agree_with_the_chi_square_distribution() -> None:
    stats = pytest.importorskip("scipy.stats")
    for counts in ([520, 480], [300, 250, 240, 210], [130, 90, 80], [90, 110, 95, 105, 100]):
        assert uneven(np.array(counts)) == pytest.approx(float(stats.chisquare(counts).pvalue), rel=0.2, abs=1e-6)
