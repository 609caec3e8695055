"""What a check found before it broke down is told, and then that it broke."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planting import HEAD, SURPRISAL

from quizgen.bank import load_template
from quizgen.bank.source import read_with_extends
from quizgen.checking import Finding, Sweep, check
from quizgen.checking import run as running
from quizgen.checking.run import Plan, check_template


@check("breaks", "error")
def breaks(sweep: Sweep) -> Iterator[Finding]:
    """Finds one thing, and breaks down."""
    yield Finding(("stem",), "the later of two", 7)
    yield Finding(("stem",), "the earlier of two", 3)
    raise RuntimeError("no further")


def test_what_was_found_before_a_check_broke_down_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(HEAD + SURPRISAL, "utf-8")
    monkeypatch.setattr(running, "checks", lambda: {"breaks": breaks})
    report = check_template(load_template(file), read_with_extends(file, tmp_path), Plan(count=10))
    assert [(one.check, one.ordinal) for one in report.found] == [("breaks", 3), ("crashed", None)]
    assert report.found[0].place.message == "the earlier of two"
    assert "no further" in report.found[1].place.message
