"""How much work a job makes, counted and not timed: what is done once for a template must not grow with a class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quizgen import load_bank
from quizgen.bank import bank as banks
from quizgen.bank.template import Template
from quizgen.checking import Sweep, checks
from quizgen.quizzes import build_quiz, load_quiz, read_roster
from quizgen.rendering import flavours
from quizgen.variants.expressions import Expression

QUIZ = Path(__file__).parent.parent / "question_bank" / "quizzes" / "sample-homework.yaml"


class Counting:
    """Counts the calls of functions by a name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.calls: Counter[str] = Counter()

    def of(self, place: Any, name: str) -> None:
        """Counts a function from here on."""
        real: Callable[..., Any] = getattr(place, name)

        def counted(*args: Any, **named: Any) -> Any:
            self.calls[name] += 1
            return real(*args, **named)

        self.monkeypatch.setattr(place, name, counted)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    return Counting(monkeypatch)


def _build(folder: Path, students: int) -> None:
    folder.mkdir()
    rows = "".join(f"s{i:04d},Student {i}\n" for i in range(students))
    (folder / "class.csv").write_text("id,name\n" + rows, encoding="utf-8")
    roster = read_roster(folder / "class.csv")
    build_quiz(load_quiz(QUIZ), load_bank(), roster, folder / "out", secret=b"s" * 32)


def test_a_class_of_any_size_reads_each_text_and_compiles_each_template_once(tmp_path: Path, counting: Counting) -> None:
    counting.of(flavours, "read")
    counting.of(banks, "compile_template")
    found = []
    for students in (40, 160):
        flavours._program.cache_clear()
        counting.calls.clear()
        _build(tmp_path / str(students), students)
        found.append(dict(counting.calls))
    few, many = found
    assert few["compile_template"] == many["compile_template"] <= 40
    # a larger class meets the rarer words of a template's cases, each a text of its own, but no text twice
    assert many["read"] <= 1.5 * few["read"]


def test_expressions_are_evaluated_for_whole_blocks(counting: Counting) -> None:
    template = load_bank()["evaluating-model-prediction-quality/order-by-loss"]
    counting.of(Expression, "__call__")
    found = []
    for count in (200, 800):
        counting.calls.clear()
        template.keyed_items(template.variants(secret=b"s", count=count))
        found.append(counting.calls["__call__"])
    assert found[1] <= 1.3 * found[0], found  # more attempts for the few that are refused often, but no more for the rest


def test_all_checks_of_a_sweep_key_and_show_it_once(counting: Counting) -> None:
    template = load_bank()["evaluating-model-prediction-quality/order-by-loss"]
    sweep = Sweep(template, 100)
    cases = len(sweep.parts)
    counting.of(Template, "keyed_block")
    list(sweep.keyed)
    assert counting.calls["keyed_block"] == cases
    wanted = [check for name, check in checks().items() if name not in ("idle-draw", "exports", "self-grading")]
    for check in wanted:
        list(check.find(sweep))
    assert counting.calls["keyed_block"] == cases
