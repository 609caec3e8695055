"""A bank at a glance."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_class import CONCEPT, TEMPLATES, TINY, write_bank, write_text

from quizgen.bank import find_template, load_bank
from quizgen.bank.overview import overview
from quizgen.bank.previewing import exhibit_of, rooms_of
from quizgen.errors import BankError


def test_every_template_is_told_once_and_progress_comes_to_its_end(tmp_path: Path) -> None:
    bank = load_bank(write_bank(tmp_path / "bank"))
    done: list[int] = []
    (group,) = overview(bank, progress=done.append)
    assert group.concept is bank.concepts[CONCEPT]
    assert [listed.header.id for listed in group.templates] == sorted(bank)
    assert done == [1, 2, 3, 4, 5]
    assert all(listed.problems == () and listed.capacity is None for listed in group.templates)


def test_a_template_of_a_concept_that_the_course_lacks_stands_in_a_group_of_its_own(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    write_text(folder / "calc" / "odd.yaml", TINY.format(concept="nowhere"))
    _, last = overview(load_bank(folder))
    assert last.concept is None
    (listed,) = last.templates
    assert listed.header.id == "calc/odd"
    assert "there is no concept" in listed.problems[0]


def test_rooms_hold_every_template_with_variants_or_problems(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    write_text(folder / "calc" / "odd.yaml", TINY.format(concept="nowhere"))
    bank = load_bank(folder)
    done: list[int] = []
    rooms = rooms_of(bank, 3, done.append)
    assert [(room.title, len(room.exhibits)) for room in rooms] == [
        (bank.concepts[CONCEPT].title, 5), ("Of no concept of this course", 1),
    ]  # fmt: skip
    assert [len(exhibit.shots) for exhibit in rooms[0].exhibits] == [3] * 5
    assert rooms[1].exhibits[0].shots == ()
    assert rooms[1].exhibits[0].problems
    assert done == list(range(1, 2 * len(bank) + 1))


def test_an_exhibit_has_the_kinds_mistakes_and_feedback_of_its_template(tmp_path: Path) -> None:
    bank = load_bank(write_bank(tmp_path / "bank"))
    pick = exhibit_of(bank["calc/pick-one"], 4)
    assert pick.kinds == ("choice",)
    assert [told.name for told in pick.mistakes] == ["higher-is-better"]
    told = {(shot.address, told.name) for shot in pick.shots for told in shot.options}
    for shot in pick.shots:
        ((_, interaction),) = shot.keyed.item.interactions
        labels = [option.label for option in interaction.options]  # type: ignore[union-attr]
        assert {name for address, name in told if address == shot.address} <= set(labels)
    assert told
    assert exhibit_of(bank["calc/two-steps"], 1).kinds == ("numeric",)
    assert exhibit_of(bank["calc/essay"], 1).kinds == ("essay",)


def test_a_template_is_found_by_file_by_id_and_by_the_last_part_of_its_id(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank", {"tiny": TEMPLATES["tiny"]})
    for word in ("calc/tiny", "tiny", "calc/tiny.yaml", str(folder / "calc" / "tiny.yaml")):
        assert find_template(word, folder).title == "Tiny"
    with pytest.raises(BankError, match="there is no such file"):
        find_template("calc/tin.yaml", folder)
    with pytest.raises(BankError, match='did you mean "calc/tiny"'):
        find_template("calc/tin", folder)


def test_a_problem_of_a_folder_has_no_line(tmp_path: Path) -> None:
    with pytest.raises(BankError) as caught:
        load_bank(tmp_path / "none")
    assert str(caught.value) == f"{tmp_path / 'none'}: there is no such folder; a bank is a folder of templates"
