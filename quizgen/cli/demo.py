"""``quizgen demo``: the whole way, on the shipped bank, for an invented class."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.options import progress

if TYPE_CHECKING:
    from quizgen.bank import Bank
    from quizgen.quizzes import Manifest

CLASS = (
    ("s001", "Adaeze Obi", "Mon"), ("s002", "Zoë Müller-Lüdenscheidt", "Mon"), ("s003", "Nguyễn Thị Minh Khai", "Mon"),
    ("s004", "Seán O’Brien", "Tue"), ("s005", "李小龙", "Tue"), ("s006", "María José Carreño Quiñones", "Tue"),
    ("s007", "Oluwaseun \"Seun\" Adéyẹmí", "Mon"), ("s008", "נועה כהן", "Tue"), ("s009", "Aino Mäkelä", "Mon"),
    ("s010", "Ravi Shankar, Jr.", "Tue"), ("s011", "Þóra Jónsdóttir", "Mon"), ("s012", "Fatima az-Zahra El Amrani", "Tue"),
)  # fmt: skip
"""Invented students: id, name, group."""

MARK = "about-this-demo.txt"
ABOUT = """This folder was written by `quizgen demo` and is replaced when the command is run again.

class.csv      the class list that build was given
submissions/   what the invented students handed in: saved response files, and one table
build/         worksheets, keys, manifest and index
graded/        marks, gradebook, feedback, summary
"""


@click.command("demo")
@click.option("--out", type=click.Path(path_type=Path), default="quizgen-demo", show_default=True, help="Folder to write.")
def command(out: Path) -> None:
    """Build a sample quiz for an invented class, let it answer with real mistakes, and grade it."""
    from quizgen.bank import load_bank
    from quizgen.errors import OutputError
    from quizgen.grading import grade
    from quizgen.quizzes import build_quiz, load_quiz, read_manifest, read_roster
    from quizgen.quizzes.folders import whole_folder

    force = (out / MARK).is_file()
    if not force and out.is_dir() and any(out.iterdir()):
        raise OutputError(f"{out}: holds something else; choose another folder with --out")
    with whole_folder(out, force, MARK) as folder:
        (folder / MARK).write_text(ABOUT, encoding="utf-8")
        _write_class(folder / "class.csv")
        bank = load_bank()
        quiz = load_quiz(bank.folder / "quizzes" / "sample-homework.yaml")
        with progress("Building worksheets", len(CLASS)) as done:
            build_quiz(
                quiz,
                bank,
                read_roster(folder / "class.csv"),
                folder / "build",
                flavours=("html", "markdown"),
                progress=done,
            )
        _write_submissions(folder / "submissions", read_manifest(folder / "build"), bank)
    graded = grade(read_manifest(out / "build"), [out / "submissions"], out / "graded")
    click.echo(f"Built {len(CLASS)} worksheets and graded {graded.marked} responses of {graded.students} students.")
    click.echo("What the class got wrong most:")
    for line in graded.summary["misconceptions"][:3]:
        click.echo(f"  {line['students']} students: {line['title']}")
    click.echo("\nOpen these:")
    for words, path in (
        ("a student's worksheet", "build/worksheets/s001.html"),
        ("its key", "build/keys/s001.html"),
        ("the feedback that the student gets", "graded/feedback/s001.html"),
        ("the gradebook", "graded/gradebook.csv"),
        ("the class's misconceptions", "graded/summary.json"),
    ):
        click.echo(f"  {out / path}  ({words})")


def _write_class(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["id", "name", "group"])
        writer.writerows(CLASS)


def _write_submissions(folder: Path, manifest: Manifest, bank: Bank) -> None:
    """Two thirds of the class save response files; the others' answers are typed into a table; one hands in nothing."""
    from quizgen.quizzes.simulated import Learner, responses

    folder.mkdir()
    sheets = manifest.sheets[:-1]
    learners = [Learner(0.35 + 0.05 * i, 0.8) for i in range(len(sheets))]
    answers = responses(manifest, bank, sheets, learners, seed=1)
    saved, typed = sheets[:8], sheets[8:]
    for sheet, answer in zip(saved, answers[:8], strict=True):
        data = {
            "format": "quizgen-responses", "version": 1, "build": manifest.build, "worksheet": sheet.code,
            "student": sheet.student.id, "saved": "2026-01-15T10:00:00Z", "answers": answer,
        }  # fmt: skip
        text = json.dumps(data, ensure_ascii=False, indent=2)
        (folder / f"answers-{sheet.code}.json").write_text(text, encoding="utf-8")
    columns = list(dict.fromkeys(field for answer in answers[8:] for field in answer))
    with (folder / "typed-in.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ["student", *columns], lineterminator="\n")
        writer.writeheader()
        for sheet, answer in zip(typed, answers[8:], strict=True):
            writer.writerow({"student": sheet.student.id, **answer})
