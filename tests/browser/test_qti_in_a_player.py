"""Exported items in a QTI 3 player: answered rightly, partly and wrongly by clicks, keys and dragging, they score as here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from browser_session import Session
from qti_bank import TEMPLATES, Exported, exported, write_bank
from qti_player import Player

from quizgen.bank import Bank
from quizgen.items import Arrange, ChooseMany, EnterNumber, EnterText
from quizgen.lms.formats.qti import QTI3, QTI21

ROUNDING = 0.0006
"""The player writes what it computes with three decimals."""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_bank(tmp_path_factory.mktemp("qti") / "bank")


@pytest.fixture(scope="module")
def player(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player.open(session, tmp_path_factory.mktemp("player"))


def attempts(question: Exported) -> Iterator[Mapping[str, str]]:
    """Right, partly right, wrong and unreadable responses, and none at all."""
    yield dict.fromkeys(question.interactions, "")
    if len(question.interactions) > 1:
        yield {name: specimens.right[0] for name, specimens in question.specimens.items()}
        for first in (0, 1):  # every other answer is wrong
            yield {
                name: (specimens.right if place % 2 == first else specimens.wrong)[0]
                for place, (name, specimens) in enumerate(question.specimens.items())
            }
        return
    name, interaction = next(iter(question.interactions.items()))
    specimens = question.specimens[name]
    yield {name: specimens.right[0]}
    if isinstance(interaction, Arrange):
        a, b, *rest = specimens.right[0].split()
        yield {name: " ".join([b, a, *rest])}
        yield {name: specimens.wrong[1]}
        return
    if isinstance(interaction, ChooseMany):
        yield {name: interaction.options[0].label}
        yield {name: "none"}
    if isinstance(interaction, EnterNumber | EnterText):
        yield {name: "about a third"}
    for response in (*specimens.wrong, *(text for _, text in specimens.mistakes)):
        yield {name: response}


@pytest.mark.parametrize("template", [name for name in TEMPLATES if name != "essay"])
def test_an_item_scores_as_quizgen_marks(template: str, bank: Bank, player: Player, tmp_path: Path) -> None:
    scores = set()
    for question in exported(bank, tmp_path, QTI3, [template], 1):
        for answers in attempts(question):
            earned = player.attempt(question.ident, question.item, question.given(answers))
            assert earned.score == pytest.approx(question.mark(answers), abs=ROUNDING), answers
            scores.add(earned.score)
    assert {0.0, 1.0} <= scores


def test_the_mistake_and_the_solution_are_shown_when_an_attempt_ends(bank: Bank, player: Player, tmp_path: Path) -> None:
    question = next(exported(bank, tmp_path, QTI3, ["numeric"], 1))
    specimens = question.specimens["answer"]
    mistake, response = specimens.mistakes[0]
    wrong = player.attempt(question.ident, question.item, {"RESPONSE": response})
    right = player.attempt(question.ident, question.item, {"RESPONSE": specimens.right[0]})
    assert len(wrong.told) == 2
    assert question.template.mistakes[mistake].title in wrong.told[0]
    assert right.told == wrong.told[1:]


def test_an_essay_can_be_written_and_waits_for_its_mark(bank: Bank, player: Player, tmp_path: Path) -> None:
    question = next(exported(bank, tmp_path, QTI3, ["essay"], 1))
    assert player.attempt(question.ident, question.item, {"RESPONSE": "It depends.\nVery much."}).score == 0


@pytest.mark.parametrize("template", ["many-every-decision-counts", "match-each-pair", "numeric", "text", "distribution-brier"])
def test_an_item_of_version_2_1_scores_the_same_when_it_is_upgraded(
    template: str, bank: Bank, player: Player, tmp_path: Path
) -> None:
    convert = pytest.importorskip("qti_convert", reason="the converter is not installed (pip install citolab-qti-convert)")
    for question in exported(bank, tmp_path, QTI21, [template], 1):
        upgraded = convert.upgrade_item(question.item.decode()).encode()
        for answers in attempts(question):
            earned = player.attempt(question.ident, upgraded, question.given(answers))
            assert earned.score == pytest.approx(question.mark(answers), abs=ROUNDING), answers
