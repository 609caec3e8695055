"""From a worksheet's code to what was asked, the keys, and marks with reasons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample_class import QUIZ, answers, build, read_rows, saved, write_rows, write_saved, write_text

from quizgen.errors import QuizgenError
from quizgen.grading import grade
from quizgen.grading.dispute import Dispute, dispute, sheet_of
from quizgen.quizzes import Manifest
from quizgen.rendering import fragment

CLASS = [("s01", "Ada Obi"), ("s02", "Ben Roe"), ("s03", "Cleo Ng")]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return build(tmp_path_factory.mktemp("class"), students=CLASS)[1]


@pytest.fixture(scope="module")
def handed_in(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in") / "answers"
    return write_saved(folder, manifest, manifest.sheets, answers(manifest, right=0.4))


def responses(found: Dispute) -> list[tuple[str, str, float]]:
    return [
        (asked.field, said.text, said.points)
        for item in found.items
        for asked in item.asked
        for said in asked.said
        if not said.superseded
    ]


def test_the_marks_of_every_student_are_those_that_grade_writes(manifest: Manifest, handed_in: Path, tmp_path: Path) -> None:
    grade(manifest, [handed_in], tmp_path / "graded")
    written = read_rows(tmp_path / "graded" / "marks.csv")
    for sheet in manifest.sheets:
        found = dispute(manifest, sheet, None, [handed_in])
        mine = [row for row in written if row["student"] == sheet.student.id]
        assert responses(found) == [(row["field"], row["response"], float(row["points"])) for row in mine]
        assert [one.outcome for item in found.items for asked in item.asked for one in asked.said] == [
            row["outcome"] for row in mine
        ]
        assert found.earned == pytest.approx(sum(float(row["points"]) for row in mine))
        assert found.possible == 11
        assert not found.single


def test_a_wrong_answer_has_the_mistake_that_was_met_and_its_explanation_as_reasons(manifest: Manifest, tmp_path: Path) -> None:
    sheet = manifest.sheets[0]
    with manifest.bank() as bank:
        template = bank[sheet.items[0].template]
        q = float(template.variants_at([sheet.items[0].ordinal], secret=manifest.secret)["q"][0])
    folder = write_saved(tmp_path / "in", manifest, [sheet], [{"q1": f"{1 - q:.3f}", "q2.total": "many"}])
    found = dispute(manifest, sheet, None, [folder])
    wrong, unread = found.items[0].asked[0].said[0], found.items[1].asked[0].said[0]
    said = " ".join(fragment(reason, "text") for reason in wrong.reasons)
    assert (wrong.outcome, wrong.points, wrong.possible) == ("wrong", 0, 2)
    assert "linear-loss" in said
    assert "One minus the probability" in said
    assert unread.outcome == "invalid"
    assert "many" in fragment(unread.reasons[0], "text")
    assert wrong.source.endswith(f"answers-{sheet.code}.json")
    assert found.items[2].asked[0].said == ()


def test_the_code_of_an_item_leads_to_that_item_alone(manifest: Manifest, handed_in: Path) -> None:
    sheet = manifest.sheets[1]
    assert sheet_of(manifest, code=f"{sheet.code}/2") == (sheet, 2)
    found = dispute(manifest, sheet, 2, [handed_in])
    assert (found.single, found.possible) == (True, 4)
    assert [item.entry.code for item in found.items] == [f"{sheet.code}/2"]
    assert [asked.field for asked in found.items[0].asked] == ["q2.total", "q2.twice"]
    assert found.items[0].variant.template == "calc/two-steps"
    assert found.items[0].variant.address == sheet.items[1].ordinal
    assert found.items[0].variant.keyed.item.stem == found.items[0].entry.item.stem


def test_a_code_is_read_as_people_write_it_and_a_student_by_the_id(manifest: Manifest) -> None:
    sheet = manifest.sheets[2]
    assert sheet_of(manifest, code=f" {sheet.code.lower().replace('-', ' ')} ") == (sheet, None)
    assert sheet_of(manifest, student="s03") == (sheet, None)


def test_a_misread_code_is_told_by_its_check_digit_with_the_code_that_was_probably_meant(manifest: Manifest) -> None:
    sheet = manifest.sheets[0]
    first, second = sheet.code[0], sheet.code[1]
    wrong = ("A" if first != "A" else "B") + sheet.code[1:]
    with pytest.raises(QuizgenError, match=rf"check digit does not fit.*near it is {sheet.code} of s01"):
        sheet_of(manifest, code=wrong)
    if first != second and {first, second} != {"0", "Z"}:
        with pytest.raises(QuizgenError, match=rf"near it is {sheet.code} of s01"):
            sheet_of(manifest, code=second + first + sheet.code[2:] + "/3")


def test_a_code_of_another_build_a_number_that_is_none_and_an_unknown_student_are_refused(manifest: Manifest) -> None:
    sheet = manifest.sheets[0]
    with pytest.raises(QuizgenError, match="of another build"):
        sheet_of(manifest, code="0000-0000")
    with pytest.raises(QuizgenError, match="has items 1 to 4, not 9"):
        sheet_of(manifest, code=f"{sheet.code}/9")
    with pytest.raises(QuizgenError, match='did you mean "s02"'):
        sheet_of(manifest, student="s-02")


def test_what_does_not_count_is_told_with_the_reason_and_so_is_what_was_rejected(manifest: Manifest, tmp_path: Path) -> None:
    sheet = manifest.sheets[0]
    rows = [("student", "field", "response", "submitted")]
    rows += [("s01", "q1", "0.5", "2026-02-01T10:00Z"), ("s01", "q1", "0.7", "2026-02-02T10:00Z")]
    rows += [("s01", "q77", "x", "2026-02-02T10:00Z"), ("s02", "q78", "y", "2026-02-02T10:00Z")]
    found = dispute(manifest, sheet, None, [write_rows(tmp_path / "table.csv", rows)])
    said = found.items[0].asked[0].said
    assert [(one.text, one.superseded) for one in said] == [("0.7", ""), ("0.5", "a later submission counts")]
    assert [(one.field, one.text) for one in found.rejected] == [("q77", "x")]
    assert found.rejected[0].reason


def test_a_policy_and_points_given_by_hand_count_as_they_do_in_grading(manifest: Manifest, tmp_path: Path) -> None:
    sheet = manifest.sheets[0]
    folder = write_saved(tmp_path / "in", manifest, [sheet], [{"q1": "7.777", "q4": "An essay."}])
    policy = write_text(tmp_path / "policy.yaml", "by: Dr Obi\nreason: R\nchanges:\n  - full_marks: {item: 1}\n")
    grade(manifest, [folder], tmp_path / "graded")
    queue = read_rows(tmp_path / "graded" / "to-mark.csv")
    filled = [{**row, "points": "3", "comment": "Well put."} for row in queue]
    marked = write_rows(tmp_path / "marked.csv", [list(filled[0]), *(list(row.values()) for row in filled)])
    found = dispute(manifest, sheet, None, [folder], policy, marked)
    first, essay = found.items[0].asked[0].said[0], found.items[3].asked[0].said[0]
    assert first.points == 2
    assert "full marks" in " ".join(fragment(reason, "text") for reason in first.reasons)
    assert "Dr Obi" in " ".join(fragment(reason, "text") for reason in first.reasons)
    assert (essay.points, fragment(essay.reasons[0], "text")) == (3, "Well put.")


def test_what_came_too_late_for_a_strict_quiz_is_among_the_rejected(tmp_path: Path) -> None:
    _, strict = build(tmp_path / "strict", quiz=QUIZ.replace("hints: true", "hints: true\nlate: reject"), students=CLASS)
    sheet = strict.sheets[0]
    late = tmp_path / "late.json"
    late.write_text(json.dumps(saved(strict, sheet, {"q1": "1"}, when="2026-05-01T10:00:00Z")), encoding="utf-8")
    found = dispute(strict, sheet, None, [late])
    assert found.items[0].asked[0].said == ()
    assert [(one.field, one.reason[:31]) for one in found.rejected] == [("q1", "handed in after the due date, a")]


def test_without_responses_the_items_and_keys_are_told(manifest: Manifest) -> None:
    found = dispute(manifest, manifest.sheets[0], None)
    assert len(found.items) == 4
    assert responses(found) == []
    assert all(item.variant.answers for item in found.items)
