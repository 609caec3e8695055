"""Reports as workflow commands of GitHub Actions, which annotate the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from quizgen.checking.formats import Style, command_of
from quizgen.checking.run import Found, Report

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def write(reports: Sequence[Report], style: Style) -> str:
    """One command a line for each finding that is not waived."""
    return "\n".join(_command(report, found, style) for report in reports for found in report.found if not found.waived)


def _command(report: Report, found: Found, style: Style) -> str:
    properties = {"file": style.file(found.place.file)}
    if found.place.line:
        properties |= {"line": str(found.place.line), "col": str(found.place.column)}
    properties["title"] = f"{found.check} in {report.template}"
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = "\n".join(filter(None, [found.place.message, command_of(report, found)]))
    return f"::{_COMMANDS[found.severity]} {written}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
