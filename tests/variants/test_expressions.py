"""Expressions: what each operator and function gives, by hand, and what is refused and how."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from quizgen.errors import ExpressionError
from quizgen.variants.expressions import check_form, parse, place_of_name
from quizgen.variants.functions import FUNCTIONS
from quizgen.variants.operators import OPERATORS
from quizgen.variants.values import constant
from quizgen.variants.words import FORMATS

VALUES = {
    "p": np.array([0.25]),
    "n": np.array([3.0]),
    "yes": np.array([True]),
    "v": np.array([[0.5], [0.25], [0.25]]),
    "w": np.array([[3.0], [1.0], [2.0]]),
    "t": np.array([[[1.0], [2.0]], [[3.0], [4.0]]]),
    "i": np.array([2.0]),
    "word": np.array(["apple"], dtype=object),
    "words": np.array([["salt"], ["thyme"], ["mint"]], dtype=object),
    "case.size": 4.0,
    "case.word": "owl",
    "case.flag": True,
    "case.list": constant([2, 5, 7])[0],
}


def value(source: str, values: Mapping[str, Any] = VALUES) -> Any:
    """The value of an expression for one variant, as plain Python."""
    found = parse(source)(values)
    if isinstance(found, np.ndarray):
        found = found[..., 0].tolist()
    return found


BY_HAND = {
    # arithmetic
    "1 + 2 * 3": 7,
    "7 - 10": -3,
    "7 / 2": 3.5,
    "7 // 2": 3,
    "-7 // 2": -4,
    "7 % 3": 1,
    "-7 % 3": 2,
    "2 ** 10": 1024,
    "-p": -0.25,
    "+p": 0.25,
    "-(0 * p)": 0,
    "w * 2": [6, 2, 4],
    "v + w": [3.5, 1.25, 2.25],
    "1 - v": [0.5, 0.75, 0.75],
    "t + [10, 20]": [[11, 22], [13, 24]],
    "1 / 0": math.inf,
    "0.1 + 0.2 - 0.3": 0,
    "5.5 - 2": 3.5,
    "10 ** -1": 0.1,
    # binary noise is not seen by what decides
    "0.1 + 0.2 == 0.3": True,
    "0.3 % 0.1": 0,
    "0.3 // 0.1": 3,
    "floor(0.29 * 100)": 29,
    "ceil(0.28 * 100 + 1e-14)": 28,
    "0.7 + 0.1 < 0.8": False,
    "0.7 + 0.1 >= 0.8": True,
    "0.1 * 3 > 0.3": False,
    "0.1 * 3 <= 0.3": True,
    "0.1 * 3 != 0.3": False,
    "sum([0.1, 0.2, -0.3])": 0,
    "argmax([0.1 + 0.2, 0.3])": 0,
    "rank([0.3, 0.1 + 0.2, 0.5])": [2, 2, 1],
    "1e-30 == 0": False,
    "1e-30 < 2e-30": True,
    "floor(1e-12)": 0,
    "ceil(1e-12)": 1,
    # comparisons and logic
    "p < 0.5": True,
    "0 < p < 1": True,
    "0 < p < 0.2": False,
    "p == 0.25 and n == 3": True,
    "not yes": False,
    "yes or false": True,
    "word == 'apple'": True,
    "word != 'pear'": True,
    "words == 'mint'": [False, False, True],
    "v == 0.25": [False, True, True],
    "n in [1, 3]": True,
    "n not in case.list": True,
    "word in words": False,
    "'mint' in words": True,
    "case.flag == true": True,
    "1 if p > 0.5 else 2": 2,
    "'a' if yes else 'b'": "a",
    "w if yes else 0": [3, 1, 2],
    "1 if w > 1 else 0": [1, 0, 1],
    "true if p > 1 else false": False,
    "case.word if case.flag else 1": "owl",
    # lists
    "[1, p, n]": [1, 0.25, 3],
    "(1, 2)": [1, 2],
    "[v, w][1]": [3, 1, 2],
    "w[0]": 3,
    "w[-1]": 2,
    "w[i]": 2,
    "words[i]": "mint",
    "words[1:]": ["thyme", "mint"],
    "w[:2]": [3, 1],
    "w[1:2]": [1],
    "w[-2:]": [1, 2],
    "t[1]": [3, 4],
    "t[1][0]": 3,
    "t[0 * n]": [1, 2],
    "w[[2, 0]]": [2, 3],
    "case.list[1]": 5,
    # functions of a vector
    "sum(w)": 6,
    "mean(w)": 2,
    "prod(w)": 6,
    "min(w)": 1,
    "max(w)": 3,
    "min(p, 0.1)": 0.1,
    "max(w, 2)": [3, 2, 2],
    "max(1, 2, 3)": 3,
    "len(words)": 3,
    "sort(w)": [1, 2, 3],
    "sort(w, descending=true)": [3, 2, 1],
    "argmax(w)": 0,
    "argmin(w)": 1,
    "argsort(w)": [1, 2, 0],
    "argsort(w, descending=true)": [0, 2, 1],
    "argsort([1, 1, 0])": [2, 0, 1],
    "argsort([1, 1, 0], descending=true)": [0, 1, 2],
    "rank(w)": [1, 3, 2],
    "rank([5, 7, 7, 1])": [3, 1, 1, 4],
    "cumsum(w)": [3, 4, 6],
    "count(w > 1)": 2,
    "any(w > 2)": True,
    "all(w > 2)": False,
    "index(w, 2)": 2,
    "index(words, 'mint')": 2,
    "dot(v, w)": 2.25,
    "sum(t)": [3, 7],
    "max(t)": [2, 4],
    "w|sum": 6,
    "w|length": 3,
    "w|min": 1,
    "w|max": 3,
    # functions of each number
    "abs(-p)": 0.25,
    "exp(0)": 1,
    "log(1)": 0,
    "ln(exp(2))": 2,
    "log2(8)": 3,
    "log10(1000)": 3,
    "sqrt(16)": 4,
    "floor(2.7)": 2,
    "ceil(2.1)": 3,
    "floor(-2.5)": -3,
    "round(2.5)": 3,
    "round(-2.5)": -3,
    "round(2.675, 2)": 2.68,
    "round(1.005, 2)": 1.01,
    "sigmoid(0)": 0.5,
    "sigmoid(1000)": 1,
    "sigmoid(-1000)": 0,
    "p|abs": 0.25,
    "2.345|round(1)": 2.3,
    # making vectors
    "range(3)": [0, 1, 2],
    "range(case.size)": [0, 1, 2, 3],
    "one_hot(1, 3)": [0, 1, 0],
    "one_hot(i, 3)": [0, 0, 1],
    "softmax([0, 0])": [0.5, 0.5],
    "log_softmax([0, 0])": [-math.log(2)] * 2,
    "take(words, [2, 0])": ["mint", "salt"],
    "concat(w, [9])": [3, 1, 2, 9],
    "concat(words, ['basil'])": ["salt", "thyme", "mint", "basil"],
    "repeat(p, 2)": [0.25, 0.25],
    "repeat([1, 2], 2)": [[1, 2], [1, 2]],
    # texts
    "'a' ~ 1 ~ word": "a1apple",
    "words ~ 's'": ["salts", "thymes", "mints"],
    "lower('AbC')": "abc",
    "upper(word)": "APPLE",
    "capitalize('one word')": "One word",
    "a_an('apple')": "an apple",
    "a_an(words)": ["a salt", "a thyme", "a mint"],
    "a_an('hour')": "an hour",
    "a_an('university')": "a university",
    "a_an('unimportant word')": "an unimportant word",
    "a_an('LLM')": "an LLM",
    "a_an('8-bit model')": "an 8-bit model",
    "a_an('Übung')": "an Übung",
    "a_an('URL')": "a URL",
    "a_an('F1 score')": "an F1 score",
    "a_an('n-gram')": "an n-gram",
    "a_an('k-means step')": "a k-means step",
    "a_an('usage')": "a usage",
    "a_an('unanimous vote')": "a unanimous vote",
    "a_an('unanswered question')": "an unanswered question",
    "a_an('onerous task')": "an onerous task",
    "a_an('one-hot row')": "a one-hot row",
    "plural(1, 'token', 'tokens')": "token",
    "plural(n, 'token', 'tokens')": "tokens",
    "plural(0, 'token', 'tokens')": "tokens",
    "join(words, ' and ')": "salt and thyme and mint",
    "join(words)": "salt, thyme, mint",
    # numbers as they are shown
    "p|fixed(3)": "0.250",
    "p|sig(1)": "0.3",
    "p|percent(0)": "25%",
    "p|fixed(2)|signed": "+0.25",
    "(-p)|fixed(1)|signed": "-0.3",
    "(0 * p)|fixed(1)|signed": "0.0",
    "(p / 1000)|percent(1)|signed": "0.0%",
    "v|fixed(1)": ["0.5", "0.3", "0.3"],
    # cross-entropy
    "surprisal(0.5, base='bits')": 1,
    "surprisal([1, 0.5], base='bits')": [0, 1],
    "surprisal(0.1, base='bans')": 1,
    "surprisal(0)": math.inf,
    "entropy(v, base='bits')": 1.5,
    "cross_entropy(v, [0.5, 0.25, 0.25], base='bits')": 1.5,
    "kl_divergence(v, v)": 0,
    "js_divergence([1, 0], [0, 1], base='bits')": 1,
    "empirical_cross_entropy([3, 1], [0.5, 0.5], base='bits')": 1,
    "binary_cross_entropy(1, 0.5, base='bits')": 1,
    "binary_cross_entropy([1, 0], [0.5, 0.75], base='bits')": [1, 2],
    "binary_cross_entropy_from_logits(1, 0)": math.log(2),
    "sequence_nll([0.5, 0.125], base='bits')": 4,
    "masked_nll([0.5, 0.1, 0.125], [1, 0, 1], base='bits')": 2,
    "masked_nll([0.5, 0.1], w[:2] > 2, base='bits')": 1,
    "perplexity([0.5, 0.125])": 4,
    "bits_per_byte(ln(2) * 10, 5)": 2,
    "brier_score([0.5, 0.25, 0.25], 0)": 0.375,
    "cross_entropy_from_logits([0, 0], 1, base='bits')": 1,
    "cross_entropy_from_logits([0, 0], 0, label_smoothing=0.5, base='bits')": 1,
    "cross_entropy_gradient([0, 0], 0)": [-0.5, 0.5],
    "label_smoothed_cross_entropy([0.5, 0.5], 0, 0.1, base='bits')": 1,
    # a table is taken row by row, and a single vector goes with each row
    "entropy([[0.5, 0.5], [1, 0]], base='bits')": [1, 0],
    "cross_entropy([1, 0], [[0.5, 0.5], [0.25, 0.75]], base='bits')": [1, 2],
    "brier_score([[1, 0], [0, 1]], [0, 0])": [0, 2],
    "brier_score([[1, 0], [0, 1]], 1)": [2, 0],
    "softmax([[0, 0], [0, 0]])": [[0.5, 0.5], [0.5, 0.5]],
}


@pytest.mark.parametrize("source", BY_HAND)
def test_an_expression_has_the_value_worked_out_by_hand(source: str) -> None:
    check_form(parse(source))
    wanted = BY_HAND[source]
    found = value(source)
    if isinstance(wanted, str) or (isinstance(wanted, list) and isinstance(wanted[0], str | bool)):
        assert found == wanted
    else:
        np.testing.assert_allclose(np.asarray(found, dtype=float), np.asarray(wanted, dtype=float), rtol=1e-12, atol=1e-15)
        assert str(found) != "-0.0"


def test_every_function_and_filter_of_the_language_is_in_the_table() -> None:
    used = " ".join(BY_HAND)
    assert [name for name in FUNCTIONS if f"{name}(" not in used] == []
    assert [name for name in FORMATS if f"|{name}" not in used] == []
    assert set(OPERATORS) >= {"add", "sub", "mul", "div", "floordiv", "mod", "pow", "select", "item", "part"}


REFUSED = {
    "1 +": "is not an expression",
    "1 2": "goes on after its end, at '2'",
    "p.x.y": ".y is not allowed here",
    "''.__class__": ".__class__ is not allowed here",
    "p|attr('x')": "there is no filter '|attr'",
    "p|fixd(2)": "there is no filter '|fixd'; did you mean \"fixed\"?",
    "p|fixed": "'|fixed' is written like p|fixed(2)",
    "p|fixed(2, 3)": "'|fixed' is written like p|fixed(2)",
    "p|signed(2)": "'|signed' is written like p|signed",
    "p|fixed(n=2)": "'|fixed' is used wrongly",
    "lipsum()": "there is no function 'lipsum'",
    "surprisle(p)": "there is no function 'surprisle'; did you mean \"surprisal\"?",
    "table({'a': p})": "table(…) stands alone in a {{ }} of its own paragraph",
    "p()()": "only functions of the language can be called",
    "sum(*w)": "only functions of the language can be called",
    "'{}'.format(p)": "only functions of the language can be called",
    "sum()": "sum(…) takes 1 value; here are 0",
    "sum(w, w)": "sum(…) takes 1 value; here are 2",
    "sort(w, true)": "sort(…) takes 1 value, and by name descending=…; here are 2",
    "max()": "max(…) takes 1 or more values; here are 0",
    "round(p, 1, 2)": "round(…) takes 1 to 2 values; here are 3",
    "surprisal(p, bass='bits')": "surprisal(…) has no option 'bass'; did you mean \"base\"?",
    "surprisal(p, base='bits', base='nats')": "the option 'base' of surprisal(…) is given twice",
    "round(p, decimals=2)": "round(…) has no option 'decimals'; it has none",
    "1 if p": "'a if condition' needs an 'else'",
    "w[::2]": "a slice has no step",
    "{1: 2}": "{…} belongs into table({…}) only",
    "none": "'none' has no use in an expression",
    "p is defined": "'test' is not part of the expression language",
    "1e999": "a number is too large",
    "9" * 400: "a number is too large",
    "(" * 500 + "p" + ")" * 500: "is nested too deeply",
    "-" * 300 + "p": "too long or too deeply nested",
    "+".join(["p"] * 200): "too long or too deeply nested",
    "[" + ",".join(["p"] * 700) + "]": "too long or too deeply nested",
    "+".join(["p"] * 2000): "an expression has at most 2000 characters",
}


@pytest.mark.parametrize("source", REFUSED, ids=lambda source: source[:40])
def test_what_is_not_in_the_language_is_refused_before_anything_is_computed(source: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        check_form(parse(source))
    assert REFUSED[source] in str(caught.value)


FAILS = {
    "'a' * 10 ** 10": "a text stands where a number is needed",
    "sum(range(10 ** 9))": "range(k) makes 1 to 1000 entries, not 1000000000",
    "repeat(1, 5000)": "repeat(x, k) makes 1 to 1000 entries, not 5000",
    "concat(range(1000), [1])": "a list grows longer than 1000 entries",
    "repeat([1.0], 1000) + range(1000)": "a list grows longer than 1000 entries",
    "repeat(range(40), 40)": "a list grows longer than 1000 entries",
    "range(2.5)": "range(k) must be one whole number",
    "range(1 / 0)": "range(k) must be one whole number",
    "range(0)": "range(k) makes 1 to 1000 entries, not 0",
    "v + [1, 2]": "lists of different lengths are combined: 3 entries and 2 entries",
    "w[3]": "index 3 is outside a list of 3 (indices count from 0)",
    "w[-4]": "index -4 is outside a list of 3",
    "w[0 * n - 1]": "index -1 is outside a list of 3",
    "w[0.5]": "an index must be a whole number",
    "w[word]": "a text stands where a number is needed",
    "p[0]": "an index [ ] needs a list of values, not a single one",
    "w[2:1]": "a slice leaves nothing of the list",
    "t[[0, 1]]": "rows of a table are taken one at a time",
    "sum(p)": "sum needs a list of values",
    "entropy(p)": "entropy needs a list of values",
    "p and yes": "a number or text stands where a condition (true or false) is needed",
    "1 if p else 2": "a number or text stands where a condition",
    "1 if case.size else 2": "a number or text stands where a condition",
    "1 if case.list == 2 else 3": "a list of conditions stands where one is needed: use any(…) or all(…)",
    "word == 1": "a text is compared with a number",
    "word < 'b'": "a text stands where a number is needed",
    "'a' if yes else 1": "one branch of 'if … else' is a text and the other a number",
    "[1, 'a']": "a list holds either texts or numbers, not both",
    "[1, [2]]": "the rows of a table must have one length",
    "[]": "the list is empty",
    "w in w": "'in' asks for a single value in a list",
    "'a' ~ p": "only texts and whole numbers can be joined with ~",
    "join(w)": "join needs a list of texts",
    "join(words, 1)": "what join puts between is one text",
    "upper(p)": "a number stands where a text is needed",
    "p|signed": "'|signed' stands after a written number",
    "p|percent": "write how many decimals: percent(n)",
    "p|fixed(20)": "fixed(n) takes 0 to 12, not 20",
    "p|sig(0)": "sig(n) takes 1 to 12, not 0",
    "word|fixed(2)": "a text stands where a number is needed",
    "(0 / 0)|fixed(2)": "a number that is shown is undefined",
    "index(w, 9)": "index(…) looks for a value that is not in the list",
    "one_hot(3, 3)": "one_hot(index, 3) needs one index from 0 to 2",
    "one_hot(0.5, 3)": "one_hot(index, 3) needs one index from 0 to 2",
    "surprisal(2)": "a probability lies in [0, 1]",
    "surprisal(p, base='bit')": "one of 'nats', 'bits', 'bans'",
    "surprisal(p, base=p)": 'base is one text: "nats", "bits" or "bans"',
    "entropy(w)": "a distribution sums to 1 within 1e-09",
    "cross_entropy(v, [0.5, 0.5])": "they must be as many",
    "softmax(w, 0)": "temperature must be above 0",
    "brier_score(v, 0.5)": "needs the index of the gold entry, a whole number",
    "brier_score(v, 3)": "3 classes have indices 0 to 2",
    "repeat('" + "x" * 500 + "', 50) ~ 'y'": "a list of texts grows longer than 20,000 characters",
}


@pytest.mark.parametrize("source", FAILS, ids=lambda source: source[:40])
def test_what_cannot_be_computed_says_so_and_names_the_expression(source: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source)(VALUES)
    assert FAILS[source] in str(caught.value)
    assert source[:60] in str(caught.value)


def test_texts_cannot_be_doubled_without_end() -> None:
    def doubled(text: Any, times: int) -> Any:
        return doubled(parse("a ~ a")({"a": text}), times - 1) if times else text

    assert doubled("ab", 9) == "ab" * 512
    with pytest.raises(ExpressionError, match="longer than 2000 characters"):
        doubled("ab", 200)


def test_the_names_of_an_expression_are_those_it_uses_with_their_fields() -> None:
    names = parse("p * sum(case.words) + given.loss_1 - (q if row.x > 0 else surprisal(p, base=case.base))").names
    assert names == {"p", "q", "case.words", "case.base", "given.loss_1", "row.x"}


def test_a_name_of_the_author_never_meets_one_of_the_language() -> None:
    values = {"sum": np.array([[1.0], [2.0]]), "op_add": 3.0, "result": 4.0, "environment": 5.0, "l_0_x": 6.0}
    assert value("sum(sum) + op_add + result + environment + l_0_x", values) == 21


@pytest.mark.parametrize(
    ("source", "name", "column"), [("q + p", "p", 4), ("pp + p", "p", 5), ("case.p + p", "p", 9), ("row.x", "row.x", 0)]
)
def test_the_place_of_a_name_is_where_it_stands_as_a_word(source: str, name: str, column: int) -> None:
    assert place_of_name(source, name) == column


@pytest.mark.parametrize("source", ["-3 ** 2", "2 ** 3 ** 2", "10**10**10", "(-3) ** 2"])
def test_a_power_that_can_be_read_in_two_ways_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError, match="two ways"):
        check_form(parse(source))
