"""The shipped bank passes every check: no error, and no finding that is let be without a reason."""

from __future__ import annotations

import pytest

from quizgen.checking.run import Plan, Target, check_target
from quizgen.checking.targets import targets


@pytest.mark.parametrize("target", targets([]), ids=lambda target: target.id)
def test_a_shipped_template_has_no_error_and_gives_reasons_for_its_waivers(target: Target) -> None:
    report = check_target(target, Plan(200))
    assert report.variants == 200
    errors = [f"{one.check}: {one.place}" for one in report.found if one.severity == "error" and not one.waived]
    assert not errors
    for one in report.found:
        assert not one.waived or len(one.waived.split()) >= 5, f"{one.check} is waived without a sentence: {one.waived!r}"
        assert one.check != "waiver", str(one.place)
