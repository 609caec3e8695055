"""The Common Cartridge: valid, a form for each variant, and marked by its conditions as quizgen marks."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from single_kinds import TEMPLATES, exported, fraction, written

from quizgen.items import EnterNumber
from quizgen.lms.base import Options, Question
from quizgen.lms.formats.cc11 import FORMAT, QUIZ_NAMES
from quizgen.lms.formats.cc11.numbers import listed
from quizgen.schemes import Band, NumberBands, Verdict

CARRIED = ["choice", "each-decision", "whole-set", "coverage", "number", "share", "whole", "text", "essay"]
SCHEMAS = Path(os.environ.get("QUIZGEN_XSD") or Path(__file__).parents[2].parent / "shared" / "xsd")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "bank"


def parts_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def plain(root: Element) -> Element:
    """The tree without its namespace."""
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{QUIZ_NAMES}}}")
    return root


def items_in(package: bytes) -> dict[str, Element]:
    forms = (plain(ElementTree.fromstring(raw)) for name, raw in parts_of(package).items() if name.startswith("forms/"))
    return {item.attrib["ident"]: item for form in forms for item in form.iter("item")}


def marked(item: Element, response: Sequence[str]) -> float:
    """What an item's conditions give for labels chosen or a text typed."""
    for condition in item.iter("respcondition"):
        if any(holds(test, response) for test in condition.iterfind("conditionvar/*")):
            given = condition.findtext("setvar")
            if given is not None or condition.get("continue") == "No":
                return float(given or 0) / 100
    return 0.0


def holds(test: Element, response: Sequence[str]) -> bool:
    match test.tag:
        case "other":
            return True
        case "and":
            return all(holds(inner, response) for inner in test)
        case "not":
            return not any(holds(inner, response) for inner in test)
    said = test.text or ""
    return any(said == given or (test.get("case") == "No" and said.casefold() == given.casefold()) for given in response)


def test_every_file_is_valid(folder: Path) -> None:
    etree = pytest.importorskip("lxml.etree", reason="lxml is not installed")
    if not SCHEMAS.is_dir():
        pytest.skip("the schemas are not there; QUIZGEN_XSD names their folder")
    parser = etree.XMLParser(no_network=True)
    names = {"quiz": "ccv1p1_qtiasiv1p2p1_v1p0.xsd", "package": "cc11libxml2validator.xsd"}
    schemas = {kind: etree.XMLSchema(etree.parse(str(SCHEMAS / "cc" / "v1p1" / name), parser)) for kind, name in names.items()}
    for math in ("mathml", "latex"):
        for name, raw in parts_of(written(FORMAT, exported(folder, *CARRIED), Options(math=math))).items():
            schema = schemas["package" if name == "imsmanifest.xml" else "quiz"]
            assert schema.validate(etree.fromstring(raw)), (name, schema.error_log)


def test_there_is_a_form_for_each_variant_with_one_in_every_place(folder: Path) -> None:
    export = exported(folder, "choice", "text", "number", variants=5)
    parts = parts_of(written(FORMAT, export))
    manifest = parts.pop("imsmanifest.xml").decode()
    assert list(parts) == [f"forms/form-{number:03d}.xml" for number in range(1, 6)]
    assert all(f'href="{name}"' in manifest for name in parts)
    met: dict[str, int] = {}
    for raw in parts.values():
        items = [item.attrib["ident"] for item in plain(ElementTree.fromstring(raw)).iter("item")]
        assert len(items) == 3
        for ident in items:
            met[ident] = met.get(ident, 0) + 1
    assert set(met) == {question.ident for question in export.questions()}
    texts = [question.ident for question in export.questions() if question.template == "kinds/text"]
    assert sorted(met[ident] for ident in texts) == [1, 2, 2]  # it has three variants, for five forms


def every_choice(question: Question) -> Iterator[tuple[list[str], str]]:
    labels = [option.label for option in question.asked[0].interaction.options]  # type: ignore[union-attr] # a choice
    if question.template == "kinds/choice":
        yield from (([label], label) for label in labels)
        return
    for way in product([False, True], repeat=len(labels)):
        chosen = [label for label, ticked in zip(labels, way, strict=True) if ticked]
        yield chosen, " ".join(chosen) or "none"


def test_choices_earn_what_they_earn_in_quizgen(folder: Path) -> None:
    export = exported(folder, "choice", "whole-set")
    items = items_in(written(FORMAT, export))
    for question in export.questions():
        for chosen, typed in every_choice(question):
            assert marked(items[question.ident], chosen) == fraction(folder, question, {"answer": typed}), (typed, question)


def test_numbers_typed_as_the_question_says_earn_what_they_earn_in_quizgen(folder: Path) -> None:
    export = exported(folder, "number", "share", "whole")
    items = items_in(written(FORMAT, export))
    seen = set()
    for question in export.questions():
        scheme = question.asked[0].scheme
        assert isinstance(scheme, NumberBands)
        decimals = len(scheme.typed.partition(".")[2])
        for step in range(-12, 13):
            key = Fraction(scheme.typed) + Fraction(step, 10**decimals)
            typed = f"{float(key):.{decimals}f}"
            finer = typed + ("0" if decimals else ".0")
            for text in {typed, finer, typed.replace(".", ","), typed.replace("0.", ".", 1), typed.replace("-", "−")}:
                here = fraction(folder, question, {"answer": text})
                if here in (0.0, 1.0):  # a wrong number that earns something is told as marked otherwise
                    assert marked(items[question.ident], [text]) == here, (question.template, text)
                    seen.add(here)
    assert seen == {0.0, 1.0}


def band(low: str, high: str, typed: str) -> NumberBands:
    return NumberBands(typed, (Band(Fraction(low), Fraction(high), Verdict(1.0)),))


def test_what_cannot_be_listed_is_refused_and_an_exact_number_can() -> None:
    rounded, free = EnterNumber(None, "3 decimals", ""), EnterNumber(None, "", "")
    assert listed(free, band("0.1", "0.2", "0.15"), False) is None
    exact = listed(free, band("0.25", "0.25", "0.25"), False)
    assert exact is not None
    assert exact.texts == ("0.25", ".25", "0,25", ",25", "0.250", ".250", "0,250", ",250")
    assert listed(rounded, band("0.1", "0.9", "0.500"), False) is None
    assert listed(EnterNumber(None, "3 significant digits", ""), band("1e-9", "1e-9", "1e-9"), False) is None
    thousands = listed(rounded, band("1.2335", "1.2345", "1.234"), False)
    assert thousands is not None
    assert "1.234" in thousands.texts
    assert "1,234" not in thousands.texts
    assert "1,2341" in thousands.texts


def test_texts_earn_what_they_earn_in_quizgen_as_far_as_they_are_listed(folder: Path) -> None:
    export = exported(folder, "text")
    items = items_in(written(FORMAT, export))
    for question in export.questions():
        (text, _), *_ = question.asked[0].scheme.accepted  # type: ignore[union-attr] # a text's
        for typed in (text, text.upper(), f"not {text}", "something else"):
            assert marked(items[question.ident], [typed]) == fraction(folder, question, {"answer": typed})


def lacking(folder: Path, severity: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for question in exported(folder, *TEMPLATES).questions():
        for loss in FORMAT.losses(question, Options()):
            if loss.severity == severity:
                found.setdefault(question.template.removeprefix("kinds/"), set()).add(loss.what)
    return found


def test_what_a_cartridge_cannot_carry_is_refused_or_told(folder: Path) -> None:
    refused = {"near", "infinite", "order", "order-pairs", "pairs", "distribution", "several"}
    assert lacking(folder, "refused").keys() == refused
    assert lacking(folder, "differs").keys() == {"each-decision", "whole-set", "coverage", "share", "text"}


def test_feedback_and_the_worked_solution_are_there(folder: Path) -> None:
    export = exported(folder, "choice")
    items = items_in(written(FORMAT, export))
    for question in export.questions():
        item = items[question.ident]
        told = {feedback.attrib["ident"]: "".join(feedback.itertext()) for feedback in item.iter("itemfeedback")}
        assert "for" in told["general_fb"]
        linked = {shown.attrib["linkrefid"] for shown in item.iter("displayfeedback")}
        assert linked == told.keys()
        assert sorted("This is <em>wrong</em>." in text for text in told.values()) == [False, False, True]


def test_awkward_characters_arrive_and_the_bytes_are_the_same_again(folder: Path) -> None:
    export = exported(folder, "choice")
    package = written(FORMAT, export)
    assert written(FORMAT, exported(folder, "choice")) == package
    item = items_in(package)[next(export.questions()).ident]
    assert "<b> & 🙂" in item.attrib["title"]
    texts = ["".join(label.itertext()) for label in item.iter("response_label")]
    assert any("]]&gt; {=}~# &amp; &#x27;quotes&#x27; 🙂 שלום" in text for text in texts)
