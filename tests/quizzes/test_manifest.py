"""The manifest: what a build keeps for grading."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sample_class import AWKWARD, SECRET, build

from quizgen.errors import ManifestError
from quizgen.quizzes import read_manifest
from quizgen.quizzes.manifest import changed_files


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    _, manifest = build(tmp_path)
    assert [(sheet.student.id, sheet.student.name) for sheet in manifest.sheets] == list(AWKWARD)
    assert manifest.secret == SECRET
    assert read_manifest(tmp_path / "build" / "manifest.json") == manifest
    with manifest.bank() as bank:
        assert sorted(bank) == ["calc/essay", "calc/pick-one", "calc/surprisal", "calc/two-steps"]


def _edits() -> list[tuple[str, Any]]:
    def points(data: Any) -> None:
        data["slots"][0]["points"] = 200

    def ordinal(data: Any) -> None:
        data["students"][3]["items"][0][2] += 1

    def due(data: Any) -> None:
        data["quiz"]["due"] = ""

    def template(data: Any) -> None:
        data["files"]["calc/surprisal.yaml"] += "# new\n"

    def student(data: Any) -> None:
        del data["students"][0]

    def secret(data: Any) -> None:
        data["secret"] = "00" * 32

    return [(edit.__name__, edit) for edit in (points, ordinal, due, template, student, secret)]


@pytest.mark.parametrize(("name", "edit"), _edits())
def test_a_manifest_that_was_edited_by_hand_is_refused(name: str, edit: Any, tmp_path: Path) -> None:
    build(tmp_path)
    path = tmp_path / "build" / "manifest.json"
    data = json.loads(path.read_text())
    edit(data)
    path.write_text(json.dumps(data))
    with pytest.raises(ManifestError, match="was changed after the build"):
        read_manifest(path)


def test_another_layout_of_the_same_json_is_no_edit(tmp_path: Path) -> None:
    _, manifest = build(tmp_path)
    path = tmp_path / "build" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()), sort_keys=True))
    assert read_manifest(path) == manifest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not a manifest"), ("[]", "is not a manifest"), ("{}", "is not a manifest"), ("{", "is not a manifest"),
        ('{"format": "quizgen-manifest", "version": 2}', "version 2"),
        ('{"format": "quizgen-manifest", "version": 1}', "is damaged"),
        ('{"format": "quizgen-manifest", "version": 1, "digest": 1, "students": 3}', "is damaged"),
        ("[" * 100_000, "is not a manifest"),
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_one_clear_error(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(content)
    with pytest.raises(ManifestError, match=said):
        read_manifest(path)


@pytest.mark.parametrize("raw", [b"\xff\xfe{\x00", b"\x80"])
def test_a_manifest_of_other_bytes_is_one_clear_error(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(raw)
    with pytest.raises(ManifestError, match="is not a manifest"):
        read_manifest(path)


def test_a_missing_manifest_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        read_manifest(tmp_path / "no.json")


def test_files_of_the_bank_that_were_edited_since_the_build_are_named(tmp_path: Path) -> None:
    _, manifest = build(tmp_path)
    assert changed_files(manifest) == []
    (tmp_path / "bank" / "calc" / "surprisal.yaml").write_text("title: gone\n")
    (tmp_path / "bank" / "calc" / "tiny.yaml").write_text("title: not in the quiz\n")
    (tmp_path / "bank" / "calc" / "essay.yaml").unlink()
    assert changed_files(manifest) == ["calc/essay.yaml", "calc/surprisal.yaml"]
    assert changed_files(manifest, tmp_path / "nowhere") == []
