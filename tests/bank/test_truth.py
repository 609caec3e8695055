"""Every key of the shipped bank, derived a second time from what a student reads: it is the key, and it is marked right."""

from __future__ import annotations

import pytest
from derivations import DERIVATIONS
from student_view import seen, typed

from quizgen import load_bank
from quizgen.answers import Reading
from quizgen.bank import Bank, Template
from quizgen.items import Arrange, ChooseMany, ChooseOne, EnterNumber, Match, StateDistribution, WriteFreely
from quizgen.variants.texts import plain_text

VARIANTS = 500


@pytest.fixture(scope="module")
def bank() -> Bank:
    """The shipped bank."""
    return load_bank()


def is_essay(template: Template) -> bool:
    (item,) = template.items(template.variants(secret=b"truth"))
    return all(isinstance(interaction, WriteFreely) for _, interaction in item.interactions)


def test_every_template_but_an_essay_has_a_derivation(bank: Bank) -> None:
    assert {header.id for header in bank.headers() if not is_essay(bank[header.id])} == set(DERIVATIONS)


@pytest.mark.parametrize("id", DERIVATIONS)
def test_the_key_is_what_a_student_can_derive_from_the_page(bank: Bank, id: str) -> None:
    template = bank[id]
    variants = template.variants(secret=b"truth", count=VARIANTS)
    responses: dict[str, list[str]] = {answer.name: [] for answer in template.answers}
    for keyed in template.keyed_items(variants):
        derived = DERIVATIONS[id](seen(keyed.item))
        assert list(derived) == list(responses)
        for (name, interaction), key in zip(keyed.item.interactions, keyed.keys, strict=True):
            response = typed(keyed.item, name, derived[name])
            responses[name].append(response)
            shown = plain_text(key.shown)
            if isinstance(interaction, EnterNumber):
                assert shown.split()[0].rstrip("%") == response, (id, name)
            if isinstance(interaction, ChooseOne):
                assert key.accepted == response, (id, name)
            if isinstance(interaction, StateDistribution | ChooseMany | Arrange | Match):
                assert shown == response, (id, name)
    marks = template.mark_all(variants, responses, Reading())
    assert {name: {mark.outcome for mark in found} for name, found in marks.items()} == {
        name: {"correct"} for name in responses
    }
