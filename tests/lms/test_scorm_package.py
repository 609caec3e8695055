"""SCORM packages are valid, the same in every run, and hold nothing from which a key could be told."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from qti_bank import SECRET, TEMPLATES, write_bank
from sample_class import write_text

from quizgen.bank import Bank, load_bank
from quizgen.errors import QuizgenError
from quizgen.lms.base import Format
from quizgen.lms.export import export_quiz
from quizgen.lms.formats.scorm import SCORM12, SCORM2004
from quizgen.lms.record import read_record
from quizgen.quizzes import load_quiz

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(os.environ.get("QUIZGEN_XSD", ROOT.parent / "shared" / "xsd"))
VALID_BY = {"scorm12": "scorm12/scorm12.xsd", "scorm2004": "scorm2004_4th/scorm2004.xsd"}
QUIZ = "title: A quiz & <more>\ninstructions: Work **alone**.\nhints: HINTS\nsections:\n  - title: One & only\n    items:\n"
TELLING = """title: A trial
concept: trial
level: apply
minutes: 1
draw: {n: {integer: [2, 60]}}
stem: "What is {{ n }} and 100?"
answers:
  sum: {kind: numeric, value: n + 100000, decimals: 0, mistakes: {m-one: n + 200000}}
  word: {kind: text, accept: [the-key-in-words, {text: half-a-key, credit: 0.5}], mistakes: {m-two: [a-foreseen-slip]}}
  pick:
    kind: choice
    options:
      - {text: first, true_when: true}
      - {text: second, true_when: false, feedback: feedback-of-an-option, mistake: m-three}
hints: [a-hint-to-see]
solution: This is the-worked-solution.
"""
SECRETS = ("100000", "200000", "the-key", "half-a-key", "slip", "feedback-of", "worked-solution", "Mistake", "m-one", "m-three")


@pytest.fixture(params=[SCORM12, SCORM2004], ids=lambda format: str(format.name))
def format(request: pytest.FixtureRequest) -> Format:
    chosen: Format = request.param
    return chosen


def package(
    folder: Path, bank: Bank, format: Format, names: list[str], *, hints: bool = True, variants: int = 3
) -> dict[str, bytes]:
    """The files of a package with these templates."""
    items = "".join(f"      - {{template: {name}, points: 2}}\n" for name in names)
    quiz = write_text(folder / "quiz.yaml", QUIZ.replace("HINTS", str(hints).lower()) + items)
    done = export_quiz(load_quiz(quiz), bank, format, folder / "out.zip", variants=variants, secret=SECRET, force=True)
    return unpacked(done.file)


def unpacked(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def question(raw: bytes) -> dict[str, Any]:
    """What a question's file tells the page."""
    found = re.fullmatch(r"quizgenQuestion\((\{.*\})\);\n", raw.decode())
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


def test_a_package_names_all_its_files_in_a_valid_manifest(tmp_path: Path, format: Format) -> None:
    etree = pytest.importorskip("lxml.etree", reason="lxml is not installed (pip install lxml)")
    if not SCHEMAS.is_dir():
        pytest.skip(f"the standards' schemas are not in {SCHEMAS}; QUIZGEN_XSD tells where they are")
    files = package(tmp_path, write_bank(tmp_path / "bank"), format, list(TEMPLATES))
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / VALID_BY[format.name]), etree.XMLParser(no_network=True)))
    manifest = etree.fromstring(files["imsmanifest.xml"])
    assert schema.validate(manifest), schema.error_log
    named = [node.get("href") for node in manifest.iter("{*}file")]
    assert sorted([*named, "imsmanifest.xml"]) == sorted(files)
    assert [node.text for node in manifest.iter("{*}title")] == ["A quiz & <more>"] * 2


def test_nothing_in_a_package_tells_a_key(tmp_path: Path, format: Format) -> None:
    write_bank(tmp_path / "bank")
    write_text(tmp_path / "bank" / "telling.yaml", TELLING)
    files = package(tmp_path, load_bank(tmp_path / "bank"), format, ["telling"])
    questions = [raw for name, raw in files.items() if name.startswith("questions/")]
    assert len(questions) == 3
    for raw in questions:
        assert [word for word in SECRETS if word in raw.decode()] == []
        assert "a-hint-to-see" in raw.decode()
    rest = b"".join(raw for name, raw in files.items() if not name.startswith("questions/")).decode()
    record = read_record(tmp_path / "out.zip.manifest.json")
    assert [word for word in (*SECRETS, record.secret.hex(), "telling") if word in rest] == []


def test_a_question_says_which_field_is_which_answer(tmp_path: Path, format: Format) -> None:
    write_bank(tmp_path / "bank")
    write_text(tmp_path / "bank" / "telling.yaml", TELLING)
    files = package(tmp_path, load_bank(tmp_path / "bank"), format, ["text-strict", "telling"], hints=False, variants=1)
    first, second = (question(raw) for name, raw in files.items() if name.startswith("questions/"))
    assert first["fields"] == {"q1": "answer"}
    assert second["fields"] == {"q2.sum": "sum", "q2.word": "word", "q2.pick": "pick"}
    for told in (first, second):
        assert re.fullmatch(r"qg-[0-9a-z]{8}", told["ident"])
        assert set(re.findall(r'data-field="([^"]*)"', told["html"])) == set(told["fields"])
        assert "<h3" in told["html"]
    assert "a-hint-to-see" not in second["html"]


def test_the_page_knows_the_questions_of_each_place(tmp_path: Path, format: Format) -> None:
    files = package(tmp_path, write_bank(tmp_path / "bank"), format, ["numeric", "text", "choice-plain"])
    index = files["index.html"].decode()
    places = {number: codes.split() for number, codes in re.findall(r'data-number="(\d+)" data-codes="([^"]*)"', index)}
    assert list(places) == ["1", "2", "3"]
    assert len(places["1"]) == 3
    listed = [f"questions/qg-{code}.js" for codes in places.values() for code in codes]
    assert sorted(listed) == sorted(name for name in files if name.startswith("questions/"))
    assert "A quiz &amp; &lt;more&gt;" in index
    assert "<strong>alone</strong>" in index


def test_a_package_is_the_same_in_every_run(tmp_path: Path, format: Format) -> None:
    bank = write_bank(tmp_path / "bank")
    package(tmp_path, bank, format, list(TEMPLATES))
    before = (tmp_path / "out.zip").read_bytes()
    package(tmp_path, bank, format, list(TEMPLATES))
    assert (tmp_path / "out.zip").read_bytes() == before


def test_more_answers_than_a_system_keeps_are_refused(tmp_path: Path, format: Format) -> None:
    bank = write_bank(tmp_path / "bank")
    with pytest.raises(QuizgenError, match=r"up to 200 answers of a student, and this quiz has 204"):
        package(tmp_path, bank, format, ["several"] * 51, variants=1)
    assert not (tmp_path / "out.zip").exists()
