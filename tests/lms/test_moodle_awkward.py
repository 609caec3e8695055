"""Moodle's traps: what it reads twice, takes for a sign of its own, cuts off or shows alike."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from kinds_answers import cell_there, fraction_there
from kinds_bank import CONCEPTS, HEAD, SECRET, export_of, questions_of
from moodle_engine import Question as There
from moodle_engine import faults, shown_of
from moodle_engine import questions_of as imported

from quizgen.bank import Bank, load_bank
from quizgen.importing.gift import read_gift
from quizgen.importing.moodle_xml import read_moodle_xml
from quizgen.importing.questions import Choice as ReadChoice
from quizgen.importing.questions import Question as Read
from quizgen.lms.back.moodle_cells import Cells
from quizgen.lms.base import Options, Question
from quizgen.lms.formats.moodle.gift import FORMAT as GIFT
from quizgen.lms.formats.moodle.losses import gift_losses, losses
from quizgen.lms.formats.moodle.weights import interval
from quizgen.lms.formats.moodle.xml import FORMAT as XML
from quizgen.lms.formats.moodle.xml import category
from quizgen.lms.packing import in_memory
from quizgen.schemes import Band, Verdict

LATEX, MATHML = Options(math="latex"), Options(math="mathml")
NUMBER = "  number: {kind: numeric, value: n / 7, decimals: 2}\n"
TEMPLATES = {
    "tags": """answers:
  one: {kind: choice, key: "`<mask>`", distractors: ["`<s>`", "p<q", "p<r", "R &", "`&lt;`", "$p<z$", '\\} \\# $\\{a\\}$']}
  tick: {kind: multiple, credit: percent-correct, options: [{text: "the `<mask>`", true_when: true, feedback: "`<a>` &"},
         {text: "the `<eos>`", true_when: true}, {text: "c &", true_when: false, feedback: "`<b>` & p<q"}]}
  joined: {kind: match, pairs: [{left: "begin", right: "`<bos>`"}, {left: "end", right: "p<q &"}]}
""",
    "text": f"""answers:
{NUMBER}  said: {{kind: text, accept: ["AT &", "S&", {{text: "&lt;", credit: 0.5}}, 'a \\}} b \\# c']}}
""",
    "none": f"""answers:
{NUMBER}  tick: {{kind: multiple, credit: none, options: [{{text: "right", true_when: true}},
         {{text: "wrong", true_when: false}}, {{text: "bad", true_when: false}}]}}
""",
    "near": 'answer: {kind: choice, key: "the words are to day", distractors: ["the words are today", "words"]}\n',
    "fractions": 'answer: {kind: choice, key: "$\\\\frac{1}{23}$", distractors: ["$\\\\frac{12}{3}$", "$\\\\frac{7}{9}$"]}\n',
    "strong": 'answer: {kind: choice, key: "so **it** is", distractors: ["so it is", "no"]}\n',
    "pairs-near": """answer:
  kind: match
  pairs: [{left: "to day", right: "$\\\\frac{1}{23}$"}, {left: "today", right: "$\\\\frac{12}{3}$"}]
""",
    "order-latex": "answer: {kind: order, items: ['$\\frac{1}{2}$ first', '$\\frac{1}{3}$ second', '$\\frac{1}{4}$ third']}\n",
    "order-semicolon": 'answer: {kind: order, items: ["ab cd ef;g", "two", "three"]}\n',
    "order-zero": 'answer: {kind: order, items: ["0", "1", "2"]}\n',
    "order-labels": 'answer: {kind: order, items: ["B. one", "C. two", "A. three"]}\n',
    "order-plain": 'answer: {kind: order, items: ["one", "two", "three"]}\n',
    "arrow": 'answer: {kind: text, accept: ["p -> q"]}\n',
    "weight": 'answer: {kind: text, accept: ["%50%"]}\n',
    "format": 'answer: {kind: text, accept: ["[html]ok"]}\n',
    "dash": 'answer: {kind: text, accept: ["-"]}\n',
    "choice-signs": 'answer: {kind: choice, key: "%50% of it", distractors: ["[html] is it", "%0% of it"]}\n',
    "letters": """answer: {kind: multiple, order: fixed, options: [{text: "aa", true_when: true},
         {text: "bb", true_when: false}, {text: "cc", true_when: true}]}
""",
    "hundredths": 'answer: {kind: numeric, value: "n / 100", decimals: 2}\n',
    "many-parts": """answers:
  number: {kind: numeric, weight: 2000, value: n / 7, decimals: 2}
  places: {kind: order, credit: absolute-position, items: [p, q, r, s, t, u, v]}
""",
}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    folder = tmp_path_factory.mktemp("awkward")
    (folder / "concepts.yaml").write_text(CONCEPTS, "utf-8")
    (folder / "mistakes.yaml").write_text("m: {title: A, explanation: B, concept: trial}\n", "utf-8")
    for name, body in TEMPLATES.items():
        draw = 'draw: {n: {integer: [2, 90]}}\nstem: "Take {{ n }}."\n'
        (folder / f"{name}.yaml").write_text(HEAD.format(title=name) + draw + body, "utf-8")
    return load_bank(folder)


def there_of(question: Question, options: Options = LATEX) -> There:
    raw = in_memory(XML.files(export_of([question]), options), "plain")
    assert list(faults(raw)) == []
    (there,) = imported(raw)
    return there


def one(bank: Bank, name: str) -> Question:
    (question,) = questions_of(bank, name, 1)
    return question


def refused(question: Question, options: Options = LATEX) -> list[str]:
    return [loss.what for loss in losses(question, options) if loss.severity == "refused"]


def here(bank: Bank, question: Question, responses: dict[str, str]) -> float:
    template = bank[question.template]
    return template.mark(template.variants_at([question.ordinal], secret=SECRET), 0, responses).fraction


# Embedded answers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [LATEX, MATHML])
def test_what_looks_like_a_tag_is_shown_in_gaps_and_in_what_is_said_of_them(bank: Bank, options: Options) -> None:
    there = there_of(one(bank, "tags"), options)
    menu, ticks, *_ = there.gaps
    shown = {shown_of(choice.text) for choice in menu.answers}
    assert {"<mask>", "<s>", "p<q", "p<r", "R &", "&lt;"} < shown
    if options is LATEX:
        assert {"\\(p<z\\)", "} # \\(\\{a\\}\\)"} < shown
    assert {shown_of(choice.text) for choice in ticks.answers} == {"the <mask>", "the <eos>", "c &"}
    assert {shown_of(choice.said) for choice in ticks.answers} == {"", "<b> & p<q"}
    assert [shown_of(choice.text) for choice in there.gaps[2].answers] == ["<bos>", "p<q &"]


def test_gaps_with_tags_come_back_through_the_importer(bank: Bank) -> None:
    raw = in_memory(XML.files(export_of([one(bank, "tags")]), LATEX), "plain")
    (read,) = read_moodle_xml(raw, "quiz.xml")
    assert isinstance(read, Read)
    menu = read.answers[0].asked
    assert isinstance(menu, ReadChoice)
    texts = repr(menu)
    assert all(text in texts for text in ("<mask>", "<s>", "&lt;"))


def test_an_ampersand_at_the_end_does_not_hold_a_gap_open_and_backslashes_stay(bank: Bank) -> None:
    question = one(bank, "text")
    there = there_of(question)
    said = {choice.text for choice in there.gaps[1].answers}
    assert {"AT &", "S&", "&lt;", "a \\} b \\# c"} <= said
    number = there.gaps[0].answers[0].text
    for text in ("AT &", "s&", "&lt;", "a \\} b \\# c", "S&~no"):
        assert there.filled([number, text]) == pytest.approx(here(bank, question, {"number": number, "said": text})), text


def test_of_one_right_option_to_tick_wrong_ones_take_nothing_off(bank: Bank) -> None:
    question = one(bank, "none")
    there = there_of(question)
    key = there.gaps[0].answers[0].text
    for labels in ("A", "B", "C", "A B", "A B C", "B C"):
        responses = {"number": key, "tick": labels}
        assert fraction_there(question, there, responses) == pytest.approx(here(bank, question, responses)), labels


def test_weights_whose_parts_are_too_unlike_for_whole_numbers_are_said_to_differ(bank: Bank) -> None:
    assert any("rounded to whole numbers" in loss.what for loss in losses(one(bank, "many-parts"), LATEX))
    assert not any("rounded to whole numbers" in loss.what for loss in losses(one(bank, "none"), LATEX))


# Known again in a report --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "options"), [("near", LATEX), ("near", MATHML), ("fractions", LATEX)])
def test_options_that_differ_only_in_spaces_and_braces_are_told_apart(bank: Bank, name: str, options: Options) -> None:
    question = one(bank, name)
    assert refused(question, options) == []
    there = there_of(question, options)
    for label in "ABC":
        cell = cell_there(question, there, {"answer": label})
        assert Cells().taken(question, cell) == ({"answer": label}, {}), cell


def test_pairs_that_differ_only_in_spaces_and_braces_are_told_apart(bank: Bank) -> None:
    question = one(bank, "pairs-near")
    assert refused(question) == []
    there = there_of(question)
    for pairs in ("1-A 2-B", "1-B 2-A"):
        cell = cell_there(question, there, {"answer": pairs})
        assert Cells().taken(question, cell) == ({"answer": pairs}, {}), cell


def test_options_that_a_report_shows_alike_are_refused(bank: Bank) -> None:
    """MathML without its tags shows a fraction as digits."""
    assert any("shows several of its options alike" in what for what in refused(one(bank, "fractions"), MATHML))
    assert any("shows several of its options alike" in what for what in refused(one(bank, "strong")))


@pytest.mark.parametrize("name", ["order-latex", "order-semicolon", "order-zero", "order-labels"])
def test_items_that_a_report_cuts_or_drops_get_letters_and_come_back(bank: Bank, name: str) -> None:
    for question in questions_of(bank, name, 4):
        there = there_of(question)
        for order in ("A B C", "C A B", "B C A"):
            cell = cell_there(question, there, {"answer": order})
            assert Cells().taken(question, cell) == ({"answer": order}, {}), cell


def test_items_that_are_clear_get_no_letters(bank: Bank) -> None:
    assert [answer.text for answer in there_of(one(bank, "order-plain")).answers] == ["one", "two", "three"]


def test_a_short_answer_of_a_hyphen_is_refused(bank: Bank) -> None:
    assert refused(one(bank, "dash")) == ["Moodle's report shows an answer of '-' as if nothing had been typed"]


# Typed --------------------------------------------------------------------------------------------------------------


def test_letters_may_be_typed_in_any_order_with_blanks_or_commas_between(bank: Bank) -> None:
    question = one(bank, "letters")
    there = there_of(question)
    for text in ("AC", "ca", "A C", "C A", "A,C", "c, a"):
        assert there.filled([text]) == here(bank, question, {"answer": text}) == 1, text
    assert any("other ways of typing them are not read" in loss.what for loss in losses(question, LATEX))


def test_a_percent_sign_that_changes_nothing_there_is_told(bank: Bank) -> None:
    question = one(bank, "hundredths")
    there = there_of(question)
    key = there.answers[0].text
    assert there.typed(f"{key}%") == 1
    assert here(bank, question, {"answer": f"{key}%"}) == 0
    assert any("with a % behind it" in loss.what for loss in losses(question, LATEX))


def test_bounds_that_are_too_fine_for_huge_numbers_are_told_as_such(bank: Bank) -> None:
    question = one(bank, "hundredths")
    band = Band(Fraction(26 * 10**15 - 200), Fraction(26 * 10**15 + 200), Verdict(1.0))
    assert interval(band).blurred
    (scheme,) = question.made.schemes
    made = replace(question.made, schemes=(replace(scheme, bands=(band,)),))  # type: ignore[call-arg] # a number
    told = [loss.what for loss in losses(replace(question, made=made), LATEX) if loss.severity == "differs"]
    assert told == ["Moodle keeps 14 digits of a number, which is too few for these bounds"]


# Files --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["A/", "/A", "/", "a/b", "//", "a//"])
def test_slashes_at_the_edges_of_names_stay_apart_from_those_between_them(title: str) -> None:
    path = category(title, title)
    names = [name.strip().replace("//", "/") for name in _split(path)]
    assert names == ["$course$", "top", title, title]


def _split(path: str) -> list[str]:
    return re.split(r"(?<!/)/(?!/)", path)


@pytest.mark.parametrize(("name", "sign"), [("arrow", "->"), ("weight", "%50%"), ("format", "[html]")])
def test_an_accepted_text_that_gift_takes_for_its_own_sign_is_refused(bank: Bank, name: str, sign: str) -> None:
    told = [loss.what for loss in gift_losses(one(bank, name), LATEX) if loss.severity == "refused"]
    assert told == [f"GIFT takes '{sign}' in an accepted text for a sign of its own"]
    assert refused(one(bank, name)) == []


def test_options_that_begin_like_weights_and_formats_come_through_gift(bank: Bank) -> None:
    text = in_memory(GIFT.files(export_of([one(bank, "choice-signs")]), LATEX), "plain").decode()
    assert "=&\\#37;50% of it" in text
    assert "~&\\#91;html] is it" in text
    (read,) = read_gift(text, "quiz.gift")
    assert isinstance(read, Read)
    assert all(words in repr(read.answers) for words in ("%50% of it", "[html] is it", "%0% of it"))
