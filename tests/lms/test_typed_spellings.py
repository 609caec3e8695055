"""What students type where a system compares it with a list; and what the question says of marking there."""

from __future__ import annotations

import io
import re
import zipfile
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
from canvas_importer import grade
from qti_bank import write_bank
from single_kinds import exported
from single_kinds import written as package_of
from test_brightspace_csv import cells, questions_in
from test_canvas import export_of, numeric, questions_of, trials
from test_cartridge import items_in

from quizgen.answers.multiple import CREDIT as SETS
from quizgen.answers.order import CREDIT as ORDERS
from quizgen.lms.base import Loss, Options
from quizgen.lms.formats.brightspace_csv import FORMAT as QUESTION_FILE
from quizgen.lms.formats.brightspace_csv.scoring import SCORED_SETS, TOLD_SETS
from quizgen.lms.formats.cc11 import FORMAT as CARTRIDGE
from quizgen.lms.formats.qti12.brightspace import FORMAT as BRIGHTSPACE
from quizgen.lms.formats.qti12.canvas import FORMAT
from quizgen.lms.formats.qti12.spellings import number_spellings
from quizgen.lms.packing import in_memory

TINY = """draw: {n: {integer: [2, 90]}}
stem: "{{ n }}"
answer: {kind: numeric, value: n * 1e-13, sigfigs: 2}
"""


def losses(body: str, folder: Path) -> list[Loss]:
    (question,) = questions_of(numeric(body, folder), "number", 1)
    return list(FORMAT.losses(question, Options()))


def test_why_a_number_that_is_typed_with_a_power_of_ten_is_refused_is_said(tmp_path: Path) -> None:
    (refused,) = [loss for loss in losses(TINY, tmp_path) if loss.severity == "refused"]
    assert "typed with a power of ten" in refused.what
    assert re.fullmatch(r"[0-9.]+e-1[0-9]", refused.example)
    assert str(refused) == f"{refused.what}, such as {refused.example}"
    assert "no rounding" not in refused.what


@pytest.mark.parametrize("accepted", ["Bayes' rule", "Bayes’ rule"])
def test_both_shapes_of_an_apostrophe_are_accepted(accepted: str, tmp_path: Path) -> None:
    bank = numeric(f'stem: Which?\nanswer: {{kind: text, accept: ["{accepted}"]}}\n', tmp_path)
    (trial,) = trials(bank, "number", 1)
    for typed in ("Bayes' rule", "Bayes’ rule", "bayes’ rule"):
        assert grade(trial.imported, typed) == trial.ours({"answer": typed}) == 1


def test_letters_are_accepted_as_students_type_them(tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank")
    seen = set()
    for trial in trials(bank, "many-all-or-nothing", 12):
        if trial.imported.kind != "short_answer_question":
            continue  # one right option, or none wrong: what is ticked is marked so too
        letters = trial.specimens["answer"].right[0].split()
        forms = ["none of them"] if letters == ["none"] else []
        for order in permutations(letters) if len(letters) <= 3 and not forms else ():
            forms += ["".join(order), "".join(order).lower(), "; ".join(order), ", ".join(order), " ".join(order)]
            if len(order) > 1:
                forms.append(f"{', '.join(order[:-1])} and {order[-1]}")
        seen.add(len(letters))
        for typed in forms:
            assert grade(trial.imported, typed) == trial.ours({"answer": typed}) == 1, typed
        assert any(loss.severity == "lost" and "reads the letters alone" in loss.what for loss in trial.losses)
    assert seen >= {1, 2}
    for trial in trials(bank, "order-all-or-nothing", 2):
        letters = trial.specimens["answer"].right[0].split()
        for typed in (">".join(letters), " > ".join(letters), ";".join(letters)):
            assert grade(trial.imported, typed) == trial.ours({"answer": typed}) == 1, typed
        assert grade(trial.imported, "".join(reversed(letters))) == 0


def test_shares_of_a_hundred_are_decimals_for_brightspace(tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank")
    export = export_of(questions_of(bank, "several", 1))
    package = in_memory(BRIGHTSPACE.files(export, Options()), "zip")
    text = library(package)
    scores = re.findall(r'<setvar action="Set">([0-9.]+)</setvar>', text)
    assert any("." in score for score in scores)
    assert 'vartype="Integer"' not in text
    assert 'vartype="Decimal"' in text


def library(package: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read("questiondb.xml").decode()


def test_a_question_file_says_how_brightspace_marks(tmp_path: Path) -> None:
    folder = tmp_path / "bank"
    export = exported(folder, "coverage", "order-pairs", "each-decision", "order")
    rows = questions_in(package_of(QUESTION_FILE, export))
    told = {
        question.template.partition("/")[2]: (cells(rows[question.ident], "QuestionText")[0][0], rows[question.ident])
        for question in export.questions()
    }
    text, mine = told["coverage"]
    assert TOLD_SETS[cells(mine, "Scoring")[0][0]] in text
    assert SETS["coverage"][1] not in text
    text, _ = told["order-pairs"]
    assert ORDERS["absolute-position"][1] in text
    assert ORDERS["pairs"][1] not in text
    assert set(TOLD_SETS) == set(SCORED_SETS)
    assert SETS["every-decision-counts"][1] in told["each-decision"][0]
    assert ORDERS["absolute-position"][1] in told["order"][0]


@pytest.mark.parametrize("id", ["coverage", "each-decision", "whole-set"])
def test_a_cartridge_says_that_only_the_whole_set_counts(id: str, tmp_path: Path) -> None:
    export = exported(tmp_path / "bank", id)
    items = items_in(package_of(CARTRIDGE, export))
    for question in export.questions():
        text = "".join(items[question.ident].itertext())
        assert SETS["all-or-nothing"][1] in text
        assert text.count("Marking:") == 1


HUGE = """draw: {n: {integer: [2, 9]}}
stem: "{{ n }}"
answer: {kind: numeric, value: 2e9 * n, decimals: 0, tolerance: {rel: 0.1}}
"""


def test_numbers_are_counted_before_they_are_listed(tmp_path: Path) -> None:
    wide = (Fraction(1), Fraction(10**30))
    assert number_spellings([wide, wide], 3) == ()
    assert number_spellings([(Fraction(10**30), Fraction(10**30))], 0) == (str(10**30),)
    (question,) = questions_of(numeric(HUGE, tmp_path), "number", 1)
    band = question.asked[0].scheme.bands[0]  # type: ignore[union-attr] # of a number
    assert band.high - band.low > 10**8
    for format in (BRIGHTSPACE, CARTRIDGE):
        refused = [loss for loss in format.losses(question, Options()) if loss.severity == "refused"]
        assert "too many" in refused[0].what
