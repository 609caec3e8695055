"""Files that cannot be read, named one by one beside others that can."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from quizgen.errors import SubmissionError
from quizgen.grading import intake, sources
from quizgen.grading.placing import Placer
from quizgen.grading.readers import table
from quizgen.grading.reading import Layout, read_submissions
from quizgen.quizzes import archives, spreadsheet

DAMAGED = {
    "cut.zip": (b"PK\x03\x04 cut off", "damaged"),
    "garbage.xlsx": (b"PK\x05\x06garbage", "damaged"),
    "broken.json": (b'{"student": "ann", "answers": {', "line 1, column 32: not JSON"),
    "latin.csv": ("student,q1\nJosé,A\n".encode("latin-1"), 'save the file as "CSV UTF-8"'),
    "nul.csv": (b"student,q1\nann,\0\n", "holds a NUL"),
    "page.html": (b"<html>", "a web page"),
    "empty.txt": (b"", "the file is empty"),
    "open.csv": (b'student,q1\nann,A\nbob,"B\n', "never closed"),
}


def record(student: str, **answers: str) -> str:
    return json.dumps({"student": student, "answers": answers})


def damaged(folder: Path) -> list[Path]:
    for name, (raw, _) in DAMAGED.items():
        (folder / name).write_bytes(raw)
    return [folder / name for name in DAMAGED]


def test_a_damaged_file_among_others_that_are_named_is_rejected_with_its_reason(tmp_path: Path, layout: Layout) -> None:
    (tmp_path / "ann.json").write_text(record("ann", q1="B"))
    result = read_submissions([*damaged(tmp_path), tmp_path / "ann.json"], layout)
    assert result.responses.select("student", "text").rows() == [("ann", "B")]
    assert result.received == 1 + len(DAMAGED)
    told = {Path(source).name: reason for source, reason in result.rejected.select("source", "reason").rows()}
    assert sorted(told) == sorted(DAMAGED)
    for name, (_, said) in DAMAGED.items():
        assert told[name].startswith("the file is not read: ")
        assert said in told[name]
        assert str(tmp_path) not in told[name]


@pytest.mark.parametrize("in_folder", [True, False])
def test_where_no_file_at_all_can_be_read_the_error_tells_of_each(in_folder: bool, tmp_path: Path, layout: Layout) -> None:
    named = damaged(tmp_path)
    with pytest.raises(SubmissionError) as caught:
        read_submissions([tmp_path] if in_folder else named, layout)
    lines = str(caught.value).split("\n")
    assert sorted(line.split(": ")[0] for line in lines) == sorted(map(str, named))
    for name, (_, said) in DAMAGED.items():
        assert any(name in line and said in line for line in lines)


def test_of_very_many_files_that_cannot_be_read_the_first_are_told(tmp_path: Path, layout: Layout) -> None:
    for number in range(50):
        (tmp_path / f"{number:02}.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(SubmissionError) as caught:
        read_submissions([tmp_path], layout)
    lines = str(caught.value).split("\n")
    assert len(lines) == 21
    assert lines[-1] == "and 30 more files that cannot be read"


def test_a_folder_of_hidden_files_alone_holds_no_responses(tmp_path: Path, layout: Layout) -> None:
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    with pytest.raises(SubmissionError, match="no file of responses"):
        read_submissions([tmp_path], layout)


def test_a_path_that_is_not_there_stops_everything_since_it_is_a_slip_of_the_command(tmp_path: Path, layout: Layout) -> None:
    (tmp_path / "ann.json").write_text(record("ann", q1="B"))
    with pytest.raises(SubmissionError) as caught:
        read_submissions([tmp_path / "ann.json", tmp_path / "bob.json", tmp_path / "eve.json"], layout)
    assert [line.split("/")[-1] for line in str(caught.value).split("\n")] == [
        "bob.json: there is no such file or folder", "eve.json: there is no such file or folder",
    ]  # fmt: skip


def test_a_fault_that_shows_only_at_the_end_of_a_file_leaves_none_of_its_rows_behind(
    tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where its first rows were placed long before."""
    monkeypatch.setattr(intake, "UNITS_AT_ONCE", 10)
    monkeypatch.setattr(table, "UNITS_AT_ONCE", 80)
    rows = "".join(f'ann,"{i}",x\neve,{i},\nann,,maybe\n' for i in range(60))
    (tmp_path / "a.csv").write_text(f'student,q1,submitted\n{rows}bob,"B')
    (tmp_path / "b.json").write_text(record("bob", q1="A"))
    result = read_submissions([tmp_path], layout)
    assert result.responses.select("student", "text").rows() == [("bob", "A")]
    assert result.rejected["row"].to_list() == [1]
    assert result.received == 2
    assert result.notes == ()


def test_the_files_of_a_class_are_placed_in_one_pass(tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each response still tells its own file and row, and blank cells are counted as if each file stood alone."""
    passes = 0
    place = Placer.place

    def counted(self: Placer, *units: object) -> object:
        nonlocal passes
        passes += 1
        return place(self, *units)  # type: ignore[arg-type]

    monkeypatch.setattr(Placer, "place", counted)
    for number in range(100):
        (tmp_path / f"{number:03}.json").write_text(record(["ann", "bob", "eve"][number % 3], q1=str(number)))
        (tmp_path / f"{number:03}.csv").write_text(f"student,q1,q3.loss_1,submitted\neve,,,\nann,{number},,maybe\n")
    result = read_submissions([tmp_path], layout)
    assert passes == 2
    assert len(result.responses) == 67 + 100
    assert result.received == len(result.responses) + len(result.rejected) == 300
    for student, text, source, row in result.responses.select("student", "text", "source", "row").iter_rows():
        assert Path(source).stem == f"{int(text):03}"
        assert row == (1 if source.endswith(".json") else 3)
        assert student == (["ann", "bob"][int(text) % 3] if source.endswith(".json") else "ann")
    assert [note.split(": ", 1)[0].rsplit("/")[-1] for note in result.notes] == [f"{n:03}.csv" for n in range(100)]
    assert {(file.format, file.responses, file.rejected) for file in result.files} == {
        ("CSV", 1, 1), ("JSON", 1, 0), ("JSON", 0, 1),
    }  # fmt: skip


@pytest.mark.parametrize("inside", [4, 60])
def test_a_zip_that_lists_more_files_than_the_limit_is_refused(
    inside: int, tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also before its list is read at all, where it is far beyond the limit."""
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(inside):
            archive.writestr(f"{number}.json", record("ann", q1="B"))
    with pytest.raises(SubmissionError, match="lists more than 3 files, the most that are read"):
        read_submissions([tmp_path / "many.zip"], layout)


def test_the_page_on_grading_states_the_limits_that_hold() -> None:
    page = " ".join((Path(__file__).parents[2] / "docs" / "grading.md").read_text(encoding="utf-8").split())
    assert (
        f"A file may have {sources.MAX_FILE_BYTES // 10**6} MB. A zip archive may hold {archives.MAX_MEMBERS:,} files of "
        f"{sources.MAX_UNPACKED_BYTES // 10**6} MB together, a workbook {spreadsheet.MAX_UNPACKED_BYTES // 10**6} MB and "
        f"{spreadsheet.MAX_CELLS:,} cells when unpacked"
    ) in page
