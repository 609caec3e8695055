"""Reports in each format are read back by what reads such files, and say the same as the findings."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest

from quizgen.checking import Figure, checks
from quizgen.checking.formats import Style, formats
from quizgen.checking.run import OWN, Found, Report
from quizgen.errors import Problem

HOSTILE = "50% of “a, b”: <x> & 'y'\n::error::\x00\x1b[31m {not a hole}"
ROOT = Path("/course")

REPORTS = [
    Report("calc/sound", 2000, (), (Figure("accepted draws", "77%"),), ("tie", "leak"), "/course/bank/calc/sound.yaml"),
    Report(
        "calc/a b",
        2001,
        (
            Found("tie", "error", Problem("/course/bank/calc/a b.yaml", 12, 7, HOSTILE), 1234),
            Found("close-call", "warning", Problem("/course/bank/calc/a b.yaml", 14, 1, "it turns"), 7),
            Found("leak", "error", Problem("/course/bank/calc/a b.yaml", 3, 1, "it tells"), 9, "the key is public"),
            Found("all", "note", Problem("/elsewhere/base.yaml", 2, 3, "uncounted")),
            Found("crashed", "error", Problem("/course/bank/calc/a b.yaml", 0, 1, "it broke"), traceback="Traceback\n  x"),
        ),
        (),
        ("tie", "close-call", "leak", "self-grading"),
        "/course/bank/calc/a b.yaml",
    ),
    Report(
        "calc/broken", 0, (Found("load", "error", Problem("/course/x.yaml", 1, 1, "no title")),), (), ("load",), "/course/x"
    ),
]  # fmt: skip


def written(form: str, **style: object) -> str:
    return formats()[form](REPORTS, Style(ROOT, **style))  # type: ignore[arg-type] # the style's own fields


def test_there_is_every_format_that_is_promised() -> None:
    assert set(formats()) >= {"text", "json", "sarif", "junit", "github"}


def test_a_report_without_findings_is_written_in_every_format() -> None:
    for name, write in formats().items():
        assert all("tie" not in line or "error" not in line for line in write(REPORTS[:1], Style(ROOT)).splitlines()), name
        assert isinstance(write([], Style(ROOT)), str), name


def test_text_groups_findings_by_template_with_the_command_that_shows_each() -> None:
    lines = written("text").splitlines()
    assert lines[0] == "calc/a b"
    assert lines[1].startswith("bank/calc/a b.yaml:12:7: 50% of “a, b”")
    assert lines[1].endswith("[error: tie]")
    assert lines[2] == "    quizgen show 'calc/a b' --seed check --address 1234"
    assert lines[-1] == "3 templates, 4,001 variants: 3 errors, 1 warning, 1 note, 1 waived"
    assert not any("accepted draws" in line or "calc/sound" in line or "it tells" in line for line in lines)
    assert "calc/broken" in lines
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", "".join(lines))  # a template's words cannot steer a terminal


def test_text_shows_figures_colours_and_tracebacks_when_it_is_told_to() -> None:
    assert "  accepted draws: 77%" in written("text", figures=True).splitlines()
    coloured = written("text", colour=True)
    assert "\033[31merror\033[0m" in coloured
    assert "\033[33m1 warning\033[0m" in coloured
    assert "Traceback" not in coloured
    assert "    Traceback\n      x" in written("text", debug=True)


def test_json_holds_all_that_is_known() -> None:
    data = json.loads(written("json"))
    assert data["version"] == 1
    assert data["summary"] == {
        "templates": 3, "variants": 4001, "failed": True, "error": 3, "warning": 1, "note": 1, "waived": 1,
    }  # fmt: skip
    sound, other, _ = data["templates"]
    assert sound["figures"] == {"accepted draws": "77%"}
    assert sound["findings"] == []
    tie, _, leak, _, crashed = other["findings"]
    assert (tie["message"], tie["file"], tie["line"], tie["column"], tie["address"]) == (
        HOSTILE, "bank/calc/a b.yaml", 12, 7, 1234,
    )  # fmt: skip
    assert leak["waived"] == "the key is public"
    assert crashed["traceback"] == "Traceback\n  x"
    assert crashed["line"] is None
    assert json.loads(written("json"))["summary"]["failed"]
    assert not json.loads(formats()["json"](REPORTS[:1], Style(ROOT)))["summary"]["failed"]


SARIF = {
    "type": "object",
    "required": ["version", "$schema", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {"$ref": "#/$defs/driver"}}},
                    "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                },
            },
        },
    },
    "$defs": {
        "message": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "driver": {
            "type": "object",
            "required": ["name", "rules"],
            "properties": {
                "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                "rules": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {
                        "type": "object",
                        "required": ["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"],
                        "properties": {
                            "id": {"type": "string"},
                            "shortDescription": {"$ref": "#/$defs/message"},
                            "fullDescription": {"$ref": "#/$defs/message"},
                            "defaultConfiguration": {"properties": {"level": {"$ref": "#/$defs/level"}}},
                        },
                    },
                },
            },
        },
        "result": {
            "type": "object",
            "required": ["ruleId", "level", "message", "locations", "partialFingerprints"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "level": {"$ref": "#/$defs/level"},
                "message": {"$ref": "#/$defs/message"},
                "properties": {"type": "object"},
                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                "suppressions": {
                    "type": "array",
                    "items": {"required": ["kind"], "properties": {"kind": {"enum": ["inSource", "external"]}}},
                },
                "locations": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "required": ["physicalLocation"],
                        "properties": {
                            "physicalLocation": {
                                "required": ["artifactLocation"],
                                "properties": {
                                    "artifactLocation": {"required": ["uri"], "properties": {"uri": {"pattern": "^[^ ]+$"}}},
                                    "region": {
                                        "required": ["startLine"],
                                        "properties": {
                                            "startLine": {"type": "integer", "minimum": 1},
                                            "startColumn": {"type": "integer", "minimum": 1},
                                        },
                                    },
                                },
                            }
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip
"""What OASIS asks of a log, as far as this one uses it (SARIF 2.1.0, sections 3.13 to 3.49)."""


def test_sarif_is_of_the_form_that_its_standard_asks_for() -> None:
    log = json.loads(written("sarif"))
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert set(rules) == {*checks(), *OWN}
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]


def test_sarif_names_places_addresses_and_what_is_waived() -> None:
    (run,) = json.loads(written("sarif"))["runs"]
    tie, _, leak, note, crashed, load = run["results"]
    place = tie["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == "bank/calc/a b.yaml"
    assert run["originalUriBaseIds"][place["artifactLocation"]["uriBaseId"]]["uri"] == "file:///course/"
    assert place["region"] == {"startLine": 12, "startColumn": 7}
    assert tie["properties"]["address"] == 1234
    assert leak["suppressions"][0]["justification"] == "the key is public"
    assert note["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///elsewhere/base.yaml"}
    assert "region" not in crashed["locations"][0]["physicalLocation"]
    assert run["invocations"] == [{"executionSuccessful": False}]
    assert load["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "calc/broken"
    prints = [result["partialFingerprints"]["templateCheckNumber/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_junit_has_a_case_for_each_template_and_check_and_counts_right() -> None:
    root = ElementTree.fromstring(written("junit"))
    cases = {(case.attrib["classname"], case.attrib["name"]): case for case in root.iter("testcase")}
    assert set(cases) == {
        ("calc/sound", "tie"), ("calc/sound", "leak"), ("calc/a b", "tie"), ("calc/a b", "close-call"), ("calc/a b", "leak"),
        ("calc/a b", "self-grading"), ("calc/a b", "all"), ("calc/a b", "crashed"), ("calc/broken", "load"),
    }  # fmt: skip
    assert root.attrib == {"name": "quizgen check", "tests": "9", "failures": "2", "errors": "1", "skipped": "1"}
    failure = cases["calc/a b", "tie"].find("failure")
    assert failure is not None
    assert "<x> & 'y'\n::error::\N{REPLACEMENT CHARACTER}" in failure.attrib["message"].replace("&#10;", "\n")
    assert "--address 1234" in (failure.text or "")
    skipped = cases["calc/a b", "leak"].find("skipped")
    assert skipped is not None
    assert skipped.attrib["message"] == "waived: the key is public"
    assert cases["calc/a b", "crashed"].find("error") is not None
    told = cases["calc/a b", "close-call"].find("system-out")
    assert told is not None
    assert "it turns" in (told.text or "")
    assert len(cases["calc/sound", "tie"]) == 0
    assert root.find("testsuite/properties/property") is not None


def test_what_counts_as_a_failure_is_the_callers_choice() -> None:
    root = ElementTree.fromstring(written("junit", fail_on="warning"))
    assert root.attrib["failures"] == "3"


def test_github_commands_stand_on_one_line_each_and_are_escaped() -> None:
    lines = written("github").splitlines()
    assert len(lines) == 5  # what is waived is not told
    pattern = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:]*,?)+)::(.*)")
    parsed = [pattern.fullmatch(line) for line in lines]
    assert all(parsed)
    first = parsed[0]
    assert first is not None
    properties = dict(pair.split("=", 1) for pair in first[2].split(","))
    assert properties == {"file": "bank/calc/a b.yaml", "line": "12", "col": "7", "title": "tie in calc/a b"}
    message = first[3].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
    assert message.startswith(HOSTILE)
    assert [one[1] for one in parsed if one] == ["error", "warning", "notice", "error", "error"]


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "text"])
def test_the_same_reports_are_written_alike_twice(form: str) -> None:
    assert written(form) == written(form)
