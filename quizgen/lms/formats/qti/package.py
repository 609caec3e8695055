"""The package: a file for each question, the test that selects one of each pool, and the manifest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import TypeAlias

from markupsafe import Markup

from quizgen.items import Filled
from quizgen.lms.base import Export, File, Options, Pool, Question
from quizgen.lms.formats.qti.expressions import assign, op, outcome
from quizgen.lms.formats.qti.item import document, header, item
from quizgen.lms.formats.qti.tree import Element, element
from quizgen.lms.formats.qti.versions import V21, Version
from quizgen.rendering.flavours import show
from quizgen.rendering.program import Setting

HTML = "qti"
TEST = "test.xml"

Held: TypeAlias = tuple[Pool, list[Element]]
"""A pool with the references to its items."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def files(version: Version) -> Callable[[Export, Options], Iterator[File]]:
    """What writes packages of a version."""

    def written(export: Export, options: Options) -> Iterator[File]:
        chosen = replace(options, html=HTML)
        held: list[Held] = []
        for pool in export.pools:
            references = []
            for question in pool.questions():
                references.append(_reference(question))
                yield File(_place(question.ident), [item(question, chosen, version)])
            held.append((pool, references))
        yield File(TEST, [document(_test(export, held, chosen, version), version)])
        idents = [reference.attributes["identifier"] for _, references in held for reference in references]
        yield File("imsmanifest.xml", [document(_manifest(export, idents, version), V21)])

    return written


def _place(ident: str) -> str:
    return f"items/{ident}.xml"


def _reference(question: Question) -> Element:
    """A test's reference to an item, worth the points of its slot; by category scores can be summed up there."""
    categories = " ".join(name for name in (question.concept, question.level) if _IDENTIFIER.fullmatch(name))
    return element(
        "assessmentItemRef",
        element("weight", identifier="WEIGHT", value=question.points),
        identifier=question.ident,
        href=_place(question.ident),
        category=categories,
    )


def _test(export: Export, held: list[Held], options: Options, version: Version) -> Element:
    sections = []
    for number, (title, group) in enumerate(groupby(held, lambda one: one[0].section), 1):
        pools = [_pool(pool, references) for pool, references in group]
        told = _instructions(export, options, version) if number == 1 else []
        sections.append(
            element(
                "assessmentSection",
                *told,
                *pools,
                identifier=f"{export.ident}-section-{number}",
                title=" ".join((title or export.title).split()),
                visible=True,
            )
        )
    points = sum(pool.points for pool in export.pools)
    earned = op("sum", element("testVariables", variableIdentifier="SCORE", weightIdentifier="WEIGHT"))
    control = element("itemSessionControl", maxAttempts=1, showFeedback=True, allowReview=True)
    return element(
        "assessmentTest",
        outcome("SCORE", "float", "0", normalMaximum=points),
        element(
            "testPart",
            control,
            *sections,
            identifier=f"{export.ident}-part",
            navigationMode="nonlinear",
            submissionMode="simultaneous",
        ),
        element("outcomeProcessing", assign("SCORE", earned)),
        identifier=export.ident,
        title=" ".join(export.title.split()),
        **header(version.namespace, version.schema),
    )


def _pool(pool: Pool, references: list[Element]) -> Element:
    """The section from which one question is selected."""
    return element(
        "assessmentSection",
        element("selection", select=1),
        *references,
        identifier=pool.ident,
        title=" ".join(pool.title.split()),
        visible=False,
    )


def _instructions(export: Export, options: Options, version: Version) -> list[Element]:
    if export.instructions is None:
        return []
    inside: Element | Markup = _html(export.instructions, export, options)
    if version.kebab:
        return [element("rubricBlock", element("contentBody", inside), use="instructions", view="candidate")]
    return [element("rubricBlock", inside, view="candidate")]


def _html(text: Filled, export: Export, options: Options) -> Markup:
    return Markup(show(text, options.flavour, Setting(export.decimal_comma)))  # the flavour escapes every value


def _manifest(export: Export, idents: list[str], version: Version) -> Element:
    test = f"{export.ident}-test"
    resources = [
        element(
            "resource",
            element("file", href=TEST),
            *(element("dependency", identifierref=f"{ident}-file") for ident in idents),
            identifier=test,
            type=f"imsqti_test_{version.resource}",
            href=TEST,
        )
    ]
    for ident in idents:
        place = _place(ident)
        kind = f"imsqti_item_{version.resource}"
        resources.append(element("resource", element("file", href=place), identifier=f"{ident}-file", type=kind, href=place))
    return element(
        "manifest",
        element("metadata", element("schema", version.package), element("schemaversion", version.package_version)),
        element("organizations"),
        element("resources", *resources),
        identifier=f"{export.ident}-manifest",
        **header(version.manifest_namespace, version.manifest_schema),
    )
