"""Promise 4: a student's files never carry a key, nor anything from which one can be recomputed."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sample_class import SECRET, build

from quizgen.bank import Bank, Template, load_bank
from quizgen.items import ChooseMany, ChooseOne, KeyedItem, Worksheet
from quizgen.quizzes import Manifest, build_quiz, load_quiz, read_manifest
from quizgen.quizzes.assembling import papers
from quizgen.quizzes.assignment import Assigned
from quizgen.quizzes.roster import Roster, Student
from quizgen.rendering import fragment, worksheet

CLASS = [(f"id7391x{i:02}", f"Personname{i:02}") for i in range(8)]
FLAVOURS = {"html": ".html", "markdown": ".md"}


@dataclass(frozen=True)
class Course:
    """A build of all kinds of items over the shipped bank: what students get, and what they must not learn."""

    manifest: Manifest
    bank: Bank
    papers: list[Worksheet]
    keys: list[Mapping[str, KeyedItem]]
    pages: list[dict[str, str]]


@pytest.fixture(scope="module")
def bank() -> Bank:
    """The shipped bank, in which each template is compiled once."""
    return load_bank()


def one_of_each_kind(bank: Bank) -> list[str]:
    """The ids of a template for each combination of kinds of answers that the bank has."""
    found = {header.kinds: header.id for header in bank.headers()}
    return list(found.values())


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Iterator[Course]:
    folder = tmp_path_factory.mktemp("leaks")
    items = "".join(f"  - {{template: {id}, points: 3}}\n" for id in one_of_each_kind(bank))
    (folder / "quiz.yaml").write_text(f"title: All\nhints: true\nitems:\n{items}")
    roster = Roster(tuple(Student(id, name) for id, name in CLASS), ("id", "name"))
    build_quiz(load_quiz(folder / "quiz.yaml"), bank, roster, folder / "build", flavours=tuple(FLAVOURS))
    manifest = read_manifest(folder / "build")
    pages = [
        {
            flavour: (folder / "build" / "worksheets" / f"{sheet.file}{end}").read_text(encoding="utf-8")
            for flavour, end in FLAVOURS.items()
        }
        for sheet in manifest.sheets
    ]
    with manifest.bank() as frozen:
        made = papers(manifest, frozen, manifest.sheets)
        yield Course(manifest, frozen, [paper.worksheet for paper in made], [paper.keyed for paper in made], pages)


def test_no_page_holds_the_secret_in_any_form_nor_where_the_bank_is(course: Course) -> None:
    secret = course.manifest.secret
    forms = [
        secret.hex(), secret.hex().upper(), base64.b64encode(secret).decode().rstrip("="),
        base64.urlsafe_b64encode(secret).decode().rstrip("="), str(int.from_bytes(secret, "big")),
        str(int.from_bytes(secret, "little")), secret[:8].hex(), secret[-8:].hex(), course.manifest.bank_folder,
        *course.manifest.files,
    ]  # fmt: skip
    for pages in course.pages:
        for page in pages.values():
            assert not [form for form in forms if form in page]


def test_no_page_names_a_template_a_mistake_or_another_student(course: Course) -> None:
    mistakes = {mistake.id for template in course.bank.values() for mistake in template.mistakes.values()}
    for number, pages in enumerate(course.pages):
        others = [word for i, pair in enumerate(CLASS) if i != number for word in pair]
        others += [sheet.code for i, sheet in enumerate(course.manifest.sheets) if i != number]
        for page in pages.values():
            assert not [word for word in (*others, *course.bank, *(id for id in mistakes if "-" in id)) if word in page]


def test_no_page_holds_a_worked_solution(course: Course) -> None:
    for paper_pages, keys in zip(course.pages, course.keys, strict=True):
        for keyed in keys.values():
            assert keyed.solution is not None
            for flavour, page in paper_pages.items():
                for line in fragment(keyed.solution, flavour).splitlines():
                    # short lines and lines of tables that the question shows too say nothing
                    words = re.sub(r"<[^>]*>", "", line).strip()
                    stem = fragment(keyed.item.stem, flavour)
                    if len(words) > 40 and words not in re.sub(r"<[^>]*>", "", stem):
                        assert words not in re.sub(r"<[^>]*>", "", page)


def test_a_page_is_made_of_the_item_without_its_key_and_of_nothing_else(course: Course) -> None:
    for paper, pages in zip(course.papers, course.pages, strict=True):
        for flavour, page in pages.items():
            assert worksheet(paper, flavour) == page
    reachable = {type(part).__name__ for part in _parts(course.papers[0])}
    assert not reachable & {"KeyedItem", "AnswerKey", "Template", "Variants", "Manifest", "Assigned", "bytes"}


def _parts(value: object) -> Iterator[object]:
    """Everything that hangs on a value."""
    yield value
    if isinstance(value, tuple | list):
        inside = list(value)
    else:
        inside = [getattr(value, name) for name in getattr(type(value), "__slots__", ()) if hasattr(value, name)]
    for part in inside:
        yield from _parts(part)


def _typed_keys(course: Course, row: int) -> Iterator[tuple[str, str]]:
    """Every key of a sheet that is typed as a number and is not itself shown in the question: (field, text)."""
    for field, keyed in course.keys[row].items():
        shown = re.sub(r"<[^>]*>", " ", fragment(keyed.item.stem, "markdown"))
        for (name, _), key in zip(keyed.item.interactions, keyed.keys, strict=True):
            text = fragment(key.shown, "markdown")
            for number in re.findall(r"-?[0-9]+\.[0-9]{3,}", text):
                if number not in shown:
                    yield f"{field}.{name}", number


def test_no_page_holds_a_numeric_key_as_shown_with_more_digits_or_with_a_comma(course: Course) -> None:
    checked = 0
    for row, pages in enumerate(course.pages):
        for field, number in _typed_keys(course, row):
            checked += 1
            entry = pages["html"].split(f'id="{field.split(".")[0]}"')[1].split("</section>")[0]
            told = re.split(r"\n## [0-9]+\. ", pages["markdown"])[int(field[1:].split(".")[0])]
            for page in (entry, told):
                for form in (number, number.replace(".", ","), number.lstrip("-0")):
                    assert not re.search(rf"(?<![0-9]){re.escape(form)}", page), (field, form)
    assert checked > 15


def test_the_options_of_a_question_differ_in_their_letters_and_words_only(course: Course) -> None:
    """No attribute, class, order of attributes or comment tells the right one from the others."""
    row = re.compile(r'<label class="row".*?</label>', re.DOTALL)
    checked = 0
    for paper, pages in zip(course.papers, course.pages, strict=True):
        for section in paper.sections:
            for entry in section.entries:
                kinds = [one for _, one in entry.item.interactions if isinstance(one, ChooseOne | ChooseMany)]
                if len(kinds) != 1 or len(entry.item.interactions) != 1:
                    continue
                html = pages["html"].split(f'<section class="item" id="{entry.field}"')[1].split("</section>")[0]
                rows = [found for found in row.findall(html) if 'value="none"' not in found]
                assert len(rows) == len(kinds[0].options)
                bare = set()
                for option, text in zip(kinds[0].options, rows, strict=True):
                    words = re.sub(r'(<span class="words">).*(</span>)', r"\1\2", text, flags=re.DOTALL)
                    bare.add(re.sub(rf'\b{option.label}\b(?=["<])', "X", words))
                assert len(bare) == 1
                checked += 1
    assert checked >= len(CLASS)


def test_pages_hold_no_comments_and_only_the_attributes_that_saving_needs(course: Course) -> None:
    for pages in course.pages:
        assert "<!--" not in pages["html"]
        assert "<!--" not in pages["markdown"]
        names = set(re.findall(r"\sdata-[a-z-]+", pages["html"].split("<script>")[0]))
        assert names <= {
            f" data-{name}" for name in ("build", "code", "student", "field", "kind", "label", "sum", "total", "words")
        }
        values = re.findall(r'<input[^>]*type="(?:text|number|hidden)"[^>]*\svalue="([^"]+)"', pages["html"])
        assert values == []
        assert not re.search(r"<(?:input|option)[^>]*\s(?:checked|selected)\b", pages["html"])
    scripts = {pages["html"].split("<script>")[1] for pages in course.pages}
    assert len(scripts) == 1  # the same for every student, so it knows no key


def test_the_address_of_a_variant_stands_nowhere(course: Course) -> None:
    address = 9_876_543_210
    sheet = course.manifest.sheets[0]
    moved = replace(sheet, items=tuple(Assigned(item.slot, item.template, address) for item in sheet.items))
    for flavour in FLAVOURS:
        page = worksheet(papers(course.manifest, course.bank, [moved])[0].worksheet, flavour)
        for form in (str(address), f"{address:x}", f"{address:,}", base64.b64encode(address.to_bytes(8, "big")).decode()):
            assert form not in page


@pytest.mark.parametrize("kind", ["choice", "multiple"])
def test_the_place_of_the_key_is_uniform_over_a_class(kind: str, bank: Bank) -> None:
    """Over 400 students, each place of each template's options holds the key about equally often."""
    checked = 0
    for header in bank.headers():
        template = bank[header.id] if header.kinds == (kind,) else None
        if template and template.single and _shuffled(template):
            _check_places(template)
            checked += 1
    assert checked >= 2


def _shuffled(template: Template) -> bool:
    return "fixed" not in repr(getattr(template.answers[0], "order", ""))


def _check_places(template: Template) -> None:
    keyed = template.keyed_items(template.variants(secret=SECRET, count=400))
    counts: dict[int, Counter[str]] = {}
    for one in keyed:
        interaction = one.item.interactions[0][1]
        assert isinstance(interaction, ChooseOne | ChooseMany)
        offered = len(interaction.options)
        counts.setdefault(offered, Counter()).update(re.findall(r"\b[A-H]\b", one.keys[0].accepted))
    for offered, places in counts.items():
        total = sum(places.values())
        if total < 20 * offered:
            continue
        expected = total / offered
        chi_square = sum((places["ABCDEFGH"[i]] - expected) ** 2 / expected for i in range(offered))
        # a fair shuffle exceeds this once in some hundred thousand templates
        assert chi_square < offered + 8 * (2 * offered) ** 0.5, (template.id, offered, places)


def test_who_has_quizgen_and_the_bank_but_no_secret_cannot_make_the_worksheets_again(tmp_path: Path) -> None:
    built, manifest = build(tmp_path, students=CLASS, secret=bytes(reversed(SECRET)))
    sheet = manifest.sheets[0]
    public = [sheet.student.id, sheet.student.name, sheet.code, built.build, manifest.quiz.title, "", "show", manifest.created]
    guesses = [word.encode() for word in public] + [bytes(32), b"0" * 32, b"quizgen"]
    with manifest.bank() as bank:
        template = bank["calc/two-steps"]  # some 3,000 variants
        true = template.fingerprints(
            template.variants_at([s.items[1].ordinal for s in manifest.sheets], secret=manifest.secret)
        )
        for guess in guesses:
            made = set(template.fingerprints(template.variants(secret=guess, count=len(CLASS))))
            assert len(made & set(true)) <= 2
