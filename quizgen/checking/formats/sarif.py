"""Reports in SARIF 2.1.0 (OASIS, 2020), which code hosts and editors show beside the lines that are meant."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import quizgen
from quizgen.checking import checks
from quizgen.checking.formats import Style, command_of
from quizgen.checking.run import OWN, Found, Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def write(reports: Sequence[Report], style: Style) -> str:
    """A log with one run: every check is a rule, every finding a result; what is waived is suppressed with its reason."""
    rules = _rules()
    index = {rule["id"]: place for place, rule in enumerate(rules)}
    seen: Counter[str] = Counter()
    results = [_result(report, found, style, index, seen) for report in reports for found in report.found]
    driver = {"name": "quizgen check", "semanticVersion": quizgen.__version__, "version": quizgen.__version__, "rules": rules}
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"uri": f"{style.root.absolute().as_uri()}/"}},
        "invocations": [{"executionSuccessful": not any(result["ruleId"] == "crashed" for result in results)}],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rules() -> list[dict[str, Any]]:
    """Every check, and what is found besides, as a rule."""
    known = {name: (check.severity, check.about) for name, check in checks().items()}
    return [_rule(name, severity, about) for name, (severity, about) in {**OWN, **known}.items()]


def _rule(name: str, severity: str, about: str) -> dict[str, Any]:
    first = about.partition(". ")[0].rstrip(".") + "."
    return {
        "id": name,
        "shortDescription": {"text": first},
        "fullDescription": {"text": about},
        "help": {"text": f"{about}\nquizgen check --explain {name}"},
        "defaultConfiguration": {"level": severity},
    }


def _result(report: Report, found: Found, style: Style, index: Mapping[str, int], seen: Counter[str]) -> dict[str, Any]:
    # Two files may have one id; what comes with quizgen has no file of its own on every machine.
    identity = f"{style.file(report.file) if report.bank else report.template}\n{found.check}"
    seen[identity] += 1
    digest = hashlib.sha256(f"{identity}\n{seen[identity]}".encode()).hexdigest()[:32]
    result: dict[str, Any] = {
        "ruleId": found.check,
        **({"ruleIndex": index[found.check]} if found.check in index else {}),
        "level": found.severity,
        "message": {"text": found.place.message or found.check},
        "locations": [_location(report, found, style)],
        "partialFingerprints": {"templateCheckNumber/v1": digest},
    }
    if found.ordinal is not None:
        result["properties"] = {"address": found.ordinal, "command": command_of(report, found)}
    if found.waived:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": found.waived}]
    return result


def _location(report: Report, found: Found, style: Style) -> dict[str, Any]:
    file = style.file(found.place.file)
    inside = not Path(file).is_absolute()
    artifact = {"uri": _uri(file), "uriBaseId": "ROOT"} if inside else {"uri": Path(file).as_uri()}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if found.place.line:
        physical["region"] = {"startLine": found.place.line, "startColumn": max(found.place.column, 1)}
    return {
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": report.template, "kind": "template"}],
    }


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
