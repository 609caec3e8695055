"""Moodle's report of responses, written by hand as Moodle writes it, comes back as what students type on worksheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from kinds_answers import cell_there, combinations_of, cut, gaps_by_answer
from kinds_bank import SECRET, TEMPLATES, export_of, questions_of, write_kinds_bank
from moodle_engine import questions_of as imported
from sample_class import read_rows, write_bank, write_text

from quizgen.bank import Bank, load_bank
from quizgen.errors import SubmissionError
from quizgen.grading import grade
from quizgen.grading.readers.units import Blob
from quizgen.items import Arrange, ChooseOne, Match
from quizgen.lms.back.base import Known, Returned, Unmatched
from quizgen.lms.back.beside import further_files
from quizgen.lms.back.moodle import REPORT
from quizgen.lms.back.moodle_cells import Cells, Taken, parts_of
from quizgen.lms.back.reading import read_back
from quizgen.lms.base import Options, Question, plain_words
from quizgen.lms.export import export_quiz
from quizgen.lms.formats.moodle.weights import interval
from quizgen.lms.formats.moodle.xml import FORMAT
from quizgen.lms.packing import in_memory
from quizgen.lms.record import Record, read_record
from quizgen.quizzes import load_quiz
from quizgen.schemes import NumberBands

WHO = ("Last name", "First name", "ID number", "Email address")
THEN = ("Status", "Started", "Completed", "Duration", "Grade/10.00")
ADA = ("Lovelace", "Ada", "1815", "ada@example.org")
DONE = ("Finished", "14 January 2026  10:00 AM", "14 January 2026  10:12 AM", "12 mins", "7.50")


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_kinds_bank(tmp_path_factory.mktemp("moodle") / "bank")


def report(rows: Sequence[Sequence[str]], *, delimiter: str = ",", bom: bool = True) -> Blob:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return Blob("report.csv", out.getvalue().encode("utf-8-sig" if bom else "utf-8"))


def shown(question: Question) -> str:
    """A question's text as a report shows it: plain, on several lines."""
    return f'What, "then"?\n\nQuestion code: {question.code}'


def read(blob: Blob, *questions: Question) -> list[Returned | Unmatched]:
    assert REPORT.recognises(blob)
    return list(REPORT.read(blob, Known({question.code: question for question in questions})))


def back(question: Question, cell: str) -> Returned:
    """What comes back of a cell."""
    head = (*WHO, *THEN, "Question 1", "Response 1", "Right answer 1")
    (one,) = read(report([head, (*ADA, *DONE, shown(question), cell, "?")]), question)
    assert isinstance(one, Returned)
    assert one.question is question
    return one


def words(question: Question, place: int) -> str:
    interaction = question.asked[0].interaction
    assert isinstance(interaction, ChooseOne | Arrange)
    return plain_words(interaction.options[place].text, question)


# Cells ----------------------------------------------------------------------------------------------------------------


def test_an_option_is_known_by_its_words_whatever_became_of_its_formula(bank: Bank) -> None:
    for question in questions_of(bank, "choice", 3):
        for place, option in enumerate(question.asked[0].interaction.options):  # type: ignore[union-attr] # a choice
            assert back(question, words(question, place)).answers == {"answer": option.label}
        latex = next((o for o in question.asked[0].interaction.options if "1/2" in plain_words(o.text, question)), None)  # type: ignore[union-attr] # the same
        if latex is not None:
            assert back(question, "It is more than \\(\\frac{1}{2}\\).").answers == {"answer": latex.label}


def test_a_hyphen_is_no_answer_and_an_unknown_option_is_rejected(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    assert (back(question, "-").answers, back(question, "-").unread) == ({}, {})
    assert back(question, "Something else").unread["answer"][1] == "'Something else' is none of the options"


def test_ticked_options_are_split_where_they_hold_what_separates_them(bank: Bank) -> None:
    (question,) = questions_of(bank, "set-none", 1)
    options = question.asked[0].interaction.options  # type: ignore[union-attr] # a set
    texts = {option.label: plain_words(option.text, question) for option in options}
    both = [label for label, text in texts.items() if "first; is" in text or "second" in text]
    assert back(question, "; ".join(texts[label] for label in both)).answers == {"answer": " ".join(both)}
    assert "is no list of the options" in back(question, "the first; of all").unread["answer"][1]


def test_numbers_and_texts_come_as_typed(bank: Bank) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    assert back(question, "0,105 nats").answers == {"answer": "0,105 nats"}
    (text,) = questions_of(bank, "text-listed", 1)
    assert back(text, "Salt; of the\nearth").answers == {"answer": "Salt; of the\nearth"}


def test_a_point_is_a_decimal_mark_where_the_quiz_has_commas(bank: Bank) -> None:
    """Moodle reads 1.234 so on any site, but on a worksheet with commas it would be 1234."""
    (question,) = questions_of(bank, "numeric", 1, decimal_comma=True)
    assert back(question, "1.234").answers == {"answer": "1,234"}
    assert back(question, "1,234").answers == {"answer": "1,234"}


def test_pairs_are_read_though_their_texts_hold_what_joins_them(bank: Bank) -> None:
    (question,) = questions_of(bank, "match", 1)
    match = question.asked[0].interaction
    assert isinstance(match, Match)
    lefts = [plain_words(left.text, question) for left in match.lefts]
    rights = [plain_words(right.text, question) for right in match.rights]
    cell = "; ".join(f"{left} -> {right}" for left, right in zip(lefts, rights, strict=False))
    assert back(question, cell).answers == {"answer": "1-A 2-B 3-C"}
    assert back(question, f"{lefts[2]} -> {rights[0]}").answers == {"answer": "3-A"}
    assert "cannot be read as pairs" in back(question, "it -> something").unread["answer"][1]


def test_items_cut_off_in_an_order_are_known_by_how_they_begin(bank: Bank) -> None:
    (question,) = questions_of(bank, "several", 1)
    (lettered,) = questions_of(bank, "order-pairs", 1)
    options = lettered.asked[0].interaction.options  # type: ignore[union-attr] # an order
    items = {option.label: cut(f"{option.label}. {plain_words(option.text, lettered)}") for option in options}
    assert back(lettered, "; ".join(items[label] for label in "CADB")).answers == {"answer": "C A D B"}
    assert question.asked


def test_items_that_cannot_be_told_apart_are_rejected(bank: Bank) -> None:
    (question,) = questions_of(bank, "order-pairs", 1)
    parts = ["an item...", "an item...", "third...", "last"]
    assert "may be several orders or none" in back(question, "; ".join(parts)).unread["answer"][1]


@pytest.mark.parametrize("word", ["part {}: ", "Teil {}: ", "partie {} : ", "{}. rész: ", "部分{}："[:-1] + ":"])
def test_parts_of_a_cell_are_found_in_any_language(word: str) -> None:
    cell = "; ".join(word.format(n) + text for n, text in enumerate(["0.5", "yes: 1; 2", ""], 1))
    assert parts_of(cell, 3) == ["0.5", "yes: 1; 2", ""]
    assert parts_of(cell, 2) is None
    assert parts_of(cell, 4) is None


def test_parts_that_were_typed_into_a_gap_are_not_taken_for_parts() -> None:
    assert parts_of("part 1: a; part 2: b; part 2: c", 2) is None


def test_the_gaps_of_several_answers_come_back_each_to_its_answer(bank: Bank) -> None:
    (question,) = questions_of(bank, "several", 1)
    one = next(asked for asked in question.asked if asked.name == "one")
    chosen = [plain_words(option.text, question) for option in one.interaction.options]  # type: ignore[union-attr] # a choice
    given = [chosen[2], "1.25", "it ~ is", "Right", "Not right", "beta", "", "alpha", "ACB", "is ~1; c", "2 # {3}", ""]
    cell = "; ".join(f"part {n}: {text}" for n, text in enumerate(given, 1))
    places = next(asked for asked in question.asked if asked.name == "places").interaction
    label = {plain_words(option.text, question): option.label for option in places.options}  # type: ignore[union-attr] # an order
    ticks = next(asked for asked in question.asked if asked.name == "ticks").interaction
    ticked = sorted(o.label for o in ticks.options if plain_words(o.text, question) in ("is ~1", "c"))  # type: ignore[union-attr] # a set
    joined = next(asked for asked in question.asked if asked.name == "joined").interaction
    assert isinstance(joined, Match)
    right = next(o.label for o in joined.rights if plain_words(o.text, question) == "2 # {3}")
    assert back(question, cell).answers == {
        "one": "C",
        "number": "1.25",
        "name": "it ~ is",
        "many": "A",
        "places": f"{label['beta']} ? {label['alpha']}",
        "pairs": "ACB",
        "ticks": " ".join(ticked),
        "joined": f"1-{right}",
    }


def test_decisions_that_were_left_open_are_rejected_unless_all_are(bank: Bank) -> None:
    (question,) = questions_of(bank, "set-every-decision-counts", 1)
    count = len(question.asked[0].interaction.options)  # type: ignore[union-attr] # a set

    def cell(*decided: str) -> str:
        return "; ".join(f"part {n}: {text}" for n, text in enumerate(decided, 1))

    assert back(question, cell(*["Not right"] * count)).answers == {"answer": "none"}
    assert back(question, cell(*[""] * count)).answers == {}
    assert "nothing was decided of B" in back(question, cell("Right", "", *["Right"] * (count - 2))).unread["answer"][1]


def test_probabilities_come_back_in_their_order(bank: Bank) -> None:
    (question,) = questions_of(bank, "distribution", 1)
    assert back(question, "part 1: 0.2; part 2: ; part 3: 0.5").answers == {"answer": "0.2; ; 0.5"}


# Rows and columns -----------------------------------------------------------------------------------------------------

GERMAN = (
    *("Nachname", "Vorname", "ID-Nummer", "E-Mail-Adresse", "Status", "Begonnen", "Beendet", "Verbrauchte Zeit"),
    *("Bewertung/10,00", "Frage 1", "Antwort 1", "Richtige Antwort 1"),
)
FRENCH = (
    *("Nom de famille", "Prénom", "Numéro d’identification", "Adresse de courriel", "Statut", "Commencé le", "Terminé"),
    *("Durée", "Note/10,00", "Question 1", "Réponse 1", "Bonne réponse 1"),
)
SPANISH = (
    *("Apellido(s)", "Nombre", "Número de ID", "Dirección de correo", "Estado", "Comenzado el", "Finalizado"),
    *("Tiempo requerido", "Calificación/10,00", "Pregunta 1", "Respuesta 1", "Respuesta correcta 1"),
)


@pytest.mark.parametrize(("head", "delimiter"), [(GERMAN, ";"), (FRENCH, ","), (SPANISH, "\t")])
def test_headings_of_other_languages_are_read(bank: Bank, head: Sequence[str], delimiter: str) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    blob = report([head, (*ADA, *DONE[:4], "7,50", shown(question), "0,105", "0,106")], delimiter=delimiter)
    (one,) = read(blob, question)
    assert isinstance(one, Returned)
    assert (one.student.id, one.student.name, one.student.email) == ("1815", "Ada Lovelace", "ada@example.org")
    assert (dict(one.answers), one.total) == ({"answer": "0,105"}, (7.5, 10.0))


def test_columns_without_right_answers_are_known_by_their_names_or_by_codes(bank: Bank) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    for names in (("Question 1", "Response 1"), ("Klausimas 1", "Atsakymas 1")):
        (one,) = read(report([(*WHO, *THEN, *names), (*ADA, *DONE, shown(question), "0.105")]), question)
        assert isinstance(one, Returned)
        assert dict(one.answers) == {"answer": "0.105"}


def test_different_questions_may_stand_in_one_column(bank: Bank) -> None:
    first, second = questions_of(bank, "numeric", 2)
    rows = [
        (*WHO, *THEN, "Question 1", "Response 1"),
        (*ADA, *DONE, shown(first), "1"),
        ("Babbage", "Charles", "", "cb@example.org", *DONE, shown(second), "2"),
    ]
    found = [(one.student.id, one.question.code) for one in read(report(rows), first, second) if isinstance(one, Returned)]
    assert found == [("1815", first.code), ("cb@example.org", second.code)]


def test_without_the_questions_a_right_answer_that_is_unique_will_do(bank: Bank) -> None:
    first, second = questions_of(bank, "numeric", 2)
    (scheme,) = second.made.schemes
    assert isinstance(scheme, NumberBands)
    exported = interval(scheme.bands[0]).answer
    rows = [(*WHO, *THEN, "Response 1", "Right answer 1"), (*ADA, *DONE, "0.1", exported.replace(".", ","))]
    (one,) = read(report(rows), first, second)
    assert isinstance(one, Returned)
    assert one.question is second


@pytest.mark.parametrize("name", ["choice", "set-none", "match", "order-pairs", "several", "text-listed"])
def test_right_answers_of_every_kind_are_known(bank: Bank, name: str) -> None:
    (question,) = questions_of(bank, name, 1)
    asked = question.asked[0]
    match asked.interaction:
        case Match(_, lefts, rights):
            partners = asked.scheme.partners  # type: ignore[union-attr] # a match
            pairs = [
                (plain_words(a.text, question), plain_words(rights[i].text, question))
                for a, i in zip(lefts, partners, strict=True)
            ]
            cell = (
                "; ".join(f"{left} -> {right}" for left, right in pairs)
                .replace("x ->", "\\(x\\) ->")
                .replace("the x", "the \\(x\\)")
            )
        case Arrange(_, options):
            places = asked.scheme.places  # type: ignore[union-attr] # an order
            cell = "; ".join(cut(f"{options[i].label}. {plain_words(options[i].text, question)}") for i in places)
        case _:
            cell = _right_cell(question)
    (one,) = read(report([(*WHO, *THEN, "Response 1", "Right answer 1"), (*ADA, *DONE, "-", cell)]), question)
    assert isinstance(one, Returned), one


def _right_cell(question: Question) -> str:
    """The right answer as Moodle shows it."""
    if len(question.asked) > 1:
        shown_ = {n: gap for gaps in gaps_by_answer(question).values() for n, gap in gaps}
        return "; ".join(
            f"Teil {n + 1}: "
            + "; ".join(c.text for c in gap.choices if c.fraction > 0 and (gap.form == "MULTIRESPONSE" or c.fraction == 1))
            if gap.form != "SHORTANSWER"
            else f"Teil {n + 1}: {gap.choices[0].text}"
            for n, gap in sorted(shown_.items())
        )
    (asked,) = question.asked
    right = list(combinations_of(question))[-1][asked.name]
    options = getattr(asked.interaction, "options", ())
    if not options:
        return right
    right_labels = [o.label for o, v in zip(options, asked.scheme.verdicts, strict=True) if v.fraction == 1]  # type: ignore[union-attr] # options
    return "; ".join(plain_words(o.text, question) for o in options if o.label in right_labels)


def test_what_cannot_be_matched_says_what_to_switch_on(bank: Bank) -> None:
    first, second = questions_of(bank, "set-every-decision-counts", 2)
    (one,) = read(report([(*WHO, *THEN, "Response 1"), (*ADA, *DONE, "part 1: Right")]), first)
    assert isinstance(one, Unmatched)
    assert "switch on 'question text'" in one.reason
    rows = [(*WHO, *THEN, "Response 1", "Right answer 1"), (*ADA, *DONE, "x", "something")]
    (one,) = read(report(rows), first, second)
    assert isinstance(one, Unmatched)
    assert "no question of this export has this right answer" in one.reason
    rows = [(*WHO, *THEN, "Question 1", "Response 1"), (*ADA, *DONE, "A question of the teacher's", "x")]
    (one,) = read(report(rows), first)
    assert (one.reason, one.row) == ("the question's text has no code of this export", 2)  # type: ignore[union-attr] # unmatched


def test_attempts_that_were_not_handed_in_are_told(bank: Bank) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    rows = [
        (*WHO, *THEN, "Question 1", "Response 1"),
        (*ADA, "-", "-", "-", "-", "-", "-", "-"),
        (*ADA, "In progress", "14 January 2026", "-", "-", "-", shown(question), "0.1"),
    ]
    never, open_ = read(report(rows), question)
    assert isinstance(never, Unmatched)
    assert isinstance(open_, Unmatched)
    assert never.reason == "the student did not begin the quiz"
    assert open_.reason == "the attempt was not handed in (In progress)"


def test_an_essay_that_nobody_has_marked_is_read_like_others(bank: Bank) -> None:
    (question,) = questions_of(bank, "essay", 1)
    rows = [(*WHO, *THEN, "Question 1", "Response 1"), (*ADA, *DONE[:4], "Not yet graded", shown(question), "Because,\nwell.")]
    (one,) = read(report(rows), question)
    assert isinstance(one, Returned)
    assert (dict(one.answers), one.total) == ({"answer": "Because,\nwell."}, None)


def test_workbooks_are_read_too(bank: Bank, tmp_path: Path) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    file = tmp_path / "report.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (*WHO, *THEN, "Question 1", "Response 1", "Right answer 1"))
        sheet.write_row(1, 0, (*ADA, *DONE[:4], 7.5, shown(question), 0.105, "0.106"))
    (one,) = read(Blob("report.xlsx", file.read_bytes()), question)
    assert isinstance(one, Returned)
    assert dict(one.answers) == {"answer": "0.105"}


def test_other_tables_are_not_taken_for_a_report() -> None:
    assert not REPORT.recognises(report([("Last name", "First name", "Grade/10.00", "Q. 1 /5.00")]))
    assert not REPORT.recognises(report([("id", "q1", "q2")]))
    assert not REPORT.recognises(Blob("x", b"\x00\x01"))


def test_a_report_without_responses_is_refused(bank: Bank) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    with pytest.raises(SubmissionError, match="has no responses"):
        read(report([(*WHO, *THEN, "Question 1"), (*ADA, *DONE, shown(question))]), question)


@pytest.mark.parametrize("names", [("Question 1", "Right answer 1"), ("Frage 1", "Richtige Antwort 1"), ("Right answer 1",)])
def test_right_answers_are_not_taken_for_responses(bank: Bank, names: Sequence[str]) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    cells = {"Q": shown(question), "F": shown(question), "R": "0.105"}
    with pytest.raises(SubmissionError, match="has no responses"):
        read(report([(*WHO, *THEN, *names), (*ADA, *DONE, *(cells[name[0]] for name in names[:1]), "0.105")]), question)


def test_right_answers_are_not_taken_for_responses_in_a_language_that_is_not_known(bank: Bank) -> None:
    first, second = questions_of(bank, "numeric", 2)
    right = [interval(one.made.schemes[0].bands[0]).answer for one in (first, second)]  # type: ignore[union-attr] # numbers
    head = (*WHO, *THEN, "Klausimas 1", "Kas nors 1")
    rows = [(*ADA, *DONE[:4], "0.00", shown(first), right[0]), ("B", "B", "2", "b@x.org", *DONE, shown(second), right[1])]
    with pytest.raises(SubmissionError, match="has no responses"):
        read(report([head, *rows]), first, second)
    full = [(*ADA, *DONE[:4], "10.00", shown(first), right[0])]
    assert all(isinstance(one, Returned) for one in read(report([head, *full]), first, second))


@pytest.mark.parametrize("names", [("1. kérdés", "1. válasz"), ("试题 1", "作答 1"), ("1. klausimas", "1. atsakymas")])
def test_headings_may_have_the_number_first(bank: Bank, names: Sequence[str]) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    (one,) = read(report([(*WHO, *THEN, *names), (*ADA, *DONE, shown(question), "0.105")]), question)
    assert isinstance(one, Returned)
    assert dict(one.answers) == {"answer": "0.105"}


def test_a_heading_that_looks_like_a_grade_is_none_where_another_follows(bank: Bank) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    head = (*WHO, "Cohort 2025/26", "Telefonnummer", *THEN, "Question 1", "Response 1")
    (one,) = read(report([head, (*ADA[:2], "", ADA[3], "A", "555", *DONE, shown(question), "0.1")]), question)
    assert isinstance(one, Returned)
    assert (one.student.id, one.total) == ("ada@example.org", (7.5, 10.0))


def test_a_report_without_grades_is_read(bank: Bank) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    head = (*WHO, "Cohort 2025/26", *THEN[:4], "Question 1", "Response 1")
    (one,) = read(report([head, (*ADA, "A", *DONE[:4], shown(question), "0.1")]), question)
    assert isinstance(one, Returned)
    assert (one.student.id, one.total, one.submitted) == ("1815", None, "14 January 2026 10:12 AM")


def test_attempts_of_one_name_are_not_taken_for_one_person(bank: Bank) -> None:
    (question,) = questions_of(bank, "numeric", 1)
    head = (*WHO[:2], *THEN, "Question 1", "Response 1")
    rows = [("Smith", "Jo", *DONE, shown(question), text) for text in ("1", "2")]
    found = read(report([head, *rows, ("Doe", "Jo", *DONE, shown(question), "3")]), question)
    assert [isinstance(one, Unmatched) for one in found] == [True, True, False]
    assert "may be of several people" in found[0].reason  # type: ignore[union-attr] # unmatched
    assert [one.text for one in found[:2]] == ["1", "2"]  # type: ignore[union-attr] # unmatched


@pytest.mark.parametrize("math", ["latex", "mathml"])
@pytest.mark.parametrize("name", sorted(set(TEMPLATES) - {"essay"}))
def test_every_response_comes_back_to_the_same_mark(bank: Bank, name: str, math: str) -> None:
    template = bank[name]
    for question in questions_of(bank, name, 2):
        (there,) = imported(in_memory(FORMAT.files(export_of([question]), Options(math=math)), "plain"))  # type: ignore[arg-type] # both are
        variants = template.variants_at([question.ordinal], secret=SECRET)
        for typed in combinations_of(question):
            cell = cell_there(question, there, typed)
            one = back(question, cell)
            assert one.unread == {}, cell
            if cell != "-":
                here, again = (template.mark(variants, 0, dict(some)).fraction for some in (typed, one.answers))
                assert again == pytest.approx(here), (cell, one.answers, typed)


# The whole way --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("attempts", "expected"), [("last", "0"), ("first", "1"), ("best", "1")])
def test_a_quiz_comes_back_and_is_marked(tmp_path: Path, attempts: str, expected: str) -> None:
    bank = load_bank(write_bank(tmp_path / "bank"))
    quiz = load_quiz(write_text(tmp_path / "quiz.yaml", "title: A\nitems: [{template: calc/surprisal, points: 2}]\n"))
    done = export_quiz(quiz, bank, FORMAT, tmp_path / "quiz.xml", variants=3, secret=SECRET)
    record = read_record(done.manifest)
    with record.bank() as kept:
        question = list(record.questions(kept))[1]
    (scheme,) = question.made.schemes
    assert isinstance(scheme, NumberBands)
    rows = [
        (*WHO, *THEN, "Question 1", "Response 1"),
        (*ADA, *DONE[:4], "10.00", shown(question), scheme.typed.replace(".", ",")),
        (*ADA, *DONE[:4], "0.00", shown(question), "12345"),
    ]
    path = tmp_path / "report.csv"
    path.write_bytes(report(rows).raw)
    again = read_back(record, [path], attempts)  # type: ignore[arg-type] # one of the policies
    grade(again.manifest, again.submissions, tmp_path / "out", beside=further_files(again.manifest, again, "moodle", None))
    (mark,) = read_rows(tmp_path / "out" / "marks.csv")
    assert (mark["student"], mark["fraction"]) == ("1815", expected)
    (row,) = read_rows(tmp_path / "out" / "gradebook-moodle.csv")
    assert read_rows(tmp_path / "out" / "lms-marks.csv") == []
    assert (row["ID number"], row["Email address"], row["First name"]) == ("1815", "ada@example.org", "Ada")
    assert row["A (Real)"] == ("2" if expected == "1" else "0")


def test_a_grade_that_differs_from_moodles_is_listed_for_the_whole(tmp_path: Path) -> None:
    bank = load_bank(write_bank(tmp_path / "bank"))
    quiz = load_quiz(write_text(tmp_path / "quiz.yaml", "title: A\nitems: [{template: calc/surprisal, points: 2}]\n"))
    record = read_record(export_quiz(quiz, bank, FORMAT, tmp_path / "quiz.xml", variants=1, secret=SECRET).manifest)
    with record.bank() as kept:
        (question,) = record.questions(kept)
    (scheme,) = question.made.schemes
    assert isinstance(scheme, NumberBands)
    rows = [
        (*WHO, *THEN, "Question 1", "Response 1"),
        (*ADA, *DONE[:4], "0.00", shown(question), scheme.typed.replace(".", ",")),
    ]
    (tmp_path / "report.csv").write_bytes(report(rows).raw)
    again = read_back(record, [tmp_path / "report.csv"])
    grade(again.manifest, again.submissions, tmp_path / "out", beside=further_files(again.manifest, again, None, None))
    (row,) = read_rows(tmp_path / "out" / "lms-marks.csv")
    assert (row["item"], row["there"], row["here"]) == ("", "0", "1")
    assert row["why"].startswith("quizgen reads or credits what the LMS does not")


def sent_out(folder: Path) -> tuple[Record, Question]:
    """An export of one question, with its manifest."""
    bank = load_bank(write_bank(folder / "bank"))
    quiz = load_quiz(write_text(folder / "quiz.yaml", "title: A\nitems: [{template: calc/surprisal, points: 2}]\n"))
    record = read_record(export_quiz(quiz, bank, FORMAT, folder / "quiz.xml", variants=1, secret=SECRET).manifest)
    with record.bank() as kept:
        (question,) = record.questions(kept)
    return record, question


def marked(record: Record, folder: Path, *rows: Sequence[str]) -> Path:
    """The folder of results of a report."""
    (folder / "report.csv").write_bytes(report([(*WHO, *THEN, "Question 1", "Response 1"), *rows]).raw)
    again = read_back(record, [folder / "report.csv"])
    grade(again.manifest, again.submissions, folder / "out", beside=further_files(again.manifest, again, "moodle", None))
    return folder / "out"


CREDITED = """title: Bits
concept: calculating-cross-entropy-loss
level: apply
minutes: 1
cases: [{n: 17}]
stem: "{{ case.n }} / 8, {{ answer.small }} and {{ answer.big }}?"
answers:
  small: {kind: numeric, value: case.n / 8, decimals: 3}
  big: {kind: numeric, value: case.n * 125, decimals: 0}
"""


@pytest.mark.parametrize(
    ("heading", "grade_told", "small", "big", "expected"),
    [
        ("Bewertung/2,00", "1,00", "2,125", "1", ("2.125", "1")),  # Moodle gave a mark to 2.125 alone
        ("Bewertung/2,00", "1,00", "9", "2,125", ("9", "2,125")),  # and here to 2125
        ("Bewertung/2,00", "0,00", "3,125", "1", ("3.125", "1")),  # wrong in either way
        ("Bewertung/2,00", "2,00", "2,125", "1", (None, "1")),  # neither explains the grade
        ("Bewertung/2,00", "-", "2,125", "1", (None, "1")),
        ("Grade/2.00", "1.00", "2,125", "0,25", ("2.125", "0,25")),  # a comma in another response
        ("Grade/2.00", "0.00", "2,125", "1", ("2,125", "1")),  # nothing speaks of commas
    ],
)
def test_a_comma_that_may_group_is_read_as_the_report_shows_others_and_moodle_marked_it(
    heading: str, grade_told: str, small: str, big: str, expected: tuple[str | None, str], tmp_path: Path
) -> None:
    folder = write_bank(tmp_path / "bank")
    write_text(folder / "calc" / "bits.yaml", CREDITED)
    quiz = load_quiz(write_text(tmp_path / "quiz.yaml", "title: A\nitems: [{template: calc/bits, points: 2}]\n"))
    record = read_record(
        export_quiz(quiz, load_bank(folder), FORMAT, tmp_path / "quiz.xml", variants=1, secret=SECRET).manifest
    )
    with record.bank() as kept:
        (question,) = record.questions(kept)
    head = (*WHO, *THEN[:4], heading, "Frage 1", "Antwort 1")
    cell = f"Teil 1: {small}; Teil 2: {big}"
    path = tmp_path / "report.csv"
    path.write_bytes(report([head, (*ADA, *DONE[:4], grade_told, shown(question), cell)]).raw)
    submissions = read_back(record, [path]).submissions
    told = {field.rpartition(".")[2]: text for _, field, text, *_ in submissions.responses.iter_rows()}
    assert (told.get("q1_small", told.get("small")), told.get("q1_big", told.get("big"))) == expected
    rejected = submissions.rejected["reason"].to_list()
    assert len(rejected) == (expected[0] is None)
    assert all("divides or sets thousands apart" in reason for reason in rejected)


def test_the_attempt_that_was_handed_in_last_counts_in_whatever_row_it_stands(tmp_path: Path) -> None:
    record, question = sent_out(tmp_path)
    right = question.asked[0].scheme.typed  # type: ignore[union-attr] # a number
    late = ("Finished", "15 January 2026  10:00 AM", "15 January 2026  10:12 AM", "12 mins", "0.00")
    out = marked(record, tmp_path, (*ADA, *late, shown(question), "77"), (*ADA, *DONE[:4], "10.00", shown(question), right))
    assert [(row["response"], row["outcome"]) for row in read_rows(out / "marks.csv")] == [("77", "wrong")]


def test_an_empty_attempt_that_was_handed_in_has_earned_nothing(tmp_path: Path) -> None:
    record, question = sent_out(tmp_path)
    out = marked(record, tmp_path, (*ADA, *DONE[:4], "0.00", shown(question), "-"))
    (row,) = read_rows(out / "gradebook.csv")
    assert (row["submitted"], row["total"]) == ("yes", "0")
    (row,) = read_rows(out / "gradebook-moodle.csv")
    assert row["A (Real)"] == "0"


def test_what_cannot_be_read_is_counted_and_no_grade_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record, question = sent_out(tmp_path)

    def unclear(self: object, question: Question, cell: str) -> Taken:
        return {}, {"answer": (cell, "cut off")}

    monkeypatch.setattr(Cells, "taken", unclear)
    out = marked(record, tmp_path, (*ADA, *DONE, shown(question), "0.1..."))
    (row,) = read_rows(out / "gradebook.csv")
    assert row["unreadable"] == "1"
    assert read_rows(out / "gradebook-moodle.csv") == []
    (row,) = read_rows(out / "lms-marks.csv")
    assert "see rejected.csv" in row["why"]
