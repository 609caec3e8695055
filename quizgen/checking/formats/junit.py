"""Reports in the JUnit XML that continuous-integration services read: a suite for each template, a test case for each check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from quizgen.checking.formats import Style, command_of
from quizgen.checking.run import Found, Report

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 may hold, not even escaped."""


def write(reports: Sequence[Report], style: Style) -> str:
    """One ``testsuites``. What counts as a failure is a ``failure``, a breakdown an ``error``, what is waived ``skipped``;
    what does not count is told in ``system-out``.
    """
    root = ElementTree.Element("testsuites", {"name": "quizgen check"})
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for report in reports:
        suite = _suite(report, style)
        root.append(suite)
        for name in totals:
            totals[name] += int(suite.attrib[name])
    root.attrib.update({name: str(count) for name, count in totals.items()})
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _suite(report: Report, style: Style) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", {"name": _clean(report.template), "file": _clean(style.file(report.file))})
    names = dict.fromkeys([*report.checks, *(found.check for found in report.found)])
    cases = [_case(report, name, [found for found in report.found if found.check == name], style) for name in names]
    suite.extend(cases)
    count = {tag: sum(case.find(tag) is not None for case in cases) for tag in ("failure", "error", "skipped")}
    suite.attrib.update(
        {
            "tests": str(len(cases)),
            "failures": str(count["failure"]),
            "errors": str(count["error"]),
            "skipped": str(count["skipped"]),
        }
    )
    if report.figures:
        properties = ElementTree.Element("properties")
        for figure in report.figures:
            ElementTree.SubElement(properties, "property", {"name": _clean(figure.name), "value": _clean(figure.value)})
        suite.insert(0, properties)
    return suite


def _case(report: Report, name: str, found: Sequence[Found], style: Style) -> ElementTree.Element:
    """A test case with at most one outcome, as readers of the form expect it: the gravest."""
    case = ElementTree.Element("testcase", {"classname": _clean(report.template), "name": name})
    failing = [one for one in found if style.fails(one)]
    waived = [one for one in found if one.waived]
    told = [one for one in found if one not in failing and one not in waived]
    if failing:
        tag = "error" if name == "crashed" else "failure"
        outcome = ElementTree.SubElement(case, tag, {"message": _clean(failing[0].place.message), "type": failing[0].severity})
        outcome.text = _clean("\n".join(_words(report, one, style) for one in failing))
    elif waived and not told:
        ElementTree.SubElement(case, "skipped", {"message": _clean(f"waived: {waived[0].waived}")})
    if told:
        ElementTree.SubElement(case, "system-out").text = _clean("\n".join(_words(report, one, style) for one in told))
    return case


def _words(report: Report, found: Found, style: Style) -> str:
    lines = [f"{style.place(found)}: {found.place.message} [{found.severity}: {found.check}]", command_of(report, found)]
    return "\n".join(line for line in [*lines, found.traceback] if line)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
