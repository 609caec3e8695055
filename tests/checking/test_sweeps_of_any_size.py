"""The checks of guessing, fairness and wording say something sensible of few variants too, and of minutes far too many."""

from __future__ import annotations

from pathlib import Path

import pytest
from planting import HEAD, SURPRISAL

from quizgen.bank import Template, load_bank, load_template
from quizgen.checking import Figure, Finding, Sweep, checks

STATISTICAL = ("guessable", "key-position", "capacity", "no-variation", "fairness")
READING = (
    "uneven-variants incidental minutes article punctuation doubled-word empty-text spelling option-length no-question "
    "long-sentence hidden-negative all-of-the-above unit-not-told rounding-not-told solution-shows-key solution-shows-option"
)

SHIPPED = load_bank()


@pytest.mark.parametrize("id", sorted(SHIPPED)[::12])
@pytest.mark.parametrize("count", [1, 7])
def test_few_variants_are_never_called_wrong_for_being_few(id: str, count: int) -> None:
    sweep = Sweep(SHIPPED[id], count)
    for name in STATISTICAL:
        assert not [one for one in checks()[name].find(sweep) if isinstance(one, Finding)], name
    for name in READING.split():
        assert all(isinstance(one, Finding | Figure) for one in checks()[name].find(sweep))


def _with_minutes(minutes: str, folder: Path) -> Template:
    file = folder / "t.yaml"
    file.write_text(HEAD.replace("minutes: 2", f"minutes: {minutes}") + SURPRISAL, "utf-8")
    return load_template(file)


@pytest.mark.parametrize(("minutes", "says"), [("0.1", "reading"), ("90", "would be much"), ("3", "")])
def test_minutes_are_neither_less_than_reading_takes_nor_absurdly_many(minutes: str, says: str, tmp_path: Path) -> None:
    found = list(checks()["minutes"].find(Sweep(_with_minutes(minutes, tmp_path), 50)))
    messages = [one.message for one in found if isinstance(one, Finding)]
    assert [says in message for message in messages] == ([True] if says else [])
    assert any(isinstance(one, Figure) for one in found)


def test_every_template_has_a_figure_of_its_best_blind_strategy_and_of_its_distinct_variants() -> None:
    for id in sorted(SHIPPED)[::20]:
        sweep = Sweep(SHIPPED[id], 60)
        for check, name in (("guessable", "best blind strategy"), ("capacity", "distinct variants")):
            figures = [one for one in checks()[check].find(sweep) if isinstance(one, Figure)]
            assert [figure.name for figure in figures] == [name]
            assert figures[0].value
