"""Reports for programs, in quizgen's own form: all that is known of every template, what is waived among it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import quizgen
from quizgen.checking.formats import Style, command_of, counted
from quizgen.checking.run import Found, Report

VERSION = 1
"""The version of the form; it changes when a key loses its meaning."""


def write(reports: Sequence[Report], style: Style) -> str:
    """One object: ``version``, ``quizgen``, ``summary`` and ``templates``."""
    data = {
        "version": VERSION,
        "quizgen": quizgen.__version__,
        "summary": {
            "templates": len(reports),
            "variants": sum(report.variants for report in reports),
            "failed": any(style.fails(found) for report in reports for found in report.found),
            **counted(reports),
        },
        "templates": [_template(report, style) for report in reports],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _template(report: Report, style: Style) -> dict[str, Any]:
    return {
        "template": report.template,
        "file": style.file(report.file),
        "variants": report.variants,
        "checks": [*report.checks],
        "figures": {figure.name: figure.value for figure in report.figures},
        "findings": [_finding(report, found, style) for found in report.found],
    }


def _finding(report: Report, found: Found, style: Style) -> dict[str, Any]:
    return {
        "check": found.check,
        "severity": found.severity,
        "message": found.place.message,
        "file": style.file(found.place.file),
        "line": found.place.line or None,
        "column": found.place.column if found.place.line else None,
        "address": found.ordinal,
        "command": command_of(report, found) or None,
        "waived": found.waived or None,
        "traceback": found.traceback or None,
    }
