"""Named misconceptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizgen.bank.concepts import Concept, Concepts
from quizgen.bank.mistakes import Mistake, Mistakes, load_mistakes
from quizgen.errors import BankError

CONCEPTS = Concepts("", "", (Concept("logarithms", "Logarithms"),))


def load(tmp_path: Path, text: str, concepts: Concepts | None = CONCEPTS) -> Mistakes:
    (tmp_path / "mistakes.yaml").write_text(text)
    return load_mistakes(tmp_path / "mistakes.yaml", concepts)


def test_mistakes_are_found_by_id_in_the_order_of_the_file(tmp_path: Path) -> None:
    first = "used-log10:\n  title: T\n  explanation: |\n    Because.\n  concept: logarithms\n"
    mistakes = load(tmp_path, first + "b: {title: B, explanation: E}\n")
    assert list(mistakes) == ["used-log10", "b"]
    assert mistakes["used-log10"] == Mistake("used-log10", "T", "Because.", "logarithms")
    assert mistakes["b"].concept is None
    assert mistakes.closest("used-log-10") == "used-log10"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Bad_Id: {title: T, explanation: E}", '1:1: "Bad_Id" is no id'),
        ("a: {title: T}", '1:1: the key "explanation" is missing'),
        ("a: {title: T, explanatoin: E}", '1:15: unknown key "explanatoin"; did you mean "explanation"?'),
        ("a: {title: T, explanation: E, concept: logaritms}", '1:40: there is no concept "logaritms"; did you mean'),
        ("a: T", '1:4: a must be a map of keys and values, not "T"'),
        ("[a]", "1:1: the file must be a map"),
        ("a: {title: T, explanation: E}\na: {title: T, explanation: E}", '2:1: the key "a" is already on line 1'),
    ],
)
def test_a_wrong_mistake_is_refused_at_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BankError) as caught:
        load(tmp_path, text + "\n")
    (problem,) = caught.value.problems
    assert f"{problem.line}:{problem.column}: {problem.message}".startswith(message)


def test_without_concepts_the_repairing_concept_is_not_checked(tmp_path: Path) -> None:
    assert load(tmp_path, "a: {title: T, explanation: E, concept: any}\n", None)["a"].concept == "any"
