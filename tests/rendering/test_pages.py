"""Whole pages: self-contained, accessible, free of keys."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from rendering_samples import CHOOSE_ONE, ITEMS, feedback_page, filled, gallery_rooms, keyed, line, sheet, single

from quizgen.errors import QuizgenError
from quizgen.items import (
    AnswerKey,
    Arrange,
    ChooseOne,
    EnterNumber,
    Entry,
    FeedbackEntry,
    FeedbackPart,
    Item,
    KeyedItem,
    Number,
    Option,
    Place,
    Section,
)
from quizgen.rendering import ClassIndex, ClassRow, class_index, feedback, key_sheet, worksheet
from quizgen.rendering.gallery import gallery

VOID = {"meta", "input", "br", "hr", "link", "img", "wbr"}


@dataclass
class Element:
    """An element of a parsed page."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def every(self, *tags: str) -> Iterator[Element]:
        for child in self.children:
            if not tags or child.tag in tags:
                yield child
            yield from child.every(*tags)

    def inside(self, tag: str) -> bool:
        return self.parent is not None and (self.parent.tag == tag or self.parent.inside(tag))

    def words(self) -> str:
        return " ".join(" ".join([self.text, *(child.words() for child in self.children)]).split())


class Page(HTMLParser):
    """Builds the tree of a page and refuses one whose tags do not nest."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.open = Element("#page", {}, None)
        self.feed(markup)
        self.close()
        assert self.open is self.root, f"<{self.open.tag}> is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.text += data


def rows() -> Iterator[ClassRow]:
    for number in range(3):
        yield ClassRow(f"s{number}", "Zoë <b>", "AB-1", (("html", f"worksheets/s{number}.html"),), f"keys/s{number}.html")


PAGES = {
    "worksheet": worksheet(sheet(), "html"),
    "feedback": feedback(feedback_page(), "html"),
    "key": key_sheet(sheet(), keyed(), "html"),
    "gallery": gallery("Gallery", gallery_rooms()),
    "index": "".join(class_index(ClassIndex("Week 3", rows(), 3, ("Few variants.",), "quizgen grade …"))),
}
every_page = pytest.mark.parametrize("markup", PAGES.values(), ids=PAGES.keys())


@every_page
def test_every_control_has_a_label_with_words(markup: str) -> None:
    page = Page(markup).root
    labels = {label.attributes.get("for"): label.words() for label in page.every("label")}
    for control in page.every("input", "select", "textarea"):
        named = labels.get(control.attributes["id"]) or control.attributes.get("aria-label")
        assert named, control.attributes
    for button in page.every("button"):
        assert button.words() or button.attributes.get("aria-label")


@every_page
def test_ids_are_unique_and_all_references_lead_somewhere(markup: str) -> None:
    page = Page(markup).root
    ids = Counter(element.attributes["id"] for element in page.every() if "id" in element.attributes)
    assert [ident for ident, count in ids.items() if count > 1] == []
    for element in page.every():
        for name in ("for", "aria-describedby", "aria-labelledby"):
            for ident in element.attributes.get(name, "").split():
                assert ident in ids


@every_page
def test_headings_begin_at_one_and_skip_no_level(markup: str) -> None:
    levels = [int(heading.tag[1]) for heading in Page(markup).root.every("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


@every_page
def test_a_page_has_language_landmarks_and_a_skip_link(markup: str) -> None:
    page = Page(markup).root
    assert next(page.every("html")).attributes["lang"] == "en"
    assert len(list(page.every("main"))) == 1
    skip = next(page.every("a"))
    assert skip.attributes["href"] == "#main"
    assert next(page.every("main")).attributes["id"] == "main"


@every_page
def test_the_policy_allows_only_the_style_and_script_inside(markup: str) -> None:
    page = Page(markup).root
    policies = [meta for meta in page.every("meta") if meta.attributes.get("http-equiv") == "Content-Security-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in policies[0].attributes["content"].split(";"))
    assert policy["default-src"] == "'none'"
    for tag, name in (("style", "style-src"), ("script", "script-src")):
        inside = re.findall(f"<{tag}>(.*?)</{tag}>", markup, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inside]
        assert policy[name] == (f"'sha256-{digests[0]}'" if digests else "'none'")
        assert len(inside) <= 1
    assert not [element for element in page.every() if "style" in element.attributes]
    assert not [name for element in page.every() for name in element.attributes if name.startswith("on")]


@every_page
def test_a_page_fetches_nothing(markup: str) -> None:
    page = Page(markup).root
    assert not list(page.every("link", "img", "iframe", "object", "base"))
    assert not [element for element in page.every() if "src" in element.attributes]
    namespace = "http://www.w3.org/1998/Math/MathML"
    assert re.findall(r"https?://|url\(|@import", markup.replace(namespace, "")) == []


def test_every_answer_has_a_field_named_as_responses_name_it() -> None:
    page = Page(PAGES["worksheet"]).root
    fields = [element.attributes["data-field"] for element in page.every() if "data-field" in element.attributes]
    parts = ["loss_1", "loss_2", "total", "perplexity", "verdict"]
    assert fields == ["q1", *(f"q2.{part}" for part in parts), *(f"q{number}" for number in range(3, 10))]


def test_groups_of_controls_stand_in_fieldsets_with_legends_and_their_rule() -> None:
    page = Page(PAGES["worksheet"]).root
    for fieldset in page.every("fieldset"):
        assert fieldset.children[0].tag == "legend"
        assert fieldset.children[0].words()
    by_field = {fieldset.attributes["data-field"]: fieldset for fieldset in page.every("fieldset")}
    rule = next(p for p in by_field["q3"].every("p") if p.attributes.get("id") == "q3-1-rule")
    assert "every decision counts" in rule.words()
    assert "q3-1-rule" in by_field["q3"].attributes["aria-describedby"].split()


def test_number_fields_ask_for_the_decimal_keyboard_and_are_described_by_unit_and_form() -> None:
    page = Page(PAGES["worksheet"]).root
    number = next(element for element in page.every("input") if element.attributes["name"] == "q8")
    assert number.attributes["inputmode"] == "decimal"
    assert number.attributes["autocomplete"] == "off"
    described = number.attributes["aria-describedby"].split()
    told = {e.attributes["id"]: e.words() for e in page.every() if e.attributes.get("id") in described}
    assert sorted(told.values()) == ["3 decimals", "nats"]


def test_a_label_with_a_formula_is_also_said_in_plain_words() -> None:
    """Browsers leave MathML out of the names that they make of labels."""
    page = Page(PAGES["worksheet"]).root
    spoken = {element.attributes.get("id", ""): element.attributes.get("aria-label") for element in page.every()}
    assert spoken["q1-1-A"] == "A Model A has the lower loss, since −ln 0.65 < −ln 0.20."
    assert spoken["q1-1-B"] is None
    assert spoken["q3-1"] == "Which statements are true of H(p, q)?"
    assert spoken["q4-1-A"] == "Position of A: q = 0.40"
    assert spoken["q5-1-1"] == "1 −log q(x)"
    labels = [element for element in page.every("label") if any(element.every("math"))]
    assert len(labels) > 5
    assert all(spoken[label.attributes["for"]] for label in labels)


def test_an_answer_in_a_table_is_labelled_by_its_row_and_column() -> None:
    page = Page(PAGES["worksheet"]).root
    labels = {label.attributes["for"]: label.words() for label in page.every("label")}
    assert [labels["q2-1"], labels["q2-2"]] == ["Loss, The", "Loss, sun"]


def test_no_control_that_needs_lines_of_its_own_stands_in_a_paragraph() -> None:
    arrange = Arrange(None, (Option("A", line("x")), Option("B", line("y"))), "all or nothing")
    stem = filled("Order {{ answer.a }} and say {{ answer.b }}.", Place("a"), Place("b"))
    page = Page(worksheet(single(stem, ("a", arrange), ("b", EnterNumber(None, "", ""))), "html")).root
    fieldset = next(page.every("fieldset"))
    assert not fieldset.inside("p")
    paragraph = next(p for p in page.every("p") if p.words().startswith("Order"))
    assert "(below: A)" in paragraph.words()
    assert [e.attributes["id"] for e in paragraph.every("input")] == ["q1-2"]


def test_a_choice_in_a_sentence_is_a_list_of_plain_words() -> None:
    stem = filled("The better model is {{ answer.a }}.", Place("a"))
    page = Page(worksheet(single(stem, ("a", CHOOSE_ONE)), "html")).root
    choices = [option.words() for option in next(page.every("select")).every("option")]
    assert choices[0] == "choose…"
    assert choices[1] == "A. Model A has the lower loss, since −ln 0.65 < −ln 0.20."


def test_hints_are_folded_and_numbered() -> None:
    page = Page(PAGES["worksheet"]).root
    assert [summary.words() for summary in page.every("summary")] == [
        "Hint 1 of 2 for question 1",
        "Hint 2 of 2 for question 1",
    ]
    assert all("open" not in details.attributes for details in page.every("details"))


def test_a_worksheet_tells_who_what_when_and_for_how_many_points() -> None:
    facts = " ".join(div.words() for div in next(Page(PAGES["worksheet"]).root.every("dl")).children)
    for fact in ("Zoë O’Connor-Ñandú", "s1047", "7KQ4-MX2P", "2026-12-01 18:00 UTC", "9 questions, 10.5 points"):
        assert fact in facts


def test_the_decimal_comma_holds_for_the_whole_worksheet() -> None:
    made = worksheet(sheet(decimal_comma=True), "html")
    assert "0,65" in made
    assert "10,5 points" in made
    assert '<span class="number">0.65' not in made


def test_an_answer_that_the_item_lacks_is_named() -> None:
    with pytest.raises(QuizgenError, match="places an answer 'b'; the item has a"):
        worksheet(single(filled("x {{ answer.b }}", Place("b")), ("a", EnterNumber(None, "", ""))), "html")


def test_pages_are_refused_in_a_flavour_they_are_not_written_in() -> None:
    for call in (lambda: worksheet(sheet(), "text"), lambda: feedback(feedback_page(), "pdf")):
        with pytest.raises(QuizgenError, match="choose html, markdown"):
            call()


def test_a_markdown_worksheet_reads_well_raw() -> None:
    made = worksheet(sheet(), "markdown")
    assert made.startswith("# Cross-entropy, week 3\n\n- **Name:** Zoë O’Connor-Ñandú (s1047)\n- **Sheet:** 7KQ4-MX2P\n")
    assert "| salt     |    0.65 |    0.20 |\n" in made
    assert "- [ ] A. Model A has the lower loss, since $-\\ln 0.65 < -\\ln 0.20$.\n" in made
    assert "`q8` Your answer (3 decimals): `______` nats\n" in made
    assert "write pairs, such as 1-A 2-B 3-C" in made
    assert "Marking: every decision counts" in made
    assert "\n\n\n" not in made
    for lines in re.findall(r"(?:^\|.*\n)+", made, re.MULTILINE):
        assert len({len(row) for row in lines.splitlines()}) == 1


def test_feedback_says_for_each_answer_outcome_points_typed_key_and_why() -> None:
    page = Page(PAGES["feedback"]).root
    outcomes = [span.words() for span in page.every("span") if span.attributes.get("class", "").startswith("outcome")]
    assert outcomes == [
        "Correct",
        "Correct",
        "Could not be read",
        "Blank",
        "Partly right",
        "Wrong",
        "Waiting for a person",
    ]
    loss = next(section for section in page.every("section") if section.attributes["id"] == "q8").words()
    for said in ("0 points", "0,046", "0.105", "from 0.1045 to 0.1055", "The loss in nats uses", "Worked solution"):
        assert said in loss
    assert "2.67 of 10.5 points" in page.words()
    assert "Handed in 2 hours late." in page.words()
    essay = next(section for section in page.every("section") if section.attributes["id"] == "q9").words()
    assert "0 points" not in essay


def tagged(markup: str, item: str) -> dict[str, str]:
    """What is said of each option of an item, by its letter."""
    section = next(section for section in Page(markup).root.every("section") if section.attributes["id"] == item)
    rows = [li for ul in section.every("ul") if ul.attributes.get("class") == "options" for li in ul.every("li")]
    said = {}
    for row in rows:
        letter = next(span.words() for span in row.every("span") if span.attributes["class"] == "letter")
        said[letter] = ", ".join(span.words() for span in row.every("span") if span.attributes["class"] == "tag")
    return said


def test_feedback_marks_the_option_that_was_chosen_and_the_right_one() -> None:
    assert tagged(PAGES["feedback"], "q1") == {"A": "your answer, key", "B": "", "C": "", "D": ""}
    assert tagged(PAGES["feedback"], "q3") == {"A": "your answer, key", "B": "your answer", "C": ""}


def test_the_right_option_is_found_by_its_label_not_by_letters_in_its_words() -> None:
    """A key that reads "Model A has …" or "Both …" once marked options A and B."""
    assert tagged(PAGES["key"], "q1") == {"A": "key", "B": "picks-larger-loss", "C": "", "D": ""}
    both = ChooseOne(None, (Option("A", line("Model B is better.")), Option("B", line("Model A is better."))))
    made = single(filled("Which?"), ("answer", both))
    item = made.sections[0].entries[0].item
    key = AnswerKey("answer", both.options[0].text, "A", (("inverted", both.options[1].text),))
    sheets = key_sheet(made, {"q1": KeyedItem(item, (key,), None)}, "html")
    assert tagged(sheets, "q1") == {"A": "key", "B": "inverted"}
    assert "Key: **A. Model B is better.**" in key_sheet(made, {"q1": KeyedItem(item, (key,), None)}, "markdown")


def test_the_accepted_band_of_a_number_has_the_decimal_sign_and_minus_of_the_page() -> None:
    made = single(filled("What is it?"), ("answer", EnterNumber(None, "3 decimals", "nats")), decimal_comma=True)
    entry = made.sections[0].entries[0]
    key = AnswerKey("answer", line("{{ x }}", Number("-1.253")), "-1.2535 to -1.2525 nats")
    sheets = [key_sheet(made, {"q1": KeyedItem(entry.item, (key,), None)}, flavour) for flavour in ("html", "markdown")]
    part = FeedbackPart("answer", "1", "wrong", 0.0, key.shown, key.accepted, ())
    marked = feedback_page(worksheet=made, entries=(FeedbackEntry(entry, 0.0, (part,), None),))
    sheets += [feedback(marked, flavour) for flavour in ("html", "markdown")]
    assert all("−1,2535 to −1,2525 nats" in text for text in sheets)


@pytest.mark.parametrize(
    ("typed", "chosen"), [("b", "B"), ("(B)", "B"), ("Option B", "B"), ("Both losses are equal.", "C"), ("A B", ""), ("E", "")]
)
def test_the_chosen_option_is_the_one_that_marking_reads(typed: str, chosen: str) -> None:
    page = feedback_page()
    part = FeedbackPart("answer", typed, "wrong", 0.0, CHOOSE_ONE.options[3].text, "D", ())
    made = feedback(feedback_page(entries=(FeedbackEntry(page.entries[0].entry, 0.0, (part,), None),)), "html")
    assert "".join(letter for letter, said in tagged(made, "q1").items() if "your answer" in said) == chosen


def test_an_answer_that_chooses_no_option_is_shown_as_typed() -> None:
    page = feedback_page()
    part = FeedbackPart("answer", "E, I think", "invalid", 0.0, CHOOSE_ONE.options[0].text, "A", ())
    entry = FeedbackEntry(page.entries[0].entry, 0.0, (part,), None)
    made = feedback(feedback_page(entries=(entry,)), "html")
    assert tagged(made, "q1") == {"A": "key", "B": "", "C": "", "D": ""}
    assert "E, I think" in Page(made).root.words()


def test_feedback_in_markdown_holds_the_same_facts() -> None:
    made = feedback(feedback_page(), "markdown")
    for said in (
        "**2.67 of 10.5 points**",
        "**Loss 2: Could not be read**, 0 points\n\nYou answered: `2.7 <b>bits</b>`\n\nKey: 2.737",
        "\n\nAccepted: from 0.1045 to 0.1055",
        "The loss in nats uses $\\ln$, not $\\log_{10}$.",
        "**Explain how this can be.** **Waiting for a person**\n",
        "**Worked solution**\n\nThe loss is $-\\ln 0.90 = 0.105$ nats.",
    ):
        assert said in made


def test_a_key_sheet_gives_key_band_mistakes_and_solution() -> None:
    page = Page(PAGES["key"]).root
    item = next(section for section in page.every("section") if section.attributes["id"] == "q8").words()
    for said in ("0.105", "from 0.1045 to 0.1055", "used-log10", "0.046", "Worked solution"):
        assert said in item
    made = key_sheet(sheet(), keyed(), "markdown")
    assert "**Your answer**\n\nKey: **0.105**\n\n- Accepted: from 0.1045 to 0.1055\n- Mistake used-log10: 0.046" in made


def test_the_class_page_comes_in_chunks_while_its_rows_are_made() -> None:
    made = 0

    def many() -> Iterator[ClassRow]:
        nonlocal made
        for number in range(5000):
            made += 1
            yield ClassRow(f"s{number}", "N", "C", (("html", f"w/s{number}.html"),))

    chunks = class_index(ClassIndex("Week 3", many(), 5000))
    next(chunks)
    assert made < 1000
    assert "".join(chunks).count("<tr>") > 4000
    assert made == 5000


def test_sections_without_a_title_put_questions_one_level_higher() -> None:
    entries = tuple(Entry(f"q{n}", n, 1.0, "C", item) for n, item in enumerate(ITEMS[:2], 1))
    page = Page(worksheet(sheet(sections=(Section("", entries),)), "html")).root
    assert [heading.tag for heading in page.every("h1", "h2", "h3")] == ["h1", "h2", "h2"]


def test_stems_cannot_break_the_outline_of_the_page() -> None:
    item = Item("T", filled("# Loud\n\nx"), (("a", EnterNumber(None, "", "")),))
    made = worksheet(sheet(sections=(Section("", (Entry("q1", 1, 1.0, "C", item),)),)), "html")
    assert len(list(Page(made).root.every("h1"))) == 1


def test_an_essay_has_its_rubric_for_a_key() -> None:
    page = Page(PAGES["key"]).root
    item = next(section for section in page.every("section") if section.attributes["id"] == "q9")
    criteria = next(ul for ul in item.every("ul") if ul.attributes.get("class") == "criteria")
    assert [li.words() for li in criteria.every("li")] == [
        "names a confident miss (2 points)", "relates it to the logarithm (1 point)",
    ]  # fmt: skip
    made = key_sheet(sheet(), keyed(), "markdown")
    assert "A person marks this by:\n\n- names a confident miss (2 points)\n- relates it" in made
    assert "Marked by a person" not in PAGES["key"] + made


def test_a_gallery_has_all_that_an_instructor_wants_to_see_of_each_template() -> None:
    page = Page(PAGES["gallery"]).root
    good, broken = (section for section in page.every("section") if "exhibit" in section.attributes["class"].split())
    for said in (
        "Which model suits the kitchen?", "choice, numeric · apply · 2.5 min", "kitchen/one", "Variant 1 of 9 address 40",
        "Worked solution", "2 hints", "Feedback of options", "B Look again & again.", "A person marks this by",
        "What learners are told of their mistakes", "used-log10 The loss in nats uses",
    ):  # fmt: skip
        assert said in good.words(), said
    shots = [details for details in good.every("details") if details.attributes.get("class") == "shot"]
    assert ["open" in shot.attributes for shot in shots] == [True] + [False] * 8
    assert "a.yaml:1:2: <b> is wrong" in broken.words()
    assert "No variant" not in broken.words()


def test_the_contents_of_a_gallery_lead_to_every_template_and_one_template_has_none() -> None:
    page = Page(PAGES["gallery"]).root
    nav = next(page.every("nav"))
    ids = {section.attributes["id"]: section.words() for section in page.every("section")}
    links = [(a.attributes["href"].removeprefix("#"), a.words()) for a in nav.every("a")]
    assert [title for _, title in links] == ["Which model suits the kitchen?", "b/<i>two"]
    assert all(ids[anchor].startswith(title) for anchor, title in links)
    (room, _) = gallery_rooms()
    assert not list(Page(gallery("One", (room,))).root.every("nav"))
