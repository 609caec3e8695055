"""A unit is read behind a number as the field shows it, whatever signs it has."""

from __future__ import annotations

import pytest

from quizgen.answers.numeric import Numeric


@pytest.mark.parametrize("unit", ["m/s2", "°C", "nats for every word of the text", "kg·m²"])
def test_a_unit_of_any_signs_is_read_as_it_is_shown(unit: str) -> None:
    answer = Numeric(value=9.81, decimals=2, unit=unit)
    for typed in ("9.81", f"9.81 {unit}", f"9.81{unit.upper()}" if unit.isascii() else f"9.81{unit}", f"9,81 {unit} "):
        assert answer.mark(typed).outcome == "correct", typed
    assert answer.mark(f"9.99 {unit}").outcome == "wrong"


@pytest.mark.parametrize("typed", ["9.81 m/s3", "9.81 kg", "m/s2", "about m/s2"])
def test_what_is_another_unit_or_no_number_stays_invalid(typed: str) -> None:
    assert Numeric(value=9.81, decimals=2, unit="m/s2").mark(typed).outcome == "invalid"
