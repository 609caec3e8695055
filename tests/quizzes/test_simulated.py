"""Responses of an invented class."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_class import QUIZ, build, fields

from quizgen.bank import Template, Variants
from quizgen.quizzes import simulated
from quizgen.quizzes.simulated import ESSAY, Learner, responses


def test_a_class_answers_as_its_learners_do_whatever_the_size_of_the_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each template is drawn once for a group of students, and the responses are those drawn one at a time."""
    _, manifest = build(tmp_path / "c", QUIZ, [(f"s{i:02}", "") for i in range(12)])
    learners = [Learner(1, 0, 0, 0), Learner(0, 1, 1, 0), Learner(0, 1, 0, 1), Learner(0.4, 0.8)] * 3
    draw = Template.variants_at
    drawn = 0

    def counted(self: Template, *args: object, **options: object) -> Variants:
        nonlocal drawn
        drawn += 1
        return draw(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Template, "variants_at", counted)
    with manifest.bank() as bank:
        at_once = responses(manifest, bank, manifest.sheets, learners, seed=3)
        assert drawn == 4
        monkeypatch.setattr(simulated, "GROUP", 1)
        assert responses(manifest, bank, manifest.sheets, learners, seed=3) == at_once
        assert responses(manifest, bank, manifest.sheets, learners, seed=4) != at_once
    for sheet, row in zip(manifest.sheets, at_once, strict=True):
        assert list(row) == fields(manifest, sheet)
        assert row["q4"] == ESSAY
    assert [set(row.values()) - {ESSAY} == {""} for row in at_once[:4]] == [False, True, False, False]
