"""What is known of other systems: output formats, reports that come back, gradebooks; others' come by entry points."""

from __future__ import annotations

from collections.abc import Mapping

from quizgen.errors import QuizgenError
from quizgen.extensions import known
from quizgen.lms.back.base import Report
from quizgen.lms.base import Format
from quizgen.lms.gradebooks.base import Gradebook
from quizgen.spelling import suggest

FORMATS: Mapping[str, str] = {
    "canvas": "quizgen.lms.formats.qti12.canvas:FORMAT",
    "brightspace": "quizgen.lms.formats.qti12.brightspace:FORMAT",
    "blackboard": "quizgen.lms.formats.qti12.blackboard:FORMAT",
    "edx": "quizgen.lms.formats.edx:FORMAT",
    "brightspace-csv": "quizgen.lms.formats.brightspace_csv:FORMAT",
    "cc11": "quizgen.lms.formats.cc11:FORMAT",
    "moodle": "quizgen.lms.formats.moodle.xml:FORMAT",
    "gift": "quizgen.lms.formats.moodle.gift:FORMAT",
    "qti21": "quizgen.lms.formats.qti:QTI21",
    "qti22": "quizgen.lms.formats.qti:QTI22",
    "qti3": "quizgen.lms.formats.qti:QTI3",
    "scorm12": "quizgen.lms.formats.scorm:SCORM12",
    "scorm2004": "quizgen.lms.formats.scorm:SCORM2004",
}
REPORTS: Mapping[str, str] = {
    "scorm": "quizgen.lms.back.scorm:REPORT",
    "moodle": "quizgen.lms.back.moodle:REPORT",
    "edx": "quizgen.lms.back.edx:REPORT",
    "canvas": "quizgen.lms.back.canvas:REPORT",
    "brightspace": "quizgen.lms.back.brightspace:REPORT",
    "blackboard": "quizgen.lms.back.blackboard:REPORT",
}
GRADEBOOKS: Mapping[str, str] = {
    "moodle": "quizgen.lms.gradebooks.moodle:GRADEBOOK",
    "edx": "quizgen.lms.gradebooks.edx:GRADEBOOK",
    "canvas": "quizgen.lms.gradebooks.canvas:GRADEBOOK",
    "brightspace": "quizgen.lms.gradebooks.brightspace:GRADEBOOK",
    "blackboard": "quizgen.lms.gradebooks.blackboard:GRADEBOOK",
}
"""By name, as ``module:attribute``, so that only what is asked for is imported."""


def formats() -> Mapping[str, Format]:
    """Every output format by name."""
    return known("quizgen.formats", FORMATS)


def reports() -> Mapping[str, Report]:
    """Every kind of report by name, in the order in which they are asked whether a file is theirs."""
    return known("quizgen.reports", REPORTS)


def gradebooks() -> Mapping[str, Gradebook]:
    """Every gradebook import file by the name of its system."""
    return known("quizgen.gradebooks", GRADEBOOKS)


def format_named(name: str) -> Format:
    """The format. `QuizgenError` where there is none of that name."""
    there = formats()
    if name not in there:
        hint = suggest(name, there) or f"; choose one of {', '.join(there)}"
        raise QuizgenError(f"there is no format '{name}'{hint}")
    return there[name]
