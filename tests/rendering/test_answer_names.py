"""What the answers of an item are called on pages for reading, and in which order a page tells of them."""

from __future__ import annotations

import re

from rendering_samples import CHOOSE_ONE, feedback_page, filled, keyed, line, options, sheet, single

from quizgen.items import AnswerKey, Arrange, ChooseOne, EnterNumber, FeedbackEntry, FeedbackPart, KeyedItem, Place
from quizgen.rendering import feedback, key_sheet, worksheet

ROWS = ChooseOne(line("Which row is *lowest* in $H(p, q)$?"), options("0.2, 0.8", "0.5, 0.5"))
LOSS = EnterNumber(line("Loss of model A:"), "3 decimals", "nats")
BARE = EnterNumber(None, "", "")
SHEET = single(filled("Two models."), ("row", ROWS), ("loss_a", LOSS), ("in_bits", BARE))
KEYS = (
    AnswerKey("row", ROWS.options[1].text, "B", (("swapped", ROWS.options[0].text),)),
    AnswerKey("loss_a", line("0.105"), "0.1045 to 0.1055"),
    AnswerKey("in_bits", line("0.152")),
)


def entry_feedback(flavour: str) -> str:
    parts = tuple(FeedbackPart(key.answer, "A", "wrong", 0.0, key.shown, key.accepted, ()) for key in KEYS)
    entry = FeedbackEntry(SHEET.sections[0].entries[0], 0.0, parts, None)
    return feedback(feedback_page(worksheet=SHEET, entries=(entry,)), flavour)


def test_no_page_numbers_the_answers_of_an_item() -> None:
    made = {"q1": KeyedItem(SHEET.sections[0].entries[0].item, KEYS, None)}
    pages = [worksheet(SHEET, flavour) + key_sheet(SHEET, made, flavour) for flavour in ("html", "markdown")]
    pages += [entry_feedback(flavour) for flavour in ("html", "markdown")]
    pages += [
        render
        for flavour in ("html", "markdown")
        for render in (worksheet(sheet(), flavour), key_sheet(sheet(), keyed(), flavour))
    ]
    assert not [found for page in pages for found in re.findall(r"[Aa]nswer \d", page)]


def test_a_key_in_markdown_has_for_each_answer_its_label_then_its_options_then_its_key() -> None:
    made = key_sheet(SHEET, {"q1": KeyedItem(SHEET.sections[0].entries[0].item, KEYS, None)}, "markdown")
    assert (
        "Which row is *lowest* in $H(p, q)$?\n\n- **A.** 0.2, 0.8\n- **B.** 0.5, 0.5\n\nKey: **B. 0.5, 0.5**\n\n"
        "- Mistake swapped: 0.2, 0.8\n\n**Loss of model A**\n\nKey: **0.105**\n\n- Accepted: 0.1045 to 0.1055\n\n"
        "**In bits**\n\nKey: **0.152**\n"
    ) in made


def test_a_key_in_html_says_each_label_once() -> None:
    made = key_sheet(SHEET, {"q1": KeyedItem(SHEET.sections[0].entries[0].item, KEYS, None)}, "html")
    words = " ".join(re.sub(r"<[^>]+>", "", made).split())
    assert [words.count(label) for label in ("Which row is lowest", "Loss of model A", "In bits")] == [1, 1, 1]


def test_feedback_in_markdown_names_each_answer_by_its_label_before_its_options() -> None:
    made = entry_feedback("markdown")
    assert "\n\nWhich row is *lowest* in $H(p, q)$? **Wrong**, 0 points\n\n- **A.** 0.2, 0.8\n" in made
    assert "\n\n**Loss of model A: Wrong**, 0 points\n\nYou answered: `A`\n\nKey: 0.105\n" in made
    assert "\n\n**In bits: Wrong**, 0 points\n" in made


def test_feedback_in_html_names_an_answer_without_a_label_by_its_name() -> None:
    assert "<strong>In bits</strong>, 0 points" in entry_feedback("html")


def test_a_control_below_its_sentence_is_named_there_as_it_is_below_and_never_as_markup() -> None:
    asked = ChooseOne(line("{{ x }}", "Is 1 < 2 <b>?"), CHOOSE_ONE.options)
    stem = filled("Say {{ answer.a }} and {{ answer.b }}.", Place("a"), Place("b"))
    many = single(stem, ("a", asked), ("b", BARE))
    assert "<b>" not in worksheet(many, "html")
    below = single(stem, ("a", Arrange(asked.prompt, asked.options, "")), ("b", BARE))
    assert "Say (below: Is 1 &lt; 2 &lt;b&gt;?) and" in worksheet(below, "html")
    assert "Say (below: Is 1 \\< 2 \\<b>?) and" in worksheet(below, "markdown")
