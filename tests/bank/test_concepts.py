"""The concept graph."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.bank.concepts import Concept, Concepts, load_concepts
from quizgen.errors import BankError

COURSE = """\
course: A course
page: A page
concepts:
  - {id: loss, title: Loss, part: related, row: 3, requires: [entropy, logarithm]}
  - {id: entropy, title: Entropy, part: before, row: 1, requires: [logarithm], summary: Average surprisal.}
  - {id: logarithm, title: Logarithm, part: before, row: 2}
  - {id: perplexity, title: Perplexity, part: after, row: 4, requires: [loss]}
"""


def load(tmp_path: Path, text: str) -> Concepts:
    (tmp_path / "concepts.yaml").write_text(text)
    return load_concepts(tmp_path / "concepts.yaml")


def refused(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(BankError) as caught:
        load(tmp_path, text)
    return [f"{problem.line}:{problem.column}: {problem.message}" for problem in caught.value.problems]


def test_concepts_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    concepts = load(tmp_path, COURSE)
    assert (concepts.course, concepts.page, len(concepts)) == ("A course", "A page", 4)
    assert list(concepts) == ["loss", "entropy", "logarithm", "perplexity"]
    assert concepts["entropy"] == Concept("entropy", "Entropy", "before", 1, ("logarithm",), "Average surprisal.")


def test_prerequisites_come_in_the_order_in_which_they_can_be_learnt(tmp_path: Path) -> None:
    concepts = load(tmp_path, COURSE)
    assert [known.id for known in concepts.prerequisites("perplexity")] == ["logarithm", "entropy", "loss"]
    assert concepts.prerequisites("logarithm") == ()


def test_a_path_ends_with_its_concept_and_among_what_can_be_learnt_the_lower_row_comes_first(tmp_path: Path) -> None:
    text = """\
concepts:
  - {id: goal, title: G, row: 9, requires: [late, early, free]}
  - {id: late, title: L, row: 4, requires: [base]}
  - {id: free, title: F}
  - {id: early, title: E, row: 2}
  - {id: base, title: B, row: 3}
"""
    concepts = load(tmp_path, text)
    assert [step.id for step in concepts.path("goal")] == ["early", "base", "late", "free", "goal"]
    assert [step.id for step in concepts.path("early")] == ["early"]


def test_a_misspelt_concept_is_recognised(tmp_path: Path) -> None:
    assert load(tmp_path, COURSE).closest("perplexty") == "perplexity"


def test_repeated_ids_and_rows_and_unknown_requirements_are_told_together(tmp_path: Path) -> None:
    text = COURSE + "  - {id: loss, title: Again, row: 1, requires: [entropi, zzz]}\n"
    assert refused(tmp_path, text) == [
        "8:10: id loss is already used on line 4",
        "8:35: row 1 is already used on line 5",
        '8:49: there is no concept "entropi"; did you mean "entropy"?',
        '8:58: there is no concept "zzz"; there are entropy, logarithm, perplexity',
    ]


def test_concepts_that_require_each_other_are_named(tmp_path: Path) -> None:
    text = """\
concepts:
  - {id: z, title: Z, requires: [a]}
  - {id: a, title: A, requires: [b]}
  - {id: b, title: B, requires: [c]}
  - {id: c, title: C, requires: [a]}
"""
    (message,) = refused(tmp_path, text)
    start, names = message.split(" in a circle: ")
    circle = names.split(" → ")
    assert start.endswith("concepts require each other")
    assert circle[0] == circle[-1]
    assert all((one, two) in {("a", "b"), ("b", "c"), ("c", "a")} for one, two in pairwise(circle))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{id: Bad Id, title: A}", '"Bad Id" is no id'),
        ("{id: a, title: A, part: befor}", 'did you mean "before"?'),
        ("{id: a, title: A, row: 0}", "row must be at least 1"),
        ("{id: a, title: A, row: '1'}", "row must be a whole number"),
        ("{id: a, title: ''}", "title must not be empty"),
        ("{id: a}", 'the key "title" is missing'),
        ("{id: a, title: A, requires: [a]}", "in a circle: a → a"),
        ("{id: a, title: A, needs: [a]}", 'unknown key "needs"'),
    ],
)
def test_a_wrong_concept_is_refused_with_its_reason(tmp_path: Path, entry: str, words: str) -> None:
    (message,) = refused(tmp_path, f"concepts:\n  - {entry}\n")
    assert words in message
    assert message.startswith("2:")


def test_a_long_chain_of_concepts_is_no_trouble() -> None:
    chain = [Concept(f"c{i}", "C", requires=(f"c{i - 1}",) if i else ()) for i in range(5000)]
    assert len(Concepts("", "", tuple(chain)).prerequisites("c4999")) == 4999


@given(st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=10))
def test_every_prerequisite_follows_its_own(required: list[set[int]]) -> None:
    made = [Concept(f"c{i}", "C", requires=tuple(f"c{j}" for j in sorted(needs) if j < i)) for i, needs in enumerate(required)]
    concepts = Concepts("", "", tuple(made[::-1]))
    for id in concepts:
        order = [known.id for known in concepts.prerequisites(id)]
        assert [known.id for known in concepts.path(id)] == [*order, id]
        assert id not in order
        for place, known in enumerate(order):
            assert set(concepts[known].requires) <= set(order[:place])
        assert set(concepts[id].requires) <= set(order)
