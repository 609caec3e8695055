"""A student's way with a worksheet: fill it in, save it, hand it in, be marked; come back to it, and mend it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import page_probes
from bank_homework import Built, HandedIn
from browser_session import Session

NEWS = "return document.getElementById('news').textContent"


def field_of(session: Session, kind: str) -> str:
    """The name of the first field of a kind."""
    return str(session.find(f'[data-kind="{kind}"]').get_attribute("data-field"))


def saved_answers(session: Session, built: Built) -> dict[str, str]:
    """The answers that the worksheet saves."""
    path = session.save(built.manifest.sheets[0].code)
    return dict(json.loads(path.read_text(encoding="utf-8"))["answers"])


def test_right_answers_filled_in_saved_and_graded_earn_full_marks(built: Built, handed_in: HandedIn) -> None:
    """The whole circle, over every template of the shipped bank: what the key says is what the page can be made to say."""
    assert handed_in.progress == "Every answer is filled in."
    assert handed_in.logged == []
    assert json.loads(handed_in.saved.read_text(encoding="utf-8"))["answers"] == built.keys
    with (handed_in.graded.folder / "marks.csv").open(encoding="utf-8-sig", newline="") as table:
        marks = {row["field"]: row for row in csv.DictReader(table) if row["student"] == "s1047"}
    assert set(marks) == set(built.keys)
    for name, row in marks.items():
        expected = ("manual", "0") if name in built.essays else ("correct", row["possible"])
        assert (row["outcome"], row["points"]) == expected, row


def test_saved_answers_loaded_into_an_empty_worksheet_bring_everything_back(
    session: Session, built: Built, handed_in: HandedIn
) -> None:
    session.show(built.worksheet)
    assert not any(session.ask(page_probes.ANSWERS).values())
    session.find("#file").send_keys(str(handed_in.saved))
    assert session.becomes(NEWS, "Saved answers loaded.")
    assert session.ask(page_probes.ANSWERS) == handed_in.answers
    assert session.find("#progress").text == "Every answer is filled in."


def test_a_file_of_another_sheet_or_of_anything_else_is_refused_and_changes_nothing(
    session: Session, built: Built, tmp_path: Path
) -> None:
    session.show(built.worksheet)
    session.fill_in(field_of(session, "number"), "0,5")
    before = session.ask(page_probes.ANSWERS)
    code, build = built.manifest.sheets[0].code, built.manifest.build
    good = {"format": "quizgen-responses", "version": 1, "build": build, "worksheet": code, "answers": {}}
    cases = {
        "other.json": (json.dumps({**good, "worksheet": "AAAA-AAAA"}), "belongs to sheet AAAA-AAAA"),
        "build.json": (json.dumps({**good, "build": "another"}), "belongs to"),
        "list.json": ("[1, 2]", "is not a file of saved answers"),
        "broken.json": ("{", "is not a file of saved answers"),
    }
    for name, (text, said) in cases.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        session.find("#file").send_keys(str(tmp_path / name))
        assert session.becomes(f"return document.getElementById('news').textContent.startsWith('{name} ')", True)
        assert said in session.ask(NEWS)
        assert session.ask(page_probes.ANSWERS) == before


def test_saved_answers_that_do_not_fit_the_sheet_are_named(session: Session, built: Built, tmp_path: Path) -> None:
    session.show(built.worksheet)
    one = field_of(session, "one")
    saved = {
        "format": "quizgen-responses",
        "version": 1,
        "build": built.manifest.build,
        "worksheet": built.manifest.sheets[0].code,
        "answers": {one: "Z"},
    }
    (tmp_path / "odd.json").write_text(json.dumps(saved), encoding="utf-8")
    session.find("#file").send_keys(str(tmp_path / "odd.json"))
    assert session.becomes(NEWS, f"Loaded, but these do not fit: {one}.")


def test_a_draft_is_back_after_the_page_is_loaded_again(session: Session, built: Built) -> None:
    session.show(built.worksheet)
    name = field_of(session, "number")
    session.fill_in(name, "0.123")
    assert session.becomes("return localStorage.length", 1)
    session.driver.refresh()
    assert session.ask(page_probes.ANSWERS)[name] == "0.123"
    assert session.ask(NEWS) == "Your draft from this browser is back."


def test_a_choice_can_be_cleared_again(session: Session, built: Built) -> None:
    session.show(built.worksheet)
    name = field_of(session, "one")
    field = session.find(f'[data-field="{name}"]')
    (clear,) = session.every("button.clear", field)
    assert not clear.is_displayed()
    session.fill_in(name, "B")
    session.press(clear)
    assert session.ask(page_probes.ANSWERS)[name] == ""
    assert session.ask("return document.activeElement.type") == "radio"


def test_none_of_these_and_the_options_exclude_each_other(session: Session, built: Built) -> None:
    session.show(built.worksheet)
    name = field_of(session, "many")
    session.fill_in(name, "A B none")
    assert session.ask(page_probes.ANSWERS)[name] == "none"
    session.fill_in(name, "C")
    assert session.ask(page_probes.ANSWERS)[name] == "C"


def test_an_order_is_made_with_buttons_from_the_keyboard_or_by_positions(session: Session, built: Built) -> None:
    session.show(built.worksheet)
    name = field_of(session, "arrange")
    labels = [select.get_attribute("data-label") for select in session.every(f'[data-field="{name}"] select')]
    down = session.find(f'[data-field="{name}"] button[aria-label="Move {labels[0]} down"]')
    down.send_keys(" ")
    assert session.ask("return document.activeElement.getAttribute('aria-label')") == f"Move {labels[0]} down"
    assert session.ask(NEWS) == f"{labels[0]} is now at position 2 of {len(labels)}."
    shown = [select.get_attribute("data-label") for select in session.every(f'[data-field="{name}"] select')]
    assert shown[:2] == [labels[1], labels[0]]
    # A position that is taken changes places with the one that is given up.
    session.pick(session.find(f'[data-field="{name}"] select[data-label="{labels[0]}"]'), "1")
    assert saved_answers(session, built)[name] == " ".join(labels)


def test_an_order_begun_and_not_finished_says_which_places_are_open(session: Session, built: Built) -> None:
    session.show(built.worksheet)
    name = field_of(session, "arrange")
    first = session.find(f'[data-field="{name}"] select')
    session.pick(first, "2")
    answer = saved_answers(session, built)[name].split()
    assert answer[1] == first.get_attribute("data-label")
    assert set(answer[:1] + answer[2:]) == {"?"}


def test_the_sum_of_stated_probabilities_is_shown_as_they_are_typed(session: Session, built: Built) -> None:
    session.show(built.worksheet)
    name = field_of(session, "distribution")
    total = session.find(f'[data-field="{name}"] [data-sum]')
    assert not total.is_displayed()
    boxes = session.every(f'[data-field="{name}"] input')
    boxes[0].send_keys("0,25")
    assert total.text == "Sum: 0.25"
    boxes[1].send_keys("75%")
    assert total.text == "Sum: 1"
    assert "full" in total.get_attribute("class").split()
    boxes[2].send_keys("x")
    assert total.text == "Sum: not all are numbers"
    for box, typed in zip(boxes, ("1/3", "(1/3)", "33,5 %"), strict=False):
        box.clear()
        box.send_keys(typed)
    assert total.text == "Sum: 1.001667"
    boxes[2].clear()
    boxes[2].send_keys("0x10")
    assert total.text == "Sum: not all are numbers"


def test_what_a_student_types_is_saved_as_it_is(session: Session, built: Built) -> None:
    session.show(built.worksheet)
    name = field_of(session, "text")
    typed = '</script><b>"=1+1" ’ש 李 \\u0041'
    session.fill_in(name, typed)
    saved = json.loads(session.save(built.manifest.sheets[0].code).read_text(encoding="utf-8"))
    assert saved["answers"][name] == typed
    assert saved["student"] == "s1047"
    assert saved["worksheet"] == built.manifest.sheets[0].code
