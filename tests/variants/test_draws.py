"""Every kind of draw: what it gives, how evenly, and what is wrong with a draw that makes no sense."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizgen.bank import Template
from quizgen.bank.nodes import build_tree
from quizgen.errors import ExpressionError
from quizgen.variants.draws import KINDS, Scope, draw_kinds, read_draw
from quizgen.variants.draws.rows import read_table
from quizgen.variants.streams import Stream
from quizgen.variants.values import REAL, TEXT, TRUTH, Grid, constant

SECRET = b"draws"
CASE = {"words": ["salt", "thyme", "mint"], "shares": [0.25, 0.5], "size": 4, "word": "salt", "flag": True}


def plain(text: str) -> Any:
    """The data of a YAML text as the loader gives it, numbers with their decimals."""
    root, faults = build_tree(text, "t.yaml", text.encode())
    assert root is not None
    assert not faults
    return root.plain()


def scope(**tables: Any) -> Scope:
    pairs = {f"case.{name}": constant(value) for name, value in plain(yaml.safe_dump(CASE)).items()}
    return Scope({name: value for name, (value, _) in pairs.items()}, {name: kind for name, (_, kind) in pairs.items()}, tables)


def drawn(text: str, n: int = 3000, values: Mapping[str, Any] | None = None, **tables: Any) -> tuple[Any, Any]:
    """Values of a draw for n variants (those that succeed), and their kind."""
    sampler = read_draw(plain(text)).prepare("x", scope(**tables))
    words = Stream.of(SECRET, text, sampler.words).words(np.arange(n), 0)
    sample = sampler.sample(words, values or {})
    (value,) = sample.values.values()
    assert sampler.size == np.prod(value.shape[:-1])
    return (value if sample.ok is None else value[..., sample.ok]), *sampler.kinds.values()


def chi_square(values: Any, options: int) -> float:
    """Chi-square of how often each of equally likely values comes."""
    _, counts = np.unique(values, return_counts=True)
    assert len(counts) == options
    expected = counts.sum() / options
    return float(((counts - expected) ** 2 / expected).sum())


def test_choice_draws_each_value_as_often() -> None:
    values, kind = drawn("{choice: [0.5, 1, 2.25]}")
    assert kind == Grid(2)
    assert set(values.tolist()) == {0.5, 1.0, 2.25}
    assert chi_square(values, 3) < 13.8  # 2 degrees of freedom, p = 0.001


def test_choice_follows_its_weights_and_never_draws_a_weight_of_0() -> None:
    values, kind = drawn("{choice: [a, b, c], weights: [3, 0, 1]}", 8000)
    assert kind == TEXT
    counts = [int((values == word).sum()) for word in "abc"]
    assert counts[1] == 0
    assert abs(counts[0] - 6000) < 4 * (8000 * 0.75 * 0.25) ** 0.5


def test_choice_takes_the_values_and_decimals_of_a_case() -> None:
    assert set(drawn("{choice: case.words}")[0].tolist()) == {"salt", "thyme", "mint"}
    values, kind = drawn("{choice: 'case.shares[:1]'}")
    assert set(values.tolist()) == {0.25}
    assert kind == Grid(2)


def test_choice_of_rows_draws_whole_vectors() -> None:
    values, kind = drawn("{choice: [[0.2, 0.8], [0.5, 0.5]]}")
    assert kind == Grid(1)
    assert {tuple(row) for row in values.T.tolist()} == {(0.2, 0.8), (0.5, 0.5)}


def test_uniform_reaches_both_ends_evenly_and_leaves_out_what_is_avoided() -> None:
    values, kind = drawn("{uniform: [-0.10, 0.15], step: 0.05, avoid: [0, 0.07, 9]}", 6000)
    assert kind == Grid(2)
    assert sorted(set(values.tolist())) == [-0.1, -0.05, 0.05, 0.1, 0.15]
    assert chi_square(values, 5) < 18.5  # 4 degrees of freedom, p = 0.001


@given(st.integers(-500, 500), st.integers(1, 40), st.integers(0, 300), st.integers(0, 4))
def test_uniform_numbers_are_the_doubles_of_their_decimal_numbers(low: int, step: int, steps: int, decimals: int) -> None:
    def written(number: int) -> str:
        return f"{number / 10**decimals:.{decimals}f}"

    values, kind = drawn(f"{{uniform: [{written(low)}, {written(low + step * steps)}], step: {written(step)}}}", 50)
    assert kind == Grid(decimals)
    assert set(values.tolist()) <= {float(written(low + step * k)) for k in range(steps + 1)}


def test_integer_draws_whole_numbers_by_step() -> None:
    values, kind = drawn("{integer: [2, 11], step: 3, avoid: [5]}")
    assert kind == Grid(0)
    assert sorted(set(values.tolist())) == [2, 8, 11]


def test_probability_has_steps_of_a_hundredth_unless_told() -> None:
    values, kind = drawn("{probability: [0.97, 1]}")
    assert sorted(set(values.tolist())) == [0.97, 0.98, 0.99, 1.0]
    assert kind == Grid(2)
    assert sorted(set(drawn("{probability: [0, 1], step: 0.5}")[0].tolist())) == [0, 0.5, 1]


@pytest.mark.parametrize(
    "text",
    [
        "{distribution: 2}", "{distribution: 5, min: 0.05, max: 0.5}", "{distribution: 4, step: 0.05, min: 0}",
        "{distribution: 3, peak: 0.6}", "{distribution: 3, peak: [0.5, 0.6]}", "{distribution: 4, distinct: true}",
        "{distribution: case.words, step: 0.001}", "{distribution: 20, step: 0.01}",
    ],
)  # fmt: skip
def test_a_distribution_sums_to_exactly_1_within_its_bounds(text: str) -> None:
    options = plain(text)
    values, kind = drawn(text, 500)
    parts = np.rint(values * 1000).astype(int)
    step = float(options.get("step", 0.01))
    assert kind == Grid(3 if step == 0.001 else 2)
    assert (parts.sum(axis=0) == 1000).all()
    assert np.abs(values * 1000 - parts).max() < 1e-9
    assert (parts % round(step * 1000) == 0).all()
    assert values.min() >= float(options.get("min", step))
    assert values.max() <= float(options.get("max", 1))
    low, high = peak if isinstance(peak := options.get("peak", 0), list) else (peak, 1)
    assert values.max(axis=0).min() >= low
    assert values.max(axis=0).max() <= high
    if options.get("distinct"):
        assert all(len(set(column)) == len(column) for column in values.T.tolist())


def test_a_distribution_is_uniform_over_all_that_are_possible() -> None:
    values, _ = drawn("{distribution: 3, step: 0.2, min: 0}", 21_000)
    counts = np.unique(values, axis=1, return_counts=True)[1]
    assert len(counts) == 21  # ways to write 5 as three ordered parts of 0 or more
    assert ((counts - 1000) ** 2 / 1000).sum() < 45.4  # 20 degrees of freedom, p = 0.001


def test_the_gold_entry_of_a_distribution_has_the_wanted_rank() -> None:
    gold = np.array([0.0, 1.0, 2.0] * 200)
    values, _ = drawn("{distribution: 3, distinct: true, gold: g, rank: 2}", 600, {"g": gold})
    sampler = read_draw(plain("{distribution: 3, distinct: true, gold: g, rank: 2}")).prepare("x", scope())
    words = Stream.of(SECRET, "g", sampler.words).words(np.arange(600), 0)
    sample = sampler.sample(words, {"g": gold})
    values = sample.values["x"]
    assert isinstance(values, np.ndarray)
    ranks = 1 + (values > values[gold.astype(int), np.arange(600)]).sum(axis=0)
    assert set(ranks[sample.ok].tolist()) == {2}
    fixed, _ = drawn("{distribution: 4, distinct: true, gold: 3, rank: [3, 4]}", 600)
    assert set((1 + (fixed > fixed[3]).sum(axis=0)).tolist()) == {3, 4}


def test_several_rows_of_a_distribution_each_sum_to_1() -> None:
    values, _ = drawn("{distribution: 3, count: 4}", 50)
    assert values.shape == (4, 3, 50)
    assert (np.rint(values * 100).sum(axis=1) == 100).all()


def test_a_sequence_has_independent_entries() -> None:
    values, kind = drawn("{sequence: {integer: [0, 1]}, size: 3}", 8000)
    assert kind == Grid(0)
    assert chi_square(values[0] * 4 + values[1] * 2 + values[2], 8) < 24.3  # 7 degrees of freedom, p = 0.001
    assert drawn("{sequence: {choice: [a, b]}, size: case.words}", 10)[0].shape == (3, 10)
    assert drawn("{sequence: {distribution: 3}, size: 2}", 10)[0].shape == (2, 3, 10)


def test_a_sequence_can_be_made_of_entries_that_differ() -> None:
    values, _ = drawn("{sequence: {integer: [1, 4]}, size: 3, distinct: true}", 500)
    assert all(len(set(column)) == 3 for column in values.T.tolist())


def test_a_sample_is_without_repetition_and_in_even_order() -> None:
    values, kind = drawn("{sample: [1, 2, 3], size: 2}", 6000)
    assert kind == Grid(0)
    assert (values[0] != values[1]).all()
    assert chi_square(values[0] * 10 + values[1], 6) < 20.5  # 5 degrees of freedom, p = 0.001
    assert drawn("{sample: case.words, size: 2}", 10)[0].shape == (2, 10)


def test_a_permutation_has_every_entry_once_in_even_order() -> None:
    values, _ = drawn("{permutation: 3}", 6000)
    assert (np.sort(values, axis=0) == np.arange(3)[:, None]).all()
    assert chi_square(values[0] * 100 + values[1] * 10 + values[2], 6) < 20.5
    words, kind = drawn("{permutation: case.words}", 20)
    assert kind == TEXT
    assert all(sorted(column) == ["mint", "salt", "thyme"] for column in words.T.tolist())
    assert drawn("{permutation: case.size}", 5)[0].shape == (4, 5)
    assert set(drawn("{permutation: [5, 6]}", 20)[0].ravel().tolist()) == {5, 6}


TABLE = b"word,p,n\nsalt,0.50,3\nthyme,0.125,40\nmint,0.25,5\n"


def test_rows_give_whole_rows_of_a_csv_file_with_its_decimals() -> None:
    table = read_table("x.csv", TABLE)
    sampler = read_draw(plain("{rows: x.csv}")).prepare("row", scope(**{"x.csv": table}))
    assert sampler.kinds == {"row.word": TEXT, "row.p": Grid(3), "row.n": Grid(0)}
    values = sampler.sample(Stream.of(SECRET, "rows", 1).words(np.arange(600), 0), {}).values
    seen = set(zip(*(np.asarray(values[name]).tolist() for name in sampler.kinds), strict=True))
    assert seen == {("salt", 0.5, 3.0), ("thyme", 0.125, 40.0), ("mint", 0.25, 5.0)}


@pytest.mark.parametrize(
    ("where", "words"),
    [("{word: salt}", {"salt"}), ("{n: 40}", {"thyme"}), ("{word: case.word}", {"salt"}), ("{p: 0.25, n: 5}", {"mint"})],
)
def test_rows_can_be_chosen_by_their_values(where: str, words: set[str]) -> None:
    sampler = read_draw(plain(f"{{rows: x.csv, where: {where}}}")).prepare("r", scope(**{"x.csv": read_table("x.csv", TABLE)}))
    values = sampler.sample(Stream.of(SECRET, "rows", 1).words(np.arange(50), 0), {}).values
    assert set(np.asarray(values["r.word"]).tolist()) == words


def test_a_json_file_may_hold_lists() -> None:
    raw = b'[{"words": ["a", "b"], "p": [0.25, 0.75], "ok": true}, {"words": ["c", "d"], "p": [0.5, 0.5], "ok": false}]'
    table = read_table("x.json", raw)
    assert table.kinds == {"words": TEXT, "p": Grid(2), "ok": TRUTH}
    sampler = read_draw(plain("{rows: x.json}")).prepare("r", scope(**{"x.json": table}))
    values = sampler.sample(Stream.of(SECRET, "rows", 1).words(np.arange(9), 0), {}).values
    assert [np.shape(value) for value in values.values()] == [(2, 9), (2, 9), (9,)]


BAD_TABLES = [
    ("x.csv", b"\xff\xfe", "x.csv is not UTF-8 text (byte 0)"),
    ("x.csv", b"", "x.csv has no rows"),
    ("x.csv", b"p\n", "x.csv has no rows"),
    ("x.csv", b"p,q\n1\n", "x.csv: line 2 has not as many cells as the header"),
    ("x.csv", b"p\n1,2\n", "x.csv: line 2 has not as many cells as the header"),
    ("x.csv", b"p,p\n1,2\n", "x.csv has two columns of one name"),
    ("x.csv", b'p\n"abc\n', "x.csv: line 1 is not CSV: unexpected end of data"),
    ("x.csv", b"p\na\0\n", "x.csv, column 'p': the character U+0000 is not allowed"),
    ("x.csv", b"p\n" + b"1\n" * 100_001, "x.csv has about 100,002 rows; the most is 100,000"),
    ("x.json", b"{}", "x.json must be a list of objects"),
    ("x.json", b"[1]", "x.json must be a list of objects"),
    ("x.json", b"[", "x.json is not JSON"),
    ("x.json", b"[" * 100_000, "x.json is not JSON: maximum recursion depth exceeded"),
    ("x.json", b'[{"p": NaN}]', "NaN is not a number that can be shown"),
    ("x.json", b'[{"p": 1e999}]', "x.json, column 'p': a number is too large"),
    ("x.json", b'[{"p": ' + b"9" * 5000 + b"}]", "a number has more than 100 characters"),
    ("x.json", b'[{"p": null}]', "x.json, column 'p': nothing stands where"),
    ("x.json", b'[{"p": {}}]', "x.json, column 'p': a map stands where"),
    ("x.json", b'[{"p": "\\ud800"}]', "the character U+D800 is not allowed"),
    ("x.json", b'[{"p": 1}, {"q": 1}]', "x.json: row 2 has other columns than the first row"),
    ("x.json", b'[{"p": 1}, {"p": "a"}]', "x.json: the values of column 'p' are not of one sort and length"),
    ("x.json", b'[{"p": [1]}, {"p": [1, 2]}]', "x.json: the values of column 'p' are not of one sort and length"),
    ("x.json", b"[" + b"{}," * 200_000 + b"{}]", "x.json has about 200,001 rows; the most is 100,000"),
    ("x.json", b'[{"p": [' + b"1," * 1_000_001 + b"1]}]", "x.json has about 1,000,001 values; the most is 1,000,000"),
]


@pytest.mark.parametrize(("name", "raw", "message"), BAD_TABLES, ids=lambda value: str(value)[:30])
def test_a_data_file_that_cannot_be_used_says_why(name: str, raw: bytes, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_table(name, raw)
    assert message in str(caught.value)


def test_cells_that_only_look_like_numbers_to_python_stay_texts() -> None:
    table = read_table("x.csv", "a,b,c,d\n1_0,nan,１,1e5\n2_0,inf,２, 2.50 \n".encode())
    assert table.kinds == {"a": TEXT, "b": TEXT, "c": TEXT, "d": Grid(2)}
    assert read_table("x.json", b'[{"p": 1e-999999999}]').kinds == {"p": REAL}


WRONG = [
    ("{choice: []}", "the list is empty"),
    ("{choice: [1, a]}", "either texts or numbers, not both"),
    ("{choice: case.word}", "choice needs a list"),
    ("{choice: p}", "choice may use the case only, not 'p'"),
    ("{choice: [1, 2], weights: [1]}", "2 values have 1 weights"),
    ("{choice: [1, 2], weights: [0, 0]}", "weights are whole numbers of 0 or more, not all 0"),
    ("{choice: [1, 2], weights: [-1, 2]}", "weights are whole numbers of 0 or more, not all 0"),
    ("{uniform: [0, 1]}", "step"),
    ("{uniform: [1, 0], step: 0.1}", "the lowest comes first, and the step is above 0"),
    ("{uniform: [0, 1], step: 0}", "the lowest comes first, and the step is above 0"),
    ("{uniform: [0, 1], step: -0.1}", "the lowest comes first, and the step is above 0"),
    ("{uniform: [0, 1], step: 0.3}", "the step 0.3 does not lead from 0 to 1 exactly"),
    ("{uniform: [0, 1, 2], step: 1}", "give [lowest, highest]"),
    ("{uniform: [0, 1], step: 1e-300}", "the number 1e-300 has more than 12 decimals"),
    ("{uniform: [0, 1e-99999999], step: 1}", "the number 1e-99999999 has more than 12 decimals"),
    ("{uniform: [0, 1], step: 0.0000001}", "the grid has 10,000,001 numbers; the most is 1,000,000"),
    ("{uniform: [0, 1e200], step: 1e199}", "a number is too large"),
    ("{uniform: [0, 1e17], step: 1e16}", "more digits than a double holds exactly"),
    ("{uniform: [0, 1], step: 0.5, avoid: [0, 0.5, 1]}", "every number of the grid is avoided"),
    ("{uniform: [a, 1], step: 0.5}", "'a' stands where a number is needed"),
    ("{probability: [0, 1.5]}", "a probability lies between 0 and 1"),
    ("{distribution: 1}", "a distribution has at least 2 entries"),
    ("{distribution: 0}", "distribution must be a whole number from 1 to 1000, or a list of the case"),
    ("{distribution: -3}", "distribution must be a whole number from 1 to 1000, or a list of the case"),
    ("{distribution: 9999}", "distribution must be a whole number from 1 to 1000, or a list of the case"),
    ("{distribution: case.word}", "distribution must be a whole number from 1 to 1000, or a list of the case"),
    ("{distribution: case.flag}", "distribution must be a whole number from 1 to 1000, or a list of the case"),
    ("{distribution: 3, step: 0.3}", "1 is not a whole number of steps of 0.3"),
    ("{distribution: 3, step: 0}", "1 is not a whole number of steps of 0"),
    ("{distribution: 3, min: 0.5}", "no 3 entries between these bounds sum to 1"),
    ("{distribution: 3, max: 0.3}", "no 3 entries between these bounds sum to 1"),
    ("{distribution: 200}", "no 200 entries between these bounds sum to 1"),
    ("{distribution: 3, min: 0.005}", "min 0.005 is not a multiple of the step 0.01 inside [0, 1]"),
    ("{distribution: 3, peak: [0.1, 0.2, 0.3]}", "peak is one number, or [low, high]"),
    ("{distribution: 3, peak: [0.9, 0.5]}", "no 3 entries between these bounds sum to 1"),
    ("{distribution: 3, peak: x}", "'x' stands where a number is needed"),
    ("{distribution: 3, gold: 0}", "'gold' and 'rank' go together"),
    ("{distribution: 3, rank: 1}", "'gold' and 'rank' go together"),
    ("{distribution: 3, gold: 5, rank: 1}", "'gold' is an index from 0 to 2"),
    ("{distribution: 3, gold: case.word, rank: 1}", "'gold' is a whole number, the index of an entry"),
    ("{distribution: 3, gold: 0, rank: 4}", "rank is 1 to 3, or [from, to]"),
    ("{distribution: 100, step: 0.001, count: 50}", "the draw has 5,000 entries in one variant; the most is 1000"),
    ("{sequence: {integer: [1, 2]}, size: 0}", "size must be a whole number from 1 to 1000"),
    ("{sequence: {sequence: {sequence: {integer: [1, 2]}, size: 1000}, size: 1000}, size: 1000}", "1,000,000 entries"),
    ("{sequence: {choice: [a]}, size: 2, distinct: true}", "'distinct' is for numbers; use 'sample' for texts"),
    ("{sequence: {rows: x.csv}, size: 2}", "a sequence is made of draws of one value"),
    ("{sequence: 3, size: 2}", "a sequence is made of a draw"),
    ("{sequence: {integr: [1, 2]}, size: 2}", "in the draw of the sequence, there is no kind of draw 'integr'; did you mean"),
    ("{sequence: {uniform: [1, 2]}, size: 2}", "in the draw of the sequence, the key 'step' is missing"),
    ("{sequence: {integer: [1, 2], stp: 1}, size: 2}", "in the draw of the sequence, there is no key 'stp'"),
    ("{sample: [a, b], size: 3}", "3 of a list of 2 cannot be drawn without repetition"),
    ("{permutation: 0}", "permutation must be a whole number from 1 to 1000"),
    ("{permutation: case.word}", "permutation must be a whole number from 1 to 1000"),
    ("{rows: x.csv, where: {wrd: salt}}", "x.csv has no column 'wrd'; did you mean \"word\"?"),
    ("{rows: x.csv, where: {word: basil}}", "x.csv has no row with word = 'basil'"),
    ("{rows: x.csv, where: {word: [a]}}", "where compares a column of single values with a text or number"),
    ("{}", "a draw has one of the keys choice, uniform, integer"),
    ("{step: 1, unifrom: [0, 1]}", "there is no kind of draw 'unifrom'; did you mean \"uniform\"?"),
    ("{choice: [1], integer: [1, 2]}", "a draw is of one kind, not of choice and integer"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=lambda value: value[:50])
def test_a_draw_that_makes_no_sense_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises((ExpressionError, ValidationError, ValueError)) as caught:
        read_draw(plain(text)).prepare("x", scope(**{"x.csv": read_table("x.csv", TABLE)}))
    assert message in str(caught.value)


def test_the_built_in_kinds_of_draws_are_those_that_can_be_found() -> None:
    assert set(KINDS) <= set(draw_kinds())
    assert all(issubclass(kind, object) and key in kind.model_fields for key, kind in draw_kinds().items())


def test_an_impossible_distribution_is_reported_as_a_draw_that_refuses(template: Callable[..., Template]) -> None:
    with pytest.raises(Exception, match="Refused by the draw 'p'"):
        template(
            "draw: {p: {distribution: 12, step: 0.01, distinct: true, peak: 0.85}}\n"
            "stem: '{{ p }}'\nanswer: {kind: numeric, value: 'p[0]', decimals: 2}"
        )
