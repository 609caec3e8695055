"""Exporting a quiz, whatever the format: what is refused, what is written, and that it comes out the same again."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sample_class import SECRET, write_bank, write_text
from toy_system import TOY

from quizgen.bank import Bank, load_bank
from quizgen.errors import OutputError, QuizgenError
from quizgen.lms.base import File, Format, Loss, Options, Question
from quizgen.lms.export import Exported, UnsupportedError, export_quiz
from quizgen.lms.packing import in_memory
from quizgen.lms.plan import export_of, plan
from quizgen.lms.record import read_record
from quizgen.lms.registry import format_named
from quizgen.quizzes import load_quiz
from quizgen.quizzes.build import checked_slots
from quizgen.shipped import bank_folder

PLAIN = """
title: A quiz
items:
  - {template: calc/surprisal, points: 2}
  - {pick: 2, concept: calculating-cross-entropy-loss, kinds: numeric, points: 1}
"""
WANTED = {"calc/surprisal": 5, "calc/two-steps": 5, "calc/tiny": 3}
"""There are no more than three of the last."""
WITH_ESSAY = """
title: A quiz
items:
  - {template: calc/surprisal, points: 2}
  - {template: calc/essay, points: 3}
"""


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return load_bank(write_bank(tmp_path / "bank"))


def exported(bank: Bank, folder: Path, quiz: str = PLAIN, **options: object) -> Exported:
    blueprint = load_quiz(write_text(folder / "quiz.yaml", quiz))
    settings: dict[str, object] = {"variants": 5, "secret": SECRET, **options}
    return export_quiz(blueprint, bank, TOY, folder / "quiz.zip", **settings)  # type: ignore[arg-type] # one dict for all


def contents(path: Path) -> Mapping[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_each_item_becomes_a_pool_with_the_wanted_variants_of_each_of_its_templates(bank: Bank, tmp_path: Path) -> None:
    done = exported(bank, tmp_path, approximate=True)
    record = read_record(done.manifest)
    by_slot = {slot: [one for one in record.sent if one.slot == slot] for slot in range(3)}
    assert done.pools == 3
    assert [one.template for one in by_slot[0]] == ["calc/surprisal"] * 5
    for slot in (1, 2):
        templates = [one.template for one in by_slot[slot]]
        assert {template: templates.count(template) for template in templates}.items() <= WANTED.items()
    assert done.questions == len(record.sent)


def test_slots_that_pick_from_the_same_templates_share_them_out(bank: Bank, tmp_path: Path) -> None:
    record = read_record(exported(bank, tmp_path, approximate=True).manifest)
    first, second = ({one.template for one in record.sent if one.slot == slot} for slot in (1, 2))
    assert first
    assert second
    assert not first & second
    assert "calc/surprisal" not in first | second


def test_every_question_shows_a_code_of_its_own(bank: Bank, tmp_path: Path) -> None:
    done = exported(bank, tmp_path, approximate=True)
    codes = [one.code for one in read_record(done.manifest).sent]
    text = "".join(contents(done.file).values())
    assert len(set(codes)) == len(codes)
    assert all(text.count(f"Question code: {code}") == 1 for code in codes)


def test_the_same_secret_gives_the_same_bytes(bank: Bank, tmp_path: Path) -> None:
    first = exported(bank, tmp_path, approximate=True)
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (first.file, first.manifest)]
    again = exported(bank, tmp_path, approximate=True, force=True)
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in (again.file, again.manifest)] == digests


def test_exporting_again_keeps_the_codes_of_what_did_not_change_and_no_others(bank: Bank, tmp_path: Path) -> None:
    first = exported(bank, tmp_path, approximate=True, secret=None)
    before = {(one.template, one.ordinal): one.code for one in read_record(first.manifest).sent}
    file = bank.files["calc/surprisal"]
    file.write_text(file.read_text("utf-8").replace("What is its loss", "How large is its loss"), "utf-8")
    again = exported(load_bank(bank.folder), tmp_path, approximate=True, secret=None, force=True)
    after = {(one.template, one.ordinal): one.code for one in read_record(again.manifest).sent}
    assert before.keys() == after.keys()
    changed = {template for template, ordinal in before if before[template, ordinal] != after[template, ordinal]}
    assert changed == {"calc/surprisal"}


def test_what_the_format_cannot_carry_is_named_and_nothing_is_written(bank: Bank, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="calc/essay, answer 'answer': there is no place for an essay"):
        exported(bank, tmp_path, WITH_ESSAY)
    assert not list(tmp_path.glob("*quiz.zip*"))
    assert not list(tmp_path.glob(".*partial"))


def test_what_cannot_be_carried_is_left_out_on_request_and_listed(bank: Bank, tmp_path: Path) -> None:
    done = exported(bank, tmp_path, WITH_ESSAY, skip_unsupported=True)
    assert (done.pools, done.questions) == (1, 5)
    assert [str(one) for one in done.left_out] == ["calc/essay, answer 'answer': there is no place for an essay"]
    assert {one.template for one in read_record(done.manifest).sent} == {"calc/surprisal"}


def test_of_what_is_left_out_nothing_is_said_to_be_not_carried(bank: Bank, tmp_path: Path) -> None:
    def losses(question: Question, options: Options) -> Iterator[Loss]:
        yield Loss("lost", "hints are not shown")
        if question.template == "calc/essay" or question.ordinal == first:
            yield Loss("refused", "it is too long", "", f"{1000 + question.ordinal:,}")

    blueprint = load_quiz(write_text(tmp_path / "quiz.yaml", WITH_ESSAY))
    first = read_record(exported(bank, tmp_path, WITH_ESSAY, skip_unsupported=True).manifest).sent[0].ordinal
    format, out = replace(TOY, losses=losses), tmp_path / "other.zip"
    done = export_quiz(blueprint, bank, format, out, variants=5, secret=SECRET, skip_unsupported=True)
    assert {one.template for one in done.left_out} == {"calc/surprisal", "calc/essay"}
    assert [str(one) for one in done.lost] == ["calc/surprisal: hints are not shown"]
    assert (done.lost[0].times, done.lost[0].count) == (4, 4)


def test_what_is_in_the_way_of_several_variants_is_one_line_with_an_example(bank: Bank, tmp_path: Path) -> None:
    def losses(question: Question, options: Options) -> Iterator[Loss]:
        if question.ordinal != last:
            yield Loss("refused", "a number cannot be written", "", str(question.ordinal))

    blueprint = load_quiz(write_text(tmp_path / "quiz.yaml", "title: A\nitems: [{template: calc/surprisal}]\n"))
    sent = read_record(exported(bank, tmp_path, "title: A\nitems: [{template: calc/surprisal}]\n").manifest).sent
    last = sent[-1].ordinal
    with pytest.raises(UnsupportedError) as raised:
        export_quiz(blueprint, bank, replace(TOY, losses=losses), tmp_path / "b.zip", variants=5, secret=SECRET)
    told = [line.strip() for line in str(raised.value).splitlines() if "calc/surprisal" in line]
    assert told == [f"calc/surprisal: a number cannot be written, such as {sent[0].ordinal} (4 of 5 variants)"]


COLUMNS = {
    "Moodle": ("moodle",),
    "Canvas, Blackboard": ("canvas", "blackboard"),
    "Brightspace": ("brightspace",),
    "Open edX": ("edx",),
}


def test_the_page_says_which_shipped_quizzes_need_an_option() -> None:
    page = (Path(__file__).parents[2] / "docs" / "lms" / "index.md").read_text("utf-8")
    head, _, *lines = re.search(r"(?m)^\| quiz \|(?:.*\n\|)+.*", page)[0].splitlines()  # type: ignore[index] # is there
    columns = [cell.strip() for cell in head.strip("|").split("|")][1:]
    assert columns == [*COLUMNS]
    folder, shipped = bank_folder() / "quizzes", load_bank(bank_folder())
    quizzes = {}
    for line in lines:
        name, *cells = (cell.strip() for cell in line[1:-1].split("|"))
        quizzes[name.strip("`")] = dict(zip(columns, cells, strict=True))
    assert quizzes.keys() == {path.stem for path in folder.glob("*.yaml")}
    for name, told in quizzes.items():
        blueprint = load_quiz(folder / f"{name}.yaml")
        slots = checked_slots(blueprint, shipped)
        sent, _ = plan(slots, shipped, 6, SECRET)
        questions = list(export_of(blueprint, shipped, slots, sent, SECRET, "qg-x").questions())
        for column, formats in COLUMNS.items():
            for format in map(format_named, formats):
                options = Options(next(iter(format.dialects), ""), format.maths[0])
                severities = {loss.severity for question in questions for loss in format.losses(question, options)}
                needed = {"approximate": "differs" in severities, "skip": "refused" in severities}
                assert told[column] == ", ".join(word for word, is_needed in needed.items() if is_needed), (name, format.name)


def test_nothing_is_written_where_nothing_would_be_left(bank: Bank, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="nothing would be left"):
        exported(bank, tmp_path, "title: A\nitems: [{template: calc/essay}]\n", skip_unsupported=True)


def test_what_would_be_marked_otherwise_is_written_only_on_request(bank: Bank, tmp_path: Path) -> None:
    quiz = "title: A\nitems: [{template: calc/two-steps}]\n"
    with pytest.raises(UnsupportedError, match="--approximate"):
        exported(bank, tmp_path, quiz)
    done = exported(bank, tmp_path, quiz, approximate=True)
    assert [str(one) for one in done.differing] == [
        "calc/two-steps, answer 'twice': what follows from a wrong number earns nothing"
    ]


def test_a_file_that_is_there_is_replaced_only_by_force(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "quiz.zip").write_bytes(b"mine")
    with pytest.raises(OutputError, match="is there already"):
        exported(bank, tmp_path, approximate=True)
    assert (tmp_path / "quiz.zip").read_bytes() == b"mine"


def test_a_format_that_fails_midway_leaves_what_was_there_and_no_half_file(bank: Bank, tmp_path: Path) -> None:
    first = exported(bank, tmp_path, approximate=True)
    before = first.file.read_bytes(), first.manifest.read_bytes()

    def failing() -> Format:
        def files(export: object, options: object) -> object:
            yield File("a.html", iter([b"half"]))
            raise RuntimeError("broken")

        return replace(TOY, files=files)  # type: ignore[arg-type] # a stand-in

    blueprint = load_quiz(tmp_path / "quiz.yaml")
    with pytest.raises(RuntimeError, match="broken"):
        export_quiz(blueprint, bank, failing(), first.file, force=True, approximate=True)
    assert (first.file.read_bytes(), first.manifest.read_bytes()) == before
    assert not list(tmp_path.glob(".*partial"))


def test_the_manifest_tells_no_question_twice_and_its_questions_are_those_written(bank: Bank, tmp_path: Path) -> None:
    done = exported(bank, tmp_path, approximate=True)
    record = read_record(done.manifest)
    text = "".join(contents(done.file).values())
    with record.bank() as kept:
        questions = list(record.questions(kept))
    assert len(questions) == done.questions
    assert all(question.title in text for question in questions)


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../b", "a//b", "a\\b", "C:x", ""])
def test_no_name_leads_out_of_an_archive(name: str) -> None:
    for packed in ("zip", "tar.gz"):
        with pytest.raises(QuizgenError, match="may not stand"):
            in_memory([File(name, [b"x"])], packed)  # type: ignore[arg-type] # both are allowed


def test_no_name_stands_in_an_archive_twice() -> None:
    with pytest.raises(QuizgenError, match="twice"):
        in_memory([File("a", [b"x"]), File("A", [b"y"])], "zip")


def test_force_replaces_nothing_but_an_earlier_export(bank: Bank, tmp_path: Path) -> None:
    mine = write_text(tmp_path / "quiz.zip", "my own words")
    with pytest.raises(OutputError, match="was not written by export"):
        exported(bank, tmp_path, approximate=True, force=True)
    assert mine.read_text("utf-8") == "my own words"
    mine.unlink()
    other = write_text(tmp_path / "quiz.zip.manifest.json", '{"mine": 1}')
    with pytest.raises(OutputError, match="was not written by export"):
        exported(bank, tmp_path, approximate=True, force=True)
    assert other.read_text("utf-8") == '{"mine": 1}'


@pytest.mark.parametrize("out", ["", ".", ".."])
def test_what_is_no_name_of_a_file_is_an_error(bank: Bank, tmp_path: Path, out: str) -> None:
    blueprint = load_quiz(write_text(tmp_path / "quiz.yaml", PLAIN))
    with pytest.raises(OutputError, match="no name of a file"):
        export_quiz(blueprint, bank, TOY, Path(out), approximate=True)


def test_how_far_it_is_told_with_the_whole(bank: Bank, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    done = exported(bank, tmp_path, approximate=True, progress=lambda done, total: told.append((done, total)))
    assert told == [(number, done.questions) for number in range(1, done.questions + 1)]


def codes(done: Exported) -> dict[tuple[str, int], str]:
    return {(one.template, one.ordinal): one.code for one in read_record(done.manifest).sent}


def test_a_file_of_another_name_may_keep_the_codes_of_an_earlier_export(bank: Bank, tmp_path: Path) -> None:
    first = exported(bank, tmp_path, approximate=True, secret=None)
    blueprint = load_quiz(tmp_path / "quiz.yaml")
    dated = tmp_path / "quiz-2026.zip"
    again = export_quiz(blueprint, bank, TOY, dated, variants=5, approximate=True, same_as=first.manifest)
    assert codes(again) == codes(first)
    assert codes(export_quiz(blueprint, bank, TOY, tmp_path / "c.zip", variants=5, approximate=True)) != codes(first)


def test_what_is_told_of_a_mistake_and_how_numbers_are_written_belong_to_a_code(bank: Bank, tmp_path: Path) -> None:
    first = codes(exported(bank, tmp_path, approximate=True))
    assert codes(exported(bank, tmp_path, approximate=True, force=True)) == first
    latex = codes(exported(bank, tmp_path, approximate=True, force=True, options=Options(math="latex")))
    comma = codes(exported(bank, tmp_path, f"decimal_comma: true\n{PLAIN}", approximate=True, force=True))
    assert latex.keys() == comma.keys() == first.keys()
    assert len({*first.values(), *latex.values(), *comma.values()}) == 3 * len(first)
    shipped = (bank_folder() / "mistakes.yaml").read_text("utf-8")
    (bank.folder / "mistakes.yaml").write_text(re.sub("(?m)^(linear-loss:\n  title: )", "\\1Oh, ", shipped), "utf-8")
    (bank.folder / "concepts.yaml").write_text((bank_folder() / "concepts.yaml").read_text("utf-8"), "utf-8")
    told = codes(exported(load_bank(bank.folder), tmp_path, approximate=True, force=True))
    changed = {template for template, ordinal in first if first[template, ordinal] != told[template, ordinal]}
    assert changed
    assert changed < {template for template, _ in first}


def test_a_pool_keeps_its_name_where_another_comes_before_it(bank: Bank, tmp_path: Path) -> None:
    first = exported(bank, tmp_path, "title: A\nitems: [{template: calc/surprisal}]\n", approximate=True)
    names = set(contents(first.file))
    quiz = "title: A\nitems: [{template: calc/tiny}, {template: calc/surprisal}, {template: calc/surprisal}]\n"
    again = set(contents(exported(bank, tmp_path, quiz, approximate=True, force=True).file))
    assert names < again
    assert len(again) == 3
