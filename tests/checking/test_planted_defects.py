"""Every planted defect is caught by the check meant for it, and its twin, which misses it narrowly, is let pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from planting import HEAD, LOAD, Planted, all_planted

from quizgen.bank import load_template
from quizgen.bank.source import read_with_extends
from quizgen.checking import Finding, Sweep, checks
from quizgen.errors import BankError

VARIANTS = 200

CAUGHT = [one for one in all_planted() if one.check != LOAD]
REFUSED = [one for one in all_planted() if one.check == LOAD]


def _found(text: str, folder: Path, check: str) -> list[Finding]:
    """What a check finds, each at a place that exists in the file."""
    file = folder / "t.yaml"
    file.write_text(HEAD + text, "utf-8")
    document = read_with_extends(file, folder)
    found = [one for one in checks()[check].find(Sweep(load_template(file), VARIANTS)) if isinstance(one, Finding)]
    for one in found:
        value = document.data
        for step in one.path:
            value = value[step]
    return found


@pytest.mark.parametrize("planted", CAUGHT, ids=lambda one: one.name)
def test_a_defect_is_caught_and_its_twin_is_let_pass(planted: Planted, tmp_path: Path) -> None:
    found = _found(planted.text, tmp_path, planted.check)
    assert found, f"{planted.check} finds nothing"
    assert any(planted.says in one.message for one in found)
    assert len({(one.path, one.message) for one in found}) == len(found)
    if planted.at is not None:
        assert planted.at in [one.path for one in found]
    near = _found(planted.twin, tmp_path, planted.check)
    assert not near, f"in the twin {planted.check} finds: {near[0].message}"


@pytest.mark.parametrize("planted", REFUSED, ids=lambda one: one.name)
def test_what_can_never_be_right_is_refused_when_it_is_loaded(planted: Planted, tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(HEAD + planted.text, "utf-8")
    with pytest.raises(BankError) as caught:
        load_template(file)
    assert planted.says in str(caught.value)
    file.write_text(HEAD + planted.twin, "utf-8")
    load_template(file)


def test_there_are_at_least_forty_planted_defects_of_different_names() -> None:
    names = [one.name for one in all_planted()]
    assert len(set(names)) == len(names) >= 40
