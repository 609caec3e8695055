"""Logs of SCORM interactions, as systems report them: tables with a row an attempt or a row a response, and JSON."""

from quizgen.lms.back.base import Report
from quizgen.lms.back.scorm.logged import returned
from quizgen.lms.back.scorm.statements import is_json, statements
from quizgen.lms.back.scorm.tables import is_table, lines

REPORT = Report(
    "scorm",
    "SCORM interactions (CSV, Excel or JSON)",
    lambda blob: is_json(blob) or is_table(blob),
    lambda blob, known: returned(statements(blob) if is_json(blob) else lines(blob), known),
)
