"""The same question in the same number of variants, by quizgen and by others: whole commands, from their start to their end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.comparing import Comparison, Size, Skipped
from benchmarks.measuring import OUT, ROOT, Command, Proof, quizgen
from benchmarks.peers.installing import MissingError, environment, rscript
from benchmarks.peers.question import variants

ABOUT = "the same question and number of variants beside text2qti, edq-quizcomp, QuizGenerator and R/exams"

QUESTIONS = ROOT / "benchmarks" / "peers"
COUNTS: dict[Size, tuple[int, ...]] = {"tiny": (2,), "quick": (50,), "normal": (20, 500), "full": (20, 500, 2000)}


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program: its name, what it writes, quizgen's command for that, and what makes its own ready for some variants."""

    name: str
    writes: str
    quizgen: Callable[[int, Path], Command]
    command: Callable[[int, Path], Command]
    files: str
    words: str
    goal: float | None = None


def comparisons(size: Size, folder: Path) -> Iterator[Comparison | Skipped]:
    """What is compared; a peer that cannot be had is skipped with the reason."""
    for peer in PEERS:
        for count in COUNTS[size]:
            name = f"peers/{peer.writes} {count:,}"
            try:
                yardstick = peer.command(count, folder)
            except MissingError as error:
                yield Skipped(f"{name}, {peer.name}", str(error))
                break
            proof = Proof(peer.files, peer.words, count)
            subject, yardstick = replace(peer.quizgen(count, folder), proof=proof), replace(yardstick, proof=proof)
            yield Comparison(name, subject, peer.name, yardstick, count, "variant", by="wall", goal=peer.goal)


def _export(format: str) -> Callable[[int, Path], Command]:
    def command(count: int, folder: Path) -> Command:
        quiz = str(QUESTIONS / "quizgen.yaml")
        return quizgen("export", quiz, "--format", format, "--variants", str(count), "--out", f"{OUT}/quiz")

    return command


def _build(count: int, folder: Path) -> Command:
    roster = folder / f"class-{count}.csv"
    roster.write_text("id\n" + "".join(f"s{i:05}\n" for i in range(count)), encoding="utf-8")
    return quizgen("build", str(QUESTIONS / "quizgen.yaml"), "--roster", str(roster), "--out", f"{OUT}/build")


def _text2qti(count: int, folder: Path) -> Command:
    """A quiz with a block of code that draws the variants, as text2qti's documentation has it."""
    programs = environment("text2qti", "0.8.0")
    place = _fresh(folder / f"text2qti-{count}")
    text = (QUESTIONS / "text2qti.txt").read_text(encoding="utf-8").replace("COUNT", str(count))
    (place / "quiz.txt").write_text(text, encoding="utf-8")
    return Command((str(programs / "text2qti"), "--run-code-blocks", "quiz.txt"), place, path=place)


def _quizcomp(count: int, folder: Path) -> Command:
    """A quiz of written-out questions, a folder each: it draws no numbers itself. To write them is not in its time."""
    programs = environment("edq-quizcomp", "1.0.1")
    place = _fresh(folder / f"quizcomp-{count}")
    for number, variant in enumerate(variants(count)):
        question = place / "questions" / f"q{number:05}"
        question.mkdir(parents=True)
        (question / "prompt.md").write_text(variant.prompt, encoding="utf-8")
        answer = {"type": "exact", "value": round(variant.loss, 3), "margin": 0.0005}
        (question / "question.json").write_text(json.dumps({"question_type": "numerical", "answers": [answer]}), "utf-8")
    group = {"name": "Loss", "pick_count": count, "points": 1, "questions": ["questions"]}
    quiz = {"name": "Loss", "description": "One question in many variants", "version": "1", "groups": [group]}
    (place / "quiz.json").write_text(json.dumps(quiz), encoding="utf-8")
    words = (str(programs / "python"), "-m", "quizcomp.cli.qti.create", "quiz.json", "--canvas", "--out", f"{OUT}/quiz.zip")
    return Command(words, place, path=place)


def _quizgenerator(count: int, folder: Path) -> Command:
    """A question of one's own as its documentation has it, exported as a QTI package."""
    programs = environment("QuizGenerator", "0.31.2", (3, 12))
    place = _fresh(folder / f"quizgenerator-{count}")
    shutil.copy(QUESTIONS / "quizgenerator.yaml", place / "quiz.yaml")
    shutil.copy(QUESTIONS / "quizgenerator-question.txt", place / "loss_question.py")
    words = (str(programs / "quizgen"), "generate", "--yaml", "quiz.yaml", "--qti-variations", str(count), "--seed", "1")
    return Command(words, place, path=place)


def _rexams(function: str) -> Callable[[int, Path], Command]:
    def command(count: int, folder: Path) -> Command:
        program, place = rscript(), _fresh(folder / f"{function}-{count}")
        shutil.copy(QUESTIONS / "rexams.Rmd", place / "loss.Rmd")
        call = f'library(exams); set.seed(1); {function}("loss.Rmd", n = {count}, dir = "out", name = "loss")'
        return Command((program, "-e", call), place)

    return command


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


_CANVAS = ("**/*", "<item ")
"""Where the questions of both are, and what stands before each."""

PEERS = (
    Peer("text2qti 0.8.0", "Canvas QTI", _export("canvas"), _text2qti, *_CANVAS),
    Peer("edq-quizcomp 1.0.1", "Canvas QTI", _export("canvas"), _quizcomp, *_CANVAS),
    Peer("QuizGenerator 0.31.2", "Canvas QTI", _export("canvas"), _quizgenerator, *_CANVAS),
    Peer("R/exams", "HTML", _build, _rexams("exams2html"), "**/*.html", "<html", 1 / 500),
    Peer("R/exams", "Moodle XML", _export("moodle"), _rexams("exams2moodle"), "**/*", 'type="numerical"', 1 / 300),
)
