"""Moodle XML: each kind of question marks as it did there; texts in HTML, files and hostile documents."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from reading_samples import asked, fraction, only, read, reason, shown_options, template, xml, xml_answer, xml_question

from quizgen.errors import QuestionFileError
from quizgen.importing import Question
from quizgen.importing.questions import Choice, Free, InOrder, Number, Pairs, Several, Typed


def one(kind: str, inside: str, text: str = "Which?") -> str:
    return xml(xml_question(kind, inside, text))


AB = xml_answer("<p>bits</p>", 100, "Yes") + xml_answer("<p>nats</p>", 0)


def test_a_single_choice_takes_the_answer_of_100_percent(tmp_path: Path) -> None:
    made = template(tmp_path, one("multichoice", f"<single>true</single><shuffleanswers>1</shuffleanswers>{AB}"), ".xml")
    labels = shown_options(made)
    assert (fraction(made, answer=labels["bits"]), fraction(made, answer=labels["nats"])) == (1, 0)


@pytest.mark.parametrize(("switch", "order"), [("true", True), ("1", True), ("False", True), ("0", False), ("", False)])
def test_switches_are_read_as_moodle_reads_them(switch: str, order: bool, tmp_path: Path) -> None:
    choice = asked(tmp_path, one("multichoice", f"<shuffleanswers>{switch}</shuffleanswers>{AB}"), ".xml")
    assert isinstance(choice, Choice)
    assert choice.shuffled is order


def test_several_choices_get_the_rule_of_their_weights(tmp_path: Path) -> None:
    third = "".join(
        xml_answer(word, weight) for word, weight in [("a", 33.33333), ("b", 33.33333), ("c", 33.33333), ("d", -100)]
    )
    several = asked(tmp_path, one("multichoice", f"<single>false</single>{third}"), ".xml")
    assert isinstance(several, Several)
    assert several.credit == "all"


def test_numbers_keep_tolerance_unit_and_foreseen_mistakes(tmp_path: Path) -> None:
    units = "".join(
        f"<unit><multiplier>{m}</multiplier><unit_name>{name}</unit_name></unit>"
        for m, name in [("1", "nats"), ("1.4427", "bits"), ("100", "cm")]
    )
    inside = (
        xml_answer("0.105", 100, more="<tolerance>0.0005</tolerance>")
        + xml_answer("0.046", 0, "log10", "<tolerance>0</tolerance>")
        + f"<units>{units}</units>"
    )
    question = only(tmp_path, one("numerical", inside), ".xml")
    number = question.answers[0].asked
    assert isinstance(number, Number)
    assert (number.value, number.tolerance, number.unit) == (Decimal("0.105"), Decimal("0.0005"), "nats")
    assert number.accept_units == ("bits",)
    assert question.lost == ("the unit cm (× 100)",)
    made = template(tmp_path, one("numerical", inside), ".xml")
    assert [fraction(made, answer=typed) for typed in ("0.1055", "0.105 nats", "0.1515 bits", "0.106")] == [1, 1, 1, 0]
    mark = made.mark(made.variants(secret=b"import"), 0, {"answer": "0.046"})
    assert made.mistakes[mark.mistake].explanation == "log10"


def test_numbers_that_moodle_would_misread_in_silence_are_refused(tmp_path: Path) -> None:
    for text in ("0,105", "1/3", "2 m", "−1"):
        assert text in reason(tmp_path, one("numerical", xml_answer(text, 100)), ".xml")


def test_short_answers_keep_whether_case_counts(tmp_path: Path) -> None:
    inside = xml_answer("H(p,q)", 100) + xml_answer("CE", 50) + xml_answer("*", 0, "Read again.")
    question = only(tmp_path, one("shortanswer", f"<usecase>1</usecase>{inside}"), ".xml")
    assert isinstance(question.answers[0].asked, Typed)
    assert question.answers[0].asked.case_sensitive
    assert "any other answer" in question.lost[0]
    made = template(tmp_path, one("shortanswer", f"<usecase>1</usecase>{inside}"), ".xml")
    assert [fraction(made, answer=typed) for typed in ("H(p,q)", "h(p,q)", "CE", "ce")] == [1, 0, 0.5, 0]


def test_matching_true_false_ordering_and_essay_are_read(tmp_path: Path) -> None:
    def part(left: str, right: str) -> str:
        return f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"

    pairs = asked(tmp_path, one("matching", part("a", "1") + part("b", "2") + part("", "3")), ".xml")
    assert isinstance(pairs, Pairs)
    assert (pairs.pairs, pairs.extra) == ((("a", "1"), ("b", "2")), ("3",))

    truth = asked(tmp_path, one("truefalse", xml_answer("true", 0) + xml_answer("false", 100, "Well!")), ".xml")
    assert isinstance(truth, Choice)
    assert [(option.text, option.right, option.feedback) for option in truth.options] == [
        ("True", False, ""), ("False", True, "Well!"),
    ]  # fmt: skip

    items = xml_answer("two", 2) + xml_answer("one", 1) + xml_answer("three", 3)
    order = asked(tmp_path, one("ordering", f"<gradingtype>ABSOLUTE_POSITION</gradingtype>{items}"), ".xml")
    assert isinstance(order, InOrder)
    assert (order.items, order.credit) == (("one", "two", "three"), "absolute-position")

    inside = "<maxwordlimit>200</maxwordlimit><graderinfo format='html'><text>Look for gold.</text></graderinfo>"
    free = asked(tmp_path, one("essay", inside), ".xml")
    assert isinstance(free, Free)
    assert (free.words, free.for_markers) == (200, "Look for gold.")
    made = template(tmp_path, one("essay", inside), ".xml")
    shown = repr(made.items(made.variants(secret=b"import")))
    assert "gold" not in shown  # what is for markers is not shown to students


def test_an_ordering_marks_as_its_rule_says(tmp_path: Path) -> None:
    items = "".join(xml_answer(word, place) for place, word in enumerate(["tea", "egg", "jam"], 1))
    made = template(tmp_path, one("ordering", f"<gradingtype>ABSOLUTE_POSITION</gradingtype>{items}"), ".xml")
    labels = shown_options(made)
    assert fraction(made, answer=" ".join(labels[word] for word in ("tea", "egg", "jam"))) == 1
    assert fraction(made, answer=" ".join(labels[word] for word in ("egg", "tea", "jam"))) == pytest.approx(1 / 3)


CLOZE = (
    r"<p>A {1:MULTICHOICE:=\(\frac{1\}{2\}\)#yes~no &#126; way~%50%half} and {2:NM:=3.14:0.01} or "
    r"{:SA:=Paris~%50%Lutetia~%0%Rome#Italy} {1:MR:=red~=blue~green}.</p>"
    r"<table><tr><td>x &amp; y</td><td>{1:MWC:=p \} \~ q}</td></tr></table>"
)


def test_gaps_become_answers_placed_in_the_stem(tmp_path: Path) -> None:
    made = template(tmp_path, one("cloze", "", CLOZE), ".xml")
    first = shown_options(made, "gap_1")
    several = shown_options(made, "gap_4")
    right = {
        "gap_1": first["$\\frac{1}{2}$"], "gap_2": "3.15", "gap_3": "paris", "gap_4": f"{several['red']} {several['blue']}",
        "gap_5": "p } ~ q",
    }  # fmt: skip
    assert fraction(made, **right) == 1
    weights = {"gap_1": 1, "gap_2": 2, "gap_3": 1, "gap_4": 1, "gap_5": 1}
    for name, weight in weights.items():
        assert fraction(made, **{**right, name: ""}) == pytest.approx(1 - weight / 6)
    assert fraction(made, **{**right, "gap_3": "Lutetia"}) == pytest.approx(1 - 0.5 / 6)
    assert fraction(made, **{**right, "gap_5": "P } ~ Q"}) == pytest.approx(5 / 6)
    question = only(tmp_path, one("cloze", "", CLOZE), ".xml")
    assert question.lost == ("gap_1: 50 % for the option “half”, which is simply wrong now",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("No gap {1:multichoice:=a~b}", "no gap"),
        ("{1:SA:=a", "its } is missing"),
        ("{1:NM:=a}", "no number"),
        ("{1:MC:=a}", "too few"),
        ("{0:SA:=a}", "weight is 0"),
        (r"\( x = {1:SA:=a} \)", "a gap stands in a formula"),
        ("<code>{1:SA:=a}</code>", "a gap stands in code"),
        ("<pre>{1:SA:=a}</pre>", "a gap stands in code"),
        ('<a href="http://x.y/{1:SA:=a}">x</a>', "gap_1 stands where no answer can"),
        ("{1:SA:=a}" * 51, "more than 50"),
        ("{1:SA:" + "&a;" * 60 + "\\", "missing"),
    ],
)
def test_gaps_that_make_no_answers_refuse_the_question(text: str, why: str, tmp_path: Path) -> None:
    assert why in reason(tmp_path, one("cloze", "", text), ".xml")


def test_texts_in_html_are_markdown_and_pictures_and_files_are_told(tmp_path: Path) -> None:
    text = '<p>See &nbsp;<b>this</b> \\(x^{{2}}\\) <img src="@@PLUGINFILE@@/map.png" alt="A map"></p><p>$$y$$</p>'
    files = '<file name="map.png" encoding="base64">AAAA</file><file name="data.csv" encoding="base64">AAAA</file>'
    question = only(tmp_path, one("multichoice", f"{AB}{files}", text), ".xml")
    assert question.stem == "See **this** $x^{ {2}}$ [picture: A map]\n\n$$\ny\n$$"
    assert question.lost == ("the picture map.png", "the file data.csv")


def test_feedback_hints_and_tags_find_their_places(tmp_path: Path) -> None:
    inside = (
        '<generalfeedback format="html"><text>It is so.</text></generalfeedback>'
        '<hint format="html"><text>Think.</text></hint><hint format="html"><text></text></hint>'
        "<tags><tag><text>loss</text></tag></tags>"
        '<correctfeedback format="html"><text>Your answer is correct.</text></correctfeedback>'
        '<incorrectfeedback format="html"><text>Look at chapter 3.</text></incorrectfeedback>'
    )
    category = '<question type="category"><category><text>$course$/top/LM</text></category></question>'
    question = only(tmp_path, xml(category, xml_question("multichoice", inside + AB)), ".xml")
    assert (question.solution, question.hints, question.tags) == ("It is so.", ("Think.",), ("LM", "loss"))
    assert question.lost == ("the feedback for any wrong answer: “Look at chapter 3.”",)


def test_descriptions_and_kinds_that_are_not_read_are_refused_by_name(tmp_path: Path) -> None:
    found = read(tmp_path, xml(*(xml_question(kind, "") for kind in ("description", "calculated", "stack"))), ".xml")
    assert not any(isinstance(question, Question) for question in found)
    assert [question.reason for question in found if not isinstance(question, Question)] == [
        "it asks nothing: a description has no answers",
        "questions of type “calculated” are not read",
        "questions of type “stack” are not read",
    ]


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{i} "{"&a" + str(i - 1) + ";" if i else "&a;"}{"&a;" * 10}">' for i in range(1))
    + '<!ENTITY b "&a0;&a0;">]><quiz><question type="essay"><name><text>&b;</text></name></question></quiz>'
)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (LAUGHS.encode(), "entities of its own"),
        (b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>', "document type"),
        (b"<quiz><question>", "not well-formed"),
        (b"<quiz>&nbsp;</quiz>", "not well-formed"),
        (b"<quiz>\0</quiz>", "not well-formed"),
        (b"<quiz>\xff\xfe</quiz>", "not well-formed"),
        (b'<?xml version="1.0" encoding="no-such"?><quiz/>', "encoding"),
        (b"<html></html>", "this is no Moodle XML"),
        (b"", "not well-formed"),
        (b"<quiz></quiz>", "there are no questions"),
    ],
)
def test_a_hostile_or_broken_document_is_one_clear_error(raw: bytes, what: str, tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError) as caught:
        read(tmp_path, raw, ".xml")
    assert what in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_elements_nested_a_hundred_thousand_deep_are_survived(tmp_path: Path) -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    question = only(tmp_path, one("essay", deep), ".xml")
    assert question.title == "A name"
