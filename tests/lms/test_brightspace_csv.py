"""Brightspace's question file: what stands in it, and that its documented marking gives quizgen's marks."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations, product
from pathlib import Path

import pytest
from single_kinds import TEMPLATES, exported, fraction, written

from quizgen.answers.numbers import parse_number
from quizgen.errors import NumberError
from quizgen.folding import worded
from quizgen.items import options_of
from quizgen.lms.base import Export, Options, Question
from quizgen.lms.formats.brightspace_csv import FORMAT
from quizgen.lms.formats.brightspace_csv.intervals import Interval, number_pattern
from quizgen.lms.formats.brightspace_csv.patterns import number_answer, text_answer
from quizgen.lms.formats.brightspace_csv.scoring import SCORED_SETS, way_for_order, way_for_sets
from quizgen.schemes import NumberBands, RightPairs

CARRIED = ["choice", "each-decision", "whole-set", "number", "share", "whole", "near", "order", "pairs", "text", "essay"]

Rows = Sequence[Sequence[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "bank"


def questions_in(package: bytes) -> dict[str, Rows]:
    """The rows of each question by its ID, read from all files of a package."""
    found: dict[str, Rows] = {}
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for name in archive.namelist():
            raw = archive.read(name)
            assert raw.startswith(b"\xef\xbb\xbf")
            block: list[list[str]] = []
            for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True):
                assert len(row) == 5
                if any(row):
                    block.append(row)
                    continue
                found[block[1][1]] = block
                block = []
    return found


def cells(rows: Rows, head: str) -> list[Sequence[str]]:
    return [row[1:] for row in rows if row[0] == head]


def marked(rows: Rows, response: str | Sequence[int]) -> float:
    """What Brightspace gives by its documentation: for a text typed, the places ticked, items in order, or chosen partners."""
    kind = rows[0][1]
    if isinstance(response, str):
        weights = [float(cell[0]) for cell in cells(rows, "Answer") if re.search(cell[1], response)]
        assert len(weights) <= 1, "two answers fit, and which counts is not documented"
        return weights[0] / 100 if weights else 0.0
    if kind == "MC":
        (ticked,) = response
        return float(cells(rows, "Option")[ticked][0]) / 100
    scoring = cells(rows, "Scoring")[0][0]
    if kind == "MS":
        right = [cell[0] == "1" for cell in cells(rows, "Option")]
        t = sum(right[place] for place in response)
        return SCORED_SETS[scoring](t, len(response) - t, sum(right), len(right) - sum(right))
    wanted = [int(cell[0]) - 1 for cell in cells(rows, "Match")] if kind == "M" else range(len(response))
    hits = sum(given == right for given, right in zip(response, wanted, strict=True))
    return float(hits == len(response)) if scoring == "AllOrNothing" else hits / len(response)


def every_response(question: Question, rows: Rows) -> list[tuple[Sequence[int], str]]:
    """Responses to a question with options: as Brightspace has them, and as a student types them on a worksheet."""
    asked = question.asked[0]
    labels = [option.label for option in options_of(asked.interaction)]
    match rows[0][1]:
        case "MC":
            return [([place], label) for place, label in enumerate(labels)]
        case "MS":
            ticks = [[i for i, ticked in enumerate(way) if ticked] for way in product([0, 1], repeat=len(labels))]
            return [(way, " ".join(labels[i] for i in way) or "none") for way in ticks]
        case "O":
            places = asked.scheme.places  # type: ignore[union-attr] # an order's
            return [(way, " ".join(labels[places[i]] for i in way)) for way in permutations(range(len(labels)))]
        case "M":
            scheme = asked.scheme
            assert isinstance(scheme, RightPairs)
            lefts, rights = labels[: len(scheme.partners)], labels[len(scheme.partners) :]
            ways = product(range(len(rights)), repeat=len(lefts))
            typed = ((way, " ".join(f"{left}-{rights[right]}" for left, right in zip(lefts, way, strict=True))) for way in ways)
            return [found for found in typed if len(set(found[0])) == len(found[0])]
    return []


def test_every_response_to_options_earns_what_it_earns_in_quizgen(folder: Path) -> None:
    export = exported(folder, "choice", "each-decision", "whole-set", "order", "pairs")
    rows = questions_in(written(FORMAT, export))
    for question in export.questions():
        responses = every_response(question, rows[question.ident])
        assert responses
        for there, here in responses:
            assert marked(rows[question.ident], there) == pytest.approx(fraction(folder, question, {"answer": here}))


@pytest.mark.parametrize("decimal_comma", [False, True])
def test_numbers_typed_plainly_earn_what_they_earn_in_quizgen(folder: Path, decimal_comma: bool) -> None:
    draw = random.Random(7)
    export = exported(folder, "number", "share", "whole", "near", variants=6, decimal_comma=decimal_comma)
    rows = questions_in(written(FORMAT, export))
    outcomes = {0.0: 0, 0.25: 0, 1.0: 0}
    for question in export.questions():
        for typed in typed_around(question, draw, 25):
            if decimal_comma:
                typed = typed.replace(".", ",")
            here = fraction(folder, question, {"answer": typed})
            if at_the_edge_of_a_mistake(question, typed):
                continue
            assert marked(rows[question.ident], typed) == here, (question.template, typed)
            outcomes[here] += 1
    assert min(outcomes.values()) > 20


def at_the_edge_of_a_mistake(question: Question, typed: str) -> bool:
    """Whether a number lies so near to a bound of a wrong number's band that quizgen does not tell them apart."""
    scheme = question.asked[0].scheme
    assert isinstance(scheme, NumberBands)
    number = Fraction(typed.strip().replace(",", "."))
    return any(abs(number - bound) < 1e-8 for band in scheme.bands[1:] for bound in (band.low, band.high))


def typed_around(question: Question, draw: random.Random, count: int) -> list[str]:
    """Numbers at and about every bound of a question's bands, with up to the 15 digits that quizgen tells apart."""
    scheme = question.asked[0].scheme
    assert isinstance(scheme, NumberBands)
    found = [scheme.typed]
    for band in scheme.bands:
        for bound in (band.low, band.high, (band.low + band.high) / 2):
            steps = (0, 1, -1, *(draw.randint(-500, 500) for _ in range(count // 5)))
            found += [plainly(bound + Fraction(step, 10 ** draw.randint(3, 11)), draw) for step in steps]
    return found


def plainly(number: Fraction, draw: random.Random) -> str:
    """A finite decimal as a student may type it: with idle zeros, a sign, no zero before the point."""
    places = 0
    while number.denominator != 1 and places < 20:
        number, places = number * 10, places + 1
    digits = f"{abs(number.__floor__()):0{places + 1}}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    if places:
        text = draw.choice([text, text + "0", text.removeprefix("0") if text.startswith("0.") else text])
    text = draw.choice([text, text, "0" + text])
    return f"{'-' if number < 0 else draw.choice(['', '', '+'])}{text}{draw.choice(['', ' '])}"


def test_an_interval_is_exact_for_thousands_of_random_numbers() -> None:
    draw = random.Random(11)
    seen = {True: 0, False: 0}
    for _ in range(600):
        low = Fraction(draw.randint(-(10**5), 10**5), 10 ** draw.randint(0, 6))
        width = draw.choice([0, 1, 1, 3]) * Fraction(draw.randint(0, 10**4), 10 ** draw.randint(0, 7))
        interval = Interval(low, low + width, draw.random() < 0.7, draw.random() < 0.7)
        if interval.empty:
            continue
        pattern = re.compile(number_pattern(interval, "[.]"))
        for _ in range(25):
            base = draw.choice([interval.low, interval.high, (interval.low + interval.high) / 2, Fraction(0)])
            typed = plainly(base + Fraction(draw.choice([0, 1, -1, draw.randint(-999, 999)]), 10 ** draw.randint(0, 9)), draw)
            inside = Fraction(typed.strip()) in interval
            assert bool(pattern.fullmatch(typed.strip())) == inside, (interval, typed)
            seen[inside] += 1
    assert min(seen.values()) > 3000


READ = ["{}.", "({})", "~{}", "= {}", "≈{}", "( = {},)", "{},"]


@pytest.mark.parametrize("decimal_comma", [False, True])
def test_what_may_stand_around_a_number_is_read(decimal_comma: bool) -> None:
    pattern = re.compile(number_answer(Interval(Fraction("2.0395"), Fraction("2.0405")), None, "nats", decimal_comma))
    for form in READ:
        for number in ("2.0400", "2.0402", "2.04"):
            typed = form.format(number.replace(".", ",") if decimal_comma else number)
            assert pattern.search(typed), typed
            assert parse_number(typed, decimal_comma=decimal_comma).value == Fraction(number)
    assert pattern.search("2.040." if not decimal_comma else "2,0400.")
    for typed in ("(2.04", "2.04)", "2.04.,", "2.04..", "(2.04).", "2.0411."):
        assert not pattern.search(typed)


@pytest.mark.parametrize("decimal_comma", [False, True])
def test_thousands_that_are_set_apart_are_read(decimal_comma: bool) -> None:
    draw = random.Random(5)
    others = [" ", "'", "’", "." if decimal_comma else ","]
    read = 0
    for _ in range(300):
        low = Fraction(draw.randint(-(10**12), 10**12), 10 ** draw.randint(0, 8)).__floor__()
        interval = Interval(Fraction(low), Fraction(low + draw.choice([0, 1, 10, 10**6])))
        pattern = re.compile(number_answer(interval, None, "", decimal_comma))
        for _ in range(10):
            whole = draw.choice([low, interval.high.__floor__()]) + draw.choice([-1, 0, 1])
            typed = f"{whole:,}".replace(",", draw.choice(others)) + draw.choice(["", "", ",5" if decimal_comma else ".5"])
            inside = parse_number(typed, decimal_comma=decimal_comma).value in interval
            assert bool(pattern.search(typed)) == inside, (interval, typed)
            read += inside and abs(whole) >= 1000
    assert read > 300


def test_a_regular_expression_stays_short() -> None:
    intervals = [
        Interval(Fraction(199_500_000_001), Fraction(220_499_999_999)),
        Interval(Fraction("0.1045"), Fraction("0.1055")),
    ]
    lengths = [len(number_answer(interval, Fraction(1, 100), "", False)) for interval in intervals]
    assert max(lengths) < 4000, lengths


@pytest.mark.parametrize("decimal_comma", [False, True])
def test_no_text_is_taken_for_a_number_that_quizgen_reads_otherwise(decimal_comma: bool) -> None:
    draw = random.Random(3)
    alphabet = [*"0125.,-−+ %e/'’()=~x", "105", "105", "nats", "nat", "\n"]
    bands = [
        Interval(Fraction(1, 2), Fraction(3, 2)),
        Interval(Fraction(-2), Fraction(0)),
        Interval(Fraction(5), Fraction(2105)),
        Interval(Fraction(1105), Fraction(2105105)),
    ]
    taken = 0
    for interval in bands:
        pattern = re.compile(number_answer(interval, Fraction(1, 100), "", decimal_comma))
        for _ in range(6000):
            text = "".join(draw.choice(alphabet) for _ in range(draw.randint(1, 6)))
            if pattern.search(text):
                taken += 1
                assert parse_number(text, decimal_comma=decimal_comma).value in interval, text
    assert taken > 300


def test_numbers_may_have_a_comma_a_percent_sign_a_unit_or_any_minus() -> None:
    share = re.compile(number_answer(Interval(Fraction("0.1045"), Fraction("0.1055")), Fraction(1, 100), "", False))
    assert all(share.search(text) for text in ["0,105", "10.5%", "10.5 %", " .105 ", "+0.105", "00.10550"])
    assert not any(share.search(text) for text in ["10.5", "0.105%", "1/10", "0.105 nats", "x0.105", "0.105 0.2", "0.1056"])
    loss = re.compile(number_answer(Interval(Fraction(-2), Fraction(-1)), None, "nats", False))
    assert all(loss.search(text) for text in ["-1.5", "−1.5 nats", "–2 Nat", "- 1"])
    assert not any(loss.search(text) for text in ["1.5", "-1.5 bits", "-150%"])
    thousands = re.compile(number_answer(Interval(Fraction(1), Fraction(2)), None, "", False))
    assert parse_number("1,234").value == 1234
    assert not thousands.search("1,234")
    assert thousands.search("1,23")


def test_texts_are_taken_as_quizgen_takes_them(folder: Path) -> None:
    export = exported(folder, "text")
    rows = questions_in(written(FORMAT, export))
    for question in export.questions():
        (text, _), *_ = question.asked[0].scheme.accepted  # type: ignore[union-attr] # a text's
        typed = [
            text,
            f"  {text.upper()} ",
            f"{text}.",
            text.replace(" ", "  "),
            text + "x",
            f"{text} again",
            f"not {text}",
            "*",
            "",
        ]
        typed += [
            text.replace("'", "’").replace('"', "“"),
            text.replace(",", ""),
            text.replace(" ", ""),
            text.replace(",", ", "),
        ]
        for response in typed:
            assert marked(rows[question.ident], response) == fraction(folder, question, {"answer": response}), (text, response)


def test_random_changes_of_a_text_never_make_another_text_right() -> None:
    draw = random.Random(5)
    text = "it's 1,5 nats - “so”, (a|b) + C?"
    pattern = re.compile(text_answer(text, False))
    assert pattern.search(text)
    for _ in range(4000):
        changed = list(text)
        for _ in range(draw.randint(1, 3)):
            changed[draw.randrange(len(changed))] = draw.choice(["", " ", ",", "'", "-", "–", "a", "A", ".", "5", "(", "|"])
        if pattern.search("".join(changed)):
            assert worded("".join(changed)) == worded(text), "".join(changed)


@pytest.mark.parametrize(("rule", "right", "wrong", "way"), [
    ("every-decision-counts", 2, 3, "RightAnswers"), ("all-or-nothing", 2, 3, "AllOrNothing"),
    ("percent-correct", 3, 0, "RightAnswers"),
])  # fmt: skip
def test_rules_of_sets_find_the_way_that_is_the_same(rule: str, right: int, wrong: int, way: str) -> None:
    assert (way_for_sets(rule, right, wrong).name, way_for_sets(rule, right, wrong).exact) == (way, True)


def test_rules_that_brightspace_does_not_have_are_marked_otherwise_there() -> None:
    assert not way_for_sets("coverage", 2, 2).exact
    assert not way_for_order("pairs", 4).exact
    assert way_for_order("pairs", 2).exact


def lacking(export: Export, severity: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for question in export.questions():
        for loss in FORMAT.losses(question, Options()):
            if loss.severity == severity:
                found.setdefault(question.template.removeprefix("kinds/"), set()).add(loss.what)
    return found


def test_what_the_file_cannot_carry_is_refused_or_told(folder: Path) -> None:
    export = exported(folder, *TEMPLATES)
    assert lacking(export, "refused").keys() == {"infinite", "distribution", "several"}
    assert lacking(export, "differs").keys() == {"coverage", "order-pairs"}
    assert "lost" in {loss.severity for question in export.questions() for loss in FORMAT.losses(question, Options())}


def test_a_pool_is_a_file_of_its_own_and_the_same_in_every_run(folder: Path) -> None:
    export = exported(folder, *CARRIED)
    package = written(FORMAT, export)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        names = archive.namelist()
    assert names[0] == "01 The choice b.csv"
    assert len(names) == len(CARRIED)
    assert written(FORMAT, exported(folder, *CARRIED)) == package


def test_texts_with_awkward_characters_stand_in_their_cells(folder: Path) -> None:
    export = exported(folder, "choice")
    rows = questions_in(written(FORMAT, export))
    for question in export.questions():
        mine = rows[question.ident]
        assert cells(mine, "Title")[0][0] == f"The choice, <b> & 🙂 [{question.code}]"
        assert f"Question code: {question.code}" in cells(mine, "QuestionText")[0][0]
        assert cells(mine, "QuestionText")[0][1] == "HTML"
        (awkward,) = [row for row in cells(mine, "Option") if "]]&gt;" in row[1]]
        assert "{=}~# &amp; &#x27;quotes&#x27; 🙂 שלום" in awkward[1]
        assert awkward[3] == "One. This is wrong."
        assert not any("\n" in cell for row in mine for cell in row)


def test_an_essay_keeps_its_rubric(folder: Path) -> None:
    (rows, *_) = questions_in(written(FORMAT, exported(folder, "essay"))).values()
    assert rows[0][1] == "WR"
    assert "Names it" in cells(rows, "AnswerKey")[0][0]


def test_the_question_says_what_may_be_typed(folder: Path) -> None:
    (rows, *_) = questions_in(written(FORMAT, exported(folder, "number", decimal_comma=True))).values()
    text = cells(rows, "QuestionText")[0][0]
    assert "Answer in nats, with 3 decimals." in text
    assert "such as 0,5; no fraction" in text


def unreadable(text: str) -> bool:
    try:
        parse_number(text)
    except NumberError:
        return True
    return False


def test_what_quizgen_cannot_read_earns_nothing_there(folder: Path) -> None:
    export = exported(folder, "number")
    rows: Mapping[str, Rows] = questions_in(written(FORMAT, export))
    texts = ["about a third", "1,2,3", "nan", "٣", ""]
    assert all(map(unreadable, texts))
    assert not any(marked(rows[question.ident], text) for question in export.questions() for text in texts)
