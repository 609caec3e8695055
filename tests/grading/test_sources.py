"""Folders, zip archives and workbooks that are damaged, hostile, or full of other things."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from quizgen.errors import SubmissionError
from quizgen.grading import sources
from quizgen.grading.reading import Layout, Submissions, read_submissions
from quizgen.quizzes import spreadsheet


def record(student: str, **answers: str) -> str:
    return json.dumps({"student": student, "answers": answers})


def told(result: Submissions) -> dict[str, str]:
    return {Path(source).name: reason for source, reason in result.rejected.select("source", "reason").rows()}


def test_a_folder_is_read_whole_in_order_of_name_and_tells_what_it_could_not_use(tmp_path: Path, layout: Layout) -> None:
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    (folder / "__MACOSX").mkdir()
    (folder / "b" / "bob.json").write_text(record("bob", q1="A"))
    (folder / "ann.json").write_text(record("ann", q1="B"))
    (folder / "wide.csv").write_text("student,q1\nJosé,C\n")
    (folder / "essay.pdf").write_bytes(b"%PDF-1.4")
    (folder / "broken.csv").write_text('student,q1\nann,A\nbob,"B\n')
    (folder / "empty.txt").write_text("")
    (folder / ".DS_Store").write_bytes(b"\0\1")
    (folder / "__MACOSX" / "ann.json").write_text(record("ann", q1="X"))
    (folder / "link.json").symlink_to(folder / "ann.json")
    os.mkfifo(folder / "pipe")
    result = read_submissions([folder], layout)
    assert result.responses.select("student", "text").rows() == [("ann", "B"), ("bob", "A"), ("José", "C")]
    reasons = told(result)
    assert sorted(reasons) == ["broken.csv", "empty.txt", "essay.pdf", "link.json", "pipe"]
    assert "never closed" in reasons["broken.csv"]
    assert reasons["essay.pdf"] == "the file is not read: this is a PDF, not a file of responses"
    assert "a link" in reasons["link.json"]
    assert sum(note.endswith("skipped: a hidden file") for note in result.notes) == 2
    assert result.received == 3 + 5


def test_a_folder_that_is_a_link_is_not_entered_but_told(tmp_path: Path, layout: Layout) -> None:
    (tmp_path / "in" / "own").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "bob.json").write_text(record("bob", q1="A"))
    (tmp_path / "in" / "own" / "ann.json").write_text(record("ann", q1="B"))
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "own" / "round").symlink_to(tmp_path / "in")
    result = read_submissions([tmp_path / "in"], layout)
    assert result.responses["student"].to_list() == ["ann"]
    reason = "the file is not read: this is a link to another folder, which is not entered"
    assert told(result) == {"linked": reason, "round": reason}


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path, layout: Layout) -> None:
    (tmp_path / "ann.json").write_text(record("ann", q1="B"))
    result = read_submissions([tmp_path, tmp_path / "ann.json"], layout)
    assert len(result.responses) == 1
    assert result.notes == (f"{tmp_path / 'ann.json'}: skipped: read already",)


def test_an_empty_folder_is_refused(tmp_path: Path, layout: Layout) -> None:
    with pytest.raises(SubmissionError, match="holds no files"):
        read_submissions([tmp_path], layout)


def zipped(path: Path, files: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_zip_of_response_files_is_read_without_touching_the_disk(tmp_path: Path, layout: Layout) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.json": record("ann", q1="Z")}).read_bytes()
    path = zipped(
        tmp_path / "hand-ins.zip",
        {
            "Ann_1_file/ann.json": record("ann", q1="B"),
            "../../bob.json": record("bob", q1="A"),
            "nested.zip": inner,
            "__MACOSX/x.json": record("ann", q1="X"),
            "essay.docx": zipped(tmp_path / "d", {"[Content_Types].xml": "", "word/document.xml": ""}).read_bytes(),
        },
    )
    before = sorted(tmp_path.rglob("*"))
    result = read_submissions([path], layout)
    assert sorted(result.responses.select("student", "text", "source").rows()) == [
        ("ann", "B", f"{path}/Ann_1_file/ann.json"),
        ("bob", "A", f"{path}/../../bob.json"),
    ]
    assert told(result) == {
        "nested.zip": "the file is not read: a zip archive inside another is not opened",
        "essay.docx": 'the file is not read: this is a Word document; save it as an Excel workbook ".xlsx" or as CSV',
    }
    assert sorted(tmp_path.rglob("*")) == before


def test_a_zip_that_would_unpack_beyond_the_limit_is_refused(
    tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_UNPACKED_BYTES", 1_000_000)
    path = zipped(tmp_path / "bomb.zip", {"a.json": b" " * 2_000_000})
    with pytest.raises(SubmissionError, match="larger than 1 MB"):
        read_submissions([path], layout)


def test_a_damaged_zip_is_refused_and_a_damaged_file_in_it_is_rejected(tmp_path: Path, layout: Layout) -> None:
    path = zipped(tmp_path / "x.zip", {"a.json": record("ann", q1="B" * 50), "b.json": record("bob", q1="A")})
    whole = path.read_bytes()
    start = whole.index(b"a.json") + 6
    path.write_bytes(whole[:start] + b"\xff\xff\xff" + whole[start + 3 :])
    result = read_submissions([path], layout)
    assert result.responses["student"].to_list() == ["bob"]
    assert told(result) == {"a.json": "the file is not read: the file cannot be unpacked"}
    path.write_bytes(whole[:-30])
    with pytest.raises(SubmissionError, match="damaged"):
        read_submissions([path], layout)


def test_a_file_over_the_limit_is_refused(tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_FILE_BYTES", 1_000_000)
    path = tmp_path / "big.csv"
    path.write_bytes(b"x" * 1_000_001)
    with pytest.raises(SubmissionError, match="larger than 1 MB"):
        read_submissions([path], layout)


def sheet_with(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    """A workbook with ann's answers, whose first sheet's XML is edited by regular expressions."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["student", "q1", "q2"])
        sheet.write_row(1, 0, ["ann", 0.25, 2])
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                text = content.decode()
                for pattern, replacement in edits:
                    text, times = re.subn(pattern, replacement, text)
                    assert times
                content = text.encode()
            new.writestr(name, content)
    return path


def test_binary_noise_of_a_computed_cell_is_not_shown(tmp_path: Path, layout: Layout) -> None:
    result = read_submissions([sheet_with(tmp_path, ("0.25", "0.30000000000000004"))], layout)
    assert result.responses["text"].to_list() == ["0.3", "2"]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (('r="C2"', 'r="XFD1048576"'), "1048576 rows and 16384 columns|spans"),
        (('r="C2"', "r='XFD1048576'"), "spans"),
        (('r="C2"', 'r="&#67;2"'), "unusual"),
        (("sheetData", "sheetdata"), "unusual|damaged"),
        (("</sheetData>.*", ""), "damaged"),
    ],
)
def test_a_hostile_or_damaged_workbook_is_refused(tmp_path: Path, layout: Layout, edit: tuple[str, str], message: str) -> None:
    with pytest.raises(SubmissionError, match=message):
        read_submissions([sheet_with(tmp_path, edit)], layout)


def test_a_workbook_that_would_unpack_beyond_the_limit_is_refused(
    tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(SubmissionError, match="unpacked"):
        read_submissions([sheet_with(tmp_path, ("0.25", "0.5"))], layout)


def test_a_third_partys_reader_is_asked_first(tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    from quizgen import extensions
    from quizgen.grading.readers.units import Chunk, Reader, UnitList

    def read(blob: object, layout: object) -> list[Chunk]:
        units = UnitList()
        units.add(1, student="ann", field="q1", text="own")
        return [Chunk(units.take())]

    class Entry:
        name, value, dist = "own", "own:READER", None

        def load(self) -> Reader:
            return Reader("own", lambda blob: blob.raw.startswith(b"OWN"), lambda blob, layout: iter(read(blob, layout)))

    monkeypatch.setattr(extensions, "entry_points", lambda group: [Entry()] if group == "quizgen.readers" else [])
    extensions.forget()
    path = tmp_path / "x"
    path.write_bytes(b"OWN")
    result = read_submissions([path], layout)
    assert result.files[0].format == "own"
    assert result.responses["text"].to_list() == ["own"]
    extensions.forget()
