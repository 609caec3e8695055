"""Common Cartridge 1.1: forms of a quiz, each with one variant in every place, since a cartridge has no pools.

A cartridge may hold one bank of questions, but no quiz can draw from it; so the variants stand in as many quizzes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never
from xml.etree.ElementTree import Element, SubElement, tostring

from quizgen.items import EnterNumber, Interaction
from quizgen.lms.base import Export, File, Format, Loss, Options, Pool, Question
from quizgen.lms.formats.cc11.items import item_of, material, metadata
from quizgen.lms.formats.cc11.numbers import listed
from quizgen.lms.formats.single import only_answer, several_answers
from quizgen.rendering.flavours import show
from quizgen.rendering.program import Setting
from quizgen.rendering.words import without_controls
from quizgen.schemes import (
    ByPerson,
    ManyOptions,
    NumberBands,
    OneOption,
    RightOrder,
    RightPairs,
    Scheme,
    Texts,
    TrueDistribution,
)

QUIZ_NAMES = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE_NAMES = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
FACTS_NAMES = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
_QUIZ_TYPE = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"


def losses(question: Question, options: Options) -> Iterator[Loss]:
    """What a cartridge cannot carry of a question."""
    yield from several_answers(question, "a cartridge")
    asked = only_answer(question)
    if asked is not None:
        yield from _losses(asked.interaction, asked.scheme, question.decimal_comma, asked.name)
    if question.points % 1:
        yield Loss("lost", "points that are not whole numbers may be cut off")
    if question.hints and question.made.keyed.item.hints:
        yield Loss("lost", "hints are not shown")


def _losses(interaction: Interaction, scheme: Scheme, decimal_comma: bool, name: str) -> Iterator[Loss]:
    match scheme:
        case OneOption() | ByPerson():
            pass
        case ManyOptions(_, verdicts, rule):
            if rule == "all-or-nothing":
                what = "the cartridge asks for exactly the right set, but systems that read it give credit for a part of it"
            else:
                what = "a cartridge gives marks only for exactly the right set"
            yield Loss("differs", what, name)
            if any(verdict.feedback or verdict.mistake for verdict in verdicts):
                yield Loss("lost", "the feedback on options of several is not shown", name)
        case NumberBands():
            yield from _lost_numbers(interaction, scheme, decimal_comma, name)
        case Texts(accepted, case_sensitive):
            if any(0 < verdict.fraction < 1 for _, verdict in accepted):
                yield Loss("differs", "a text that earns a part of the marks earns none there", name)
            if case_sensitive:
                yield Loss("differs", "some systems that read a cartridge let capital letters not count", name)
            if any("*" in text for text, _ in accepted):
                yield Loss("differs", "some systems that read a cartridge take * for any text", name)
            yield Loss("lost", "spaces and marks around a text, and the shapes of quotes, count there", name)
            if any(verdict.mistake for _, verdict in accepted):
                yield Loss("lost", "the feedback on wrong texts is not shown", name)
        case RightOrder():
            yield Loss("refused", "a cartridge has no question that puts items in order", name)
        case RightPairs():
            yield Loss("refused", "a cartridge has no question that joins pairs", name)
        case TrueDistribution():
            yield Loss("refused", "a cartridge has no question with several numbers", name)
        case _:
            assert_never(scheme)


def _lost_numbers(interaction: Interaction, scheme: NumberBands, decimal_comma: bool, name: str) -> Iterator[Loss]:
    assert isinstance(interaction, EnterNumber)
    if not scheme.bands:
        yield Loss("refused", "the right answer is infinite", name)
    elif listed(interaction, scheme, decimal_comma) is None:
        yield Loss("refused", "a cartridge compares numbers as texts, and too many are right to be listed", name)
    else:
        if scheme.form_counts or any(0 < band.verdict.fraction < 1 for band in scheme.bands):
            yield Loss("differs", "a number that earns a part of the marks earns none there", name)
        told = "numbers are compared as texts: those with the decimals asked for, or one more, are read, as the question says"
        yield Loss("lost", told, name)
        if any(band.verdict.mistake for band in scheme.bands):
            yield Loss("lost", "the feedback on wrong numbers is not shown", name)


def files(export: Export, options: Options) -> Iterator[File]:
    """The manifest, and a quiz for each form."""
    count = max(pool.count for pool in export.pools)
    yield File("imsmanifest.xml", (_manifest(export, count),))
    streams = [_again(pool) for pool in export.pools]
    for number in range(1, count + 1):
        yield File(_place(number), (_form(export, number, [next(stream) for stream in streams], options),))


def _again(pool: Pool) -> Iterator[Question]:
    """The questions of a pool, from the first one again where it has fewer than others."""
    while True:
        yield from pool.questions()


def _place(number: int) -> str:
    return f"forms/form-{number:03d}.xml"


def _title(export: Export, number: int) -> str:
    return without_controls(f"{export.title}, form {number}")


def _form(export: Export, number: int, questions: Sequence[Question], options: Options) -> bytes:
    root = Element("questestinterop", xmlns=QUIZ_NAMES)
    quiz = SubElement(root, "assessment", ident=f"{export.ident}-form-{number}", title=_title(export, number))
    metadata(SubElement(quiz, "qtimetadata"), cc_profile="cc.exam.v0p1", qmd_assessmenttype="Examination")
    if export.instructions is not None:
        told = show(export.instructions, options.flavour, Setting(export.decimal_comma))
        material(SubElement(SubElement(quiz, "presentation_material"), "flow_mat"), told)
    section = SubElement(quiz, "section", ident="root_section")
    section.extend(item_of(question, options) for question in questions)
    return _written(root)


def _manifest(export: Export, count: int) -> bytes:
    root = Element("manifest", {"identifier": export.ident, "xmlns": PACKAGE_NAMES, "xmlns:lom": FACTS_NAMES})
    facts = SubElement(root, "metadata")
    SubElement(facts, "schema").text = "IMS Common Cartridge"
    SubElement(facts, "schemaversion").text = "1.1.0"
    title = SubElement(SubElement(SubElement(facts, "lom:lom"), "lom:general"), "lom:title")
    SubElement(title, "lom:string", language="en").text = without_controls(export.title)
    outline = SubElement(SubElement(root, "organizations"), "organization", identifier="outline", structure="rooted-hierarchy")
    top = SubElement(outline, "item", identifier="top")
    resources = SubElement(root, "resources")
    for number in range(1, count + 1):
        ident = f"{export.ident}-form-{number}"
        entry = SubElement(top, "item", identifier=f"item-{number}", identifierref=ident)
        SubElement(entry, "title").text = _title(export, number)
        resource = SubElement(resources, "resource", identifier=ident, type=_QUIZ_TYPE)
        SubElement(resource, "file", href=_place(number))
    return _written(root)


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


FORMAT = Format("cc11", "Common Cartridge 1.1", ".imscc", "zip", losses, files)
