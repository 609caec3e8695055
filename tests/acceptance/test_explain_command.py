"""``quizgen explain``: how a variant came about, and what a dispute with a student needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from commands import Run
from sample_class import answers, build, write_bank, write_saved

CLASS = [("s01", "Ada Obi"), ("s02", "Ben Roe")]


def test_a_variant_is_told_step_by_step_as_show_shows_it(quizgen: Run, tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank")
    done = quizgen("explain", "calc/surprisal", "--bank", bank, "--address", "4")
    assert (done.code, done.err) == (0, "")
    q = re.search(
        r"^q = (0\.\d\d)    ← \{probability: \[0\.05, 0\.95\], step: 0\.01, avoid: \[0\.5\]\}$", done.out, re.MULTILINE
    )
    assert q
    assert f"{{{{ q }}}} → {q[1]}" in done.out
    assert f"mistake linear-loss: {1 - float(q[1]):.3f}" in done.out
    shown = quizgen("show", "calc/surprisal", "--bank", bank, "--address", "4").out
    assert f"probability {q[1]}" in shown
    key = re.search(r"^answer: (.*)$", shown, re.MULTILINE)
    assert key
    assert key[1] in done.out


def test_refused_attempts_and_the_truth_of_every_statement_are_told(quizgen: Run, tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank")
    told = "\n".join(quizgen("explain", "pick-one", "--bank", bank, "--address", str(i)).out for i in range(8))
    assert "refused by 'abs(p - q) > 0.1'" in told
    assert re.search(r"^1\. p = 0\.\d\d, q = 0\.\d\d$", told, re.MULTILINE)
    assert re.search(r"^  [A-D]\. +true +Model [AB] has the lower loss\.$", told, re.MULTILINE)
    assert re.search(r"^  [A-D]\. +false +Neither has a loss\.$", told, re.MULTILINE)
    assert re.search(r"^  not offered|^  not drawn", told, re.MULTILINE)


def test_another_seed_tells_of_another_variant(quizgen: Run, tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank")
    told = {quizgen("explain", "surprisal", "--bank", bank, "--seed", seed).out for seed in "abc"}
    assert len(told) == 3


def test_a_code_leads_to_items_keys_and_marks_with_reasons(quizgen: Run, tmp_path: Path) -> None:
    _, manifest = build(tmp_path / "class", students=CLASS)
    sheet = manifest.sheets[1]
    given = answers(manifest, right=0.0)
    folder = write_saved(tmp_path / "answers", manifest, manifest.sheets, given)
    file = tmp_path / "class" / "build" / "manifest.json"
    done = quizgen("explain", "--manifest", file, "--code", sheet.code, "--responses", folder)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Worksheet {sheet.code} of Ben Roe (s02), build {manifest.build}")
    for part in (f"{sheet.code}/1 (2 points)", "q2.total: key", "wrong: 0 of", "The mistake '", f"answers-{sheet.code}.json"):
        assert part in done.out, part
    assert all(f"‘{text}’" in done.out for text in given[1].values() if "\n" not in text)
    assert "Ada" not in done.out
    one = quizgen("explain", "--manifest", file, "--code", f"{sheet.code}/1", "--responses", *folder.iterdir())
    assert one.code == 0
    assert "--- draws" in one.out
    assert f"{sheet.code}/2" not in one.out
    by_student = quizgen("explain", "--manifest", file, "--student", "s02", "--responses", folder)
    assert by_student.out == done.out


def test_a_code_alone_is_known_for_one_with_its_manifest_and_asks_for_it_without(quizgen: Run, tmp_path: Path) -> None:
    _, manifest = build(tmp_path / "class", students=CLASS)
    code = f"{manifest.sheets[1].code}/1"
    file = tmp_path / "class" / "build"
    assert quizgen("explain", code, "--manifest", file).out == quizgen("explain", "--code", code, "--manifest", file).out
    alone = quizgen("explain", code)
    assert (alone.code, alone.out) == (2, "")
    assert f"{code} is the code of a worksheet: give the --manifest of its build" in alone.err


def test_a_misread_code_is_an_error(quizgen: Run, tmp_path: Path) -> None:
    _, manifest = build(tmp_path / "class", students=CLASS)
    code = manifest.sheets[0].code
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    done = quizgen("explain", "--manifest", tmp_path / "class" / "build", "--code", wrong)
    assert done.code == 2
    assert f"near it is {code} of s01" in done.err


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        ("/x", "what stands behind the / is no number of an item: 'x'"),
        ("/1.5", "is no number of an item"),
        (None, "no code is given"),
    ],
)
def test_what_is_wrong_with_a_code_is_told_by_its_part(quizgen: Run, tmp_path: Path, behind: str | None, said: str) -> None:
    _, manifest = build(tmp_path / "class", students=CLASS)
    code = "" if behind is None else f"{manifest.sheets[0].code}{behind}"
    done = quizgen("explain", "--manifest", tmp_path / "class" / "build", "--code", code)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "check digit" not in done.err


def test_an_address_that_is_none_is_told_with_what_one_is(quizgen: Run) -> None:
    for words in (("explain", "x", "--address", "abc"), ("show", "x", "--address", "-1"), ("check", "x", "--start", "1.5")):
        done = quizgen(*words)
        assert done.code == 2
        assert f"'{words[-1]}' is no address: that is a whole number from 0 to " in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Give one template"),
        (("a", "b"), "Give one template"),
        (("a", "--code", "0000-0000"), "--code needs --manifest"),
        (("--manifest", "m.json"), "Give --code or --student"),
        (("--manifest", "m.json", "--code", "0000-0000", "--student", "x"), "Give --code or --student"),
        (("a", "--manifest", "m.json", "--code", "0000-0000"), "there is no TEMPLATE"),
        (("--manifest", "m.json", "--code", "0000-0000", "--address", "3"), "belong to a TEMPLATE"),
    ],
)
def test_options_that_do_not_go_together_are_refused(quizgen: Run, words: tuple[str, ...], said: str) -> None:
    done = quizgen("explain", *words)
    assert done.code == 2
    assert said in done.err
