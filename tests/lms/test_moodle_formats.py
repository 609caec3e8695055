"""Moodle XML and GIFT as files: categories, ids, texts, what is told, and what quizgen's own importers make of them."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from kinds_bank import TEMPLATES, export_of, questions_of, write_kinds_bank
from moodle_engine import faults
from moodle_engine import questions_of as imported

from quizgen.bank import Bank, load_bank
from quizgen.importing.gift import read_gift
from quizgen.importing.moodle_xml import read_moodle_xml
from quizgen.importing.questions import Choice, InOrder, Number, Pairs, Several, Typed
from quizgen.importing.questions import Question as Read
from quizgen.items import Filled, Text
from quizgen.lms.base import Loss, Options, Question
from quizgen.lms.export import export_quiz
from quizgen.lms.formats.moodle.gift import FORMAT as GIFT
from quizgen.lms.formats.moodle.losses import gift_losses, losses
from quizgen.lms.formats.moodle.weights import interval, is_listed, percent
from quizgen.lms.formats.moodle.xml import FORMAT as XML
from quizgen.lms.packing import in_memory
from quizgen.quizzes import load_quiz
from quizgen.schemes import Band, NumberBands, RightOrder, Verdict

LATEX = Options(math="latex")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_kinds_bank(tmp_path_factory.mktemp("moodle") / "bank")


def xml_of(questions: list[Question]) -> bytes:
    return in_memory(XML.files(export_of(questions), LATEX), "plain")


def gift_of(questions: list[Question]) -> str:
    return in_memory(GIFT.files(export_of(questions), LATEX), "plain").decode()


def told(question: Question, severity: str) -> list[str]:
    return [str(loss) for loss in losses(question, LATEX) if loss.severity == severity]


def test_each_pool_is_a_category_of_the_quiz_with_slashes_kept_apart(bank: Bank) -> None:
    raw = xml_of(questions_of(bank, "choice", 2))
    assert {question.category for question in imported(raw)} == {"$course$/top/A // quiz &lt;b>/1. Some // question"}
    assert b"add one random question from here, for 3 points" in raw


def test_questions_have_stable_ids_tags_hints_and_the_solution(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    (there,) = imported(xml_of([question]))
    assert there.idnumber == question.ident
    assert {"trial", "apply", "choice"} <= set(there.tags)
    assert there.hints == ["Read {it} #again ~ &amp; on."]
    assert there.element.findtext("penalty") == "0"
    assert there.element.findtext("defaultgrade") == "3.0000000"
    assert there.solution == "<p>See ]]&gt; \\(\\frac{1}{2}\\) &amp; {x}.</p>"
    assert f"Question code: {question.code}" in there.text


def test_awkward_names_keep_their_code_and_hold_no_tag(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    (there,) = imported(xml_of([question]))
    assert there.name.startswith(']]> {=}~# & &lt;b>x&lt;/b> \\\\ 100% "q" ’ 🙂 שלום')
    assert there.name.endswith(f"[{question.code}]")
    item = replace(question.made.keyed.item, title="t" * 300)
    made = replace(question.made, keyed=replace(question.made.keyed, item=item))
    (there,) = imported(xml_of([replace(question, made=made)]))
    assert len(there.name) == 255
    assert there.name.endswith(f"… [{question.code}]")


def test_the_end_of_character_data_and_controls_inside_a_text_are_harmless(bank: Bank) -> None:
    (question,) = questions_of(bank, "text", 1)
    item = replace(question.made.keyed.item, stem=Filled(Text("a ]]> b\x07 `]]>` c")))
    made = replace(question.made, keyed=replace(question.made.keyed, item=item))
    (there,) = imported(xml_of([replace(question, made=made)]))
    assert "a ]]&gt; b <code>]]&gt;</code> c" in there.text


def test_the_same_questions_give_the_same_bytes_in_pieces_of_one_question(bank: Bank) -> None:
    questions = questions_of(bank, "several", 3)
    first, again = xml_of(questions), xml_of(questions_of(bank, "several", 3))
    assert first == again
    (file,) = XML.files(export_of(questions), LATEX)
    assert len(list(file.chunks)) == 1 + 2 + len(questions) + 1


@pytest.mark.parametrize("quiz", ["sample-homework", "warm-up"])
def test_a_shipped_quiz_is_imported_without_a_fault(quiz: str, tmp_path: Path) -> None:
    out = tmp_path / "quiz.xml"
    done = export_quiz(
        load_quiz(ROOT / "question_bank" / "quizzes" / f"{quiz}.yaml"),
        load_bank(),
        XML,
        out,
        variants=1,
        approximate=True,
        secret=b"k" * 32,
    )
    raw = out.read_bytes()
    assert done.left_out == ()
    assert list(faults(raw)) == []
    assert len(imported(raw)) == done.questions
    assert all(isinstance(one, Read) for one in read_moodle_xml(raw, "quiz.xml"))


def test_bounds_are_the_answer_and_its_tolerance_in_plain_decimals() -> None:
    def there(low: str, high: str) -> tuple[str, str]:
        made = interval(Band(Fraction(low), Fraction(high), Verdict(1.0)))
        assert not made.blurred
        return made.answer, made.tolerance

    assert there("0.1045", "0.1055") == ("0.105", "0.0005")
    assert there("9", "12") == ("10.5", "1.5")
    assert there("-0.0000002", "0.0000001") == ("-0.00000005", "0.00000015")
    assert there("570", "570") == ("570", "0")
    answer, tolerance = there("1.23456789012345678", "1.23457789012345678")
    assert (len(answer), answer) == (15, "1.2345728901235")
    assert Fraction(answer) - Fraction(tolerance) <= Fraction("1.23456789012345678")
    assert Fraction(answer) + Fraction(tolerance) >= Fraction("1.23457789012345678")


def test_numbers_that_moodle_does_not_tell_apart_are_named(bank: Bank) -> None:
    (question,) = questions_of(bank, "narrow", 1)
    scheme = question.made.schemes[0]
    assert isinstance(scheme, NumberBands)
    tiny = Band(Fraction("1e-15"), Fraction("2e-15"), Verdict(1.0))
    made = replace(question.made, schemes=(replace(scheme, bands=(tiny,)),))
    assert any("takes numbers for equal" in what for what in told(replace(question, made=made), "differs"))
    infinite = replace(question.made, schemes=(replace(scheme, bands=()),))
    assert told(replace(question, made=infinite), "refused") == ["Moodle has no infinite number"]


@pytest.mark.parametrize(("fraction", "listed"), [(1, True), (1 / 3, True), (-1 / 7, True), (0.45, False), (1 / 11, False)])
def test_fractions_of_moodles_list_are_known(fraction: float, listed: bool) -> None:
    assert is_listed(fraction) is listed
    assert float(percent(fraction)) == pytest.approx(100 * fraction, abs=1e-5)


def test_an_order_whose_items_begin_alike_shows_their_letters(bank: Bank) -> None:
    (question,) = questions_of(bank, "order-pairs", 1)
    (there,) = imported(xml_of([question]))
    assert isinstance(question.made.schemes[0], RightOrder)
    assert all(re.match(r"[A-D]\. ", answer.text) for answer in there.answers)
    assert len({answer.text[:7] for answer in there.answers}) == 4


def test_what_is_not_carried_is_told(bank: Bank) -> None:
    (numeric,) = questions_of(bank, "numeric", 1)
    assert any("decimal comma" in what for what in told(numeric, "lost"))
    assert any("other units (bits)" in what for what in told(numeric, "lost"))
    (several,) = questions_of(bank, "several", 1)
    assert any("percentage" in what for what in told(several, "lost"))
    assert told(several, "refused") == told(several, "differs") == []
    (essay,) = questions_of(bank, "essay", 1)
    schemes = (*several.made.schemes[:-1], essay.made.schemes[0])
    made = replace(several.made, schemes=schemes)
    assert told(replace(several, made=made), "refused") == ["an essay cannot stand beside other answers"]


def test_an_option_that_shows_nothing_is_refused(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    asked = question.asked[0].interaction
    options = (replace(asked.options[0], text=Filled(Text(" ", inline=True))), *asked.options[1:])  # type: ignore[union-attr] # a choice
    item = replace(question.made.keyed.item, interactions=(("answer", replace(asked, options=options)),))  # type: ignore[arg-type] # the same
    made = replace(question.made, keyed=replace(question.made.keyed, item=item))
    assert told(replace(question, made=made), "refused") == ["Moodle drops an option without text, such as A"]


def test_options_that_a_menu_would_show_alike_are_refused(bank: Bank) -> None:
    (question,) = questions_of(bank, "several", 1)
    item = question.made.keyed.item
    interactions = dict(item.interactions)
    one = interactions["one"]
    alike = (Text("the same", inline=True), Text("**the same**", inline=True), Text("another", inline=True))
    options = tuple(replace(option, text=Filled(text)) for option, text in zip(one.options, alike, strict=True))  # type: ignore[union-attr] # a choice
    interactions["one"] = replace(one, options=options)  # type: ignore[call-arg] # the same
    made = replace(
        question.made, keyed=replace(question.made.keyed, item=replace(item, interactions=tuple(interactions.items())))
    )
    assert told(replace(question, made=made), "refused") == ["options that differ only in their markup are one in a menu"]


# Read by quizgen's own importers --------------------------------------------------------------------------------------

KINDS = {
    "choice": Choice,
    "numeric": Number,
    "text-listed": Typed,
    "match": Pairs,
    "order-pairs": InOrder,
    "set-false": Several,
}


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_xml_comes_back_through_the_importer(bank: Bank, name: str, kind: type) -> None:
    (question,) = questions_of(bank, name, 1)
    (read,) = read_moodle_xml(xml_of([question]), "quiz.xml")
    assert isinstance(read, Read)
    (answer,) = read.answers
    assert isinstance(answer.asked, kind)
    if isinstance(answer.asked, Several | InOrder):
        assert answer.asked.credit == name.partition("-")[2]
    if isinstance(answer.asked, Number):
        (scheme,) = question.made.schemes
        assert isinstance(scheme, NumberBands)
        assert float(answer.asked.value) == pytest.approx(float(scheme.bands[0].low + scheme.bands[0].high) / 2)


def test_gaps_come_back_through_the_importer_with_their_weights(bank: Bank) -> None:
    (read,) = read_moodle_xml(xml_of(questions_of(bank, "several", 1)), "quiz.xml")
    assert isinstance(read, Read)
    whole = sum(answer.weight for answer in read.answers)
    shares = [Fraction(answer.weight, whole) for answer in read.answers]
    assert len(shares) == 12
    assert sorted(shares)[0] == Fraction(1, 3) / Fraction("8.5")  # a place of three, of the weights 2, 1, 0.5, 1, 1, 1, 1, 1


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_gift_comes_back_through_the_importer_or_is_refused(bank: Bank, name: str) -> None:
    questions = questions_of(bank, name, 2)
    refused = [loss for question in questions for loss in gift_losses(question, LATEX) if loss.severity != "lost"]
    if refused:
        assert refused[0] in (
            Loss("refused", "GIFT has no questions with an order; Moodle XML has"),
            Loss("refused", "GIFT has no questions with embedded answers; Moodle XML has"),
            Loss("differs", "GIFT cannot say that capital letters count", "answer"),
        )
        return
    read = read_gift(gift_of(questions), "quiz.gift")
    from_xml = read_moodle_xml(xml_of(questions), "quiz.xml")
    assert all(isinstance(one, Read) for one in read), read
    for gift, xml in zip(read, from_xml, strict=True):
        assert isinstance(gift, Read)
        assert isinstance(xml, Read)
        assert gift.stem == xml.stem
        assert gift.solution == xml.solution
        if name != "essay":  # the notes for who marks it are told to be lost
            assert repr(gift.answers).replace("shuffled=True", "shuffled=False") == repr(xml.answers)


def test_gift_has_categories_ids_and_no_blank_line_inside_a_question(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    text = gift_of([question])
    assert "$CATEGORY: $course$/top/A // quiz &lt;b>/1. Some // question\n\n" in text
    assert f"// [id:{question.ident}] [tag:trial]" in text
    assert len(text.strip().split("\n\n")) == 3
