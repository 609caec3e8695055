"""Whole pages in a browser: quiet, complete in themselves, accessible, fit for a phone, for the dark and for paper."""

from __future__ import annotations

import re
from pathlib import Path

import page_probes
import pytest
from bank_homework import Built
from browser_session import Session
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PAGES = ("worksheet", "key", "feedback", "index", "gallery")
every_page = pytest.mark.parametrize("name", PAGES)


@every_page
def test_a_page_says_nothing_to_the_console_and_fetches_nothing_but_itself(
    session: Session, pages: dict[str, Path], name: str
) -> None:
    session.show(pages[name])
    assert session.fetched() == [pages[name].as_uri()]
    assert session.logged() == []


@every_page
def test_a_phone_of_320_pixels_scrolls_down_only(session: Session, pages: dict[str, Path], name: str) -> None:
    session.show(pages[name], width=320)
    assert session.ask(page_probes.WIDER_THAN_THE_SCREEN, 320) == []
    assert session.ask("return [innerWidth, document.documentElement.scrollWidth]") == [320, 320]


@every_page
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_stands_out_from_its_background(session: Session, pages: dict[str, Path], name: str, dark: bool) -> None:
    session.show(pages[name], dark=dark)
    paper = session.ask("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", paper)[:3])) < 200) == dark
    measured, faint = session.ask(page_probes.FAINT_TEXTS)
    assert measured > 20
    assert faint == []


@every_page
def test_no_two_elements_share_an_id(session: Session, pages: dict[str, Path], name: str) -> None:
    session.show(pages[name])
    assert session.ask(page_probes.DUPLICATE_IDS) == []


@every_page
def test_every_formula_is_drawn(session: Session, pages: dict[str, Path], name: str) -> None:
    session.show(pages[name])
    session.ask("for (const more of document.querySelectorAll('details')) more.open = true")
    assert session.ask("return document.querySelectorAll('math').length") > (0 if name != "index" else -1)
    assert session.ask(page_probes.BROKEN_FORMULAS) == []


@every_page
def test_no_table_breaks_a_word_on_a_phone_but_scrolls_by_itself(session: Session, pages: dict[str, Path], name: str) -> None:
    session.show(pages[name], width=320)
    assert session.ask(page_probes.BROKEN_HEADS) == []


def test_a_table_wider_than_the_screen_shows_at_its_edges_that_it_scrolls_and_on_paper_does_not(
    session: Session, built: Built
) -> None:
    session.show(built.worksheet, width=320)
    assert session.ask(page_probes.SCROLLING_WITHOUT_A_CUE) == [[], True]
    session.shape(width=800, media="print")
    assert session.ask("return getComputedStyle(document.querySelector('div.wide')).backgroundImage") == "none"


def test_heads_of_tables_wrap_so_that_four_columns_of_numbers_fit_on_a_phone(session: Session, built: Built) -> None:
    session.show(built.worksheet, width=400)
    wide = "const box = [...document.querySelectorAll('.wide')].find((box) => box.innerText.includes('of the first choice'));"
    assert session.ask(f"{wide} return box.scrollWidth <= box.clientWidth")


@pytest.mark.parametrize("name", ["worksheet", "index", "gallery"])
def test_whatever_can_be_pressed_is_large_enough_for_a_finger(session: Session, pages: dict[str, Path], name: str) -> None:
    session.show(pages[name], width=320)
    assert session.ask(page_probes.SMALL_TARGETS) == []


def test_the_bar_for_saving_leaves_most_of_a_small_screen_to_the_questions(session: Session, built: Built) -> None:
    session.show(built.worksheet, width=320)
    bar = session.find("#bar").size
    assert 0 < bar["height"] <= 200
    assert bar["width"] == 320


def test_every_control_has_a_name_of_its_own_in_its_question(session: Session, built: Built) -> None:
    """The names are those that the browser gives to a screen reader."""
    session.show(built.worksheet)
    tree = session.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    asked = {"textbox", "combobox", "radio", "checkbox", "button", "link", "DisclosureTriangle", "region", "group"}
    seen = {"textbox": 0, "combobox": 0, "radio": 0, "checkbox": 0, "button": 0}
    nameless = []
    for node in tree:
        role = node.get("role", {}).get("value")
        if node.get("ignored") or role not in asked:
            continue
        if role in seen:
            seen[role] += 1
        # A details element is a group without a name; its summary carries one.
        if not node.get("name", {}).get("value", "").strip() and role != "group":
            nameless.append(node)
    assert nameless == []
    assert all(count > 3 for count in seen.values()), seen
    fields = "input:not([type=radio]):not([type=checkbox]), select"
    for question in session.every(".item"):
        names = [control.accessible_name for control in session.every(fields, question)]
        assert len(set(names)) == len(names), (question.get_attribute("id"), names)


def test_a_control_whose_label_is_a_formula_is_named_by_the_formula(session: Session, built: Built) -> None:
    session.show(built.worksheet)
    labels = session.every("label:has(math)")
    assert len(labels) > 3
    for label in labels:
        name = session.find(f'[id="{label.get_attribute("for")}"]').accessible_name
        assert all(symbol in name for symbol in label.find_element(By.CSS_SELECTOR, "math").text.split()), name


def test_groups_of_controls_are_named_by_what_they_ask(session: Session, built: Built) -> None:
    session.show(built.worksheet)
    groups = session.every("fieldset")
    assert len(groups) > 10
    for group in groups:
        assert group.aria_role == "group"
        assert group.accessible_name.strip()


def test_the_keyboard_visits_controls_in_the_order_of_the_page(session: Session, built: Built) -> None:
    """Each is outlined while it has the focus, and none hides behind the bar for saving."""
    session.show(built.worksheet)
    stops = []
    body = session.driver.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.TAB)
    for _ in range(60):
        stop = session.ask(page_probes.FOCUS_STOP)
        if stop is None:
            break
        stops.append(stop)
        session.driver.switch_to.active_element.send_keys(Keys.TAB)
    places = [place for place, _, _, _ in stops]
    assert stops[0][1] == "Skip to the questions"
    assert places == sorted(set(places))
    assert all(outlined for _, _, outlined, _ in stops)
    assert [name for _, name, _, hidden in stops if hidden] == []


def test_the_skip_link_leads_past_the_head_of_the_page(session: Session, built: Built) -> None:
    session.show(built.worksheet)
    session.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    session.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert session.driver.switch_to.active_element.get_attribute("id") == "main"


def test_on_paper_a_question_stays_whole_and_buttons_are_left_out(session: Session, built: Built) -> None:
    session.show(built.worksheet, media="print")
    assert session.ask(page_probes.BREAKS_INSIDE, ".item") == ["avoid"]
    assert not any(button.is_displayed() for button in session.every("button, #bar, .hints"))
    assert session.ask("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_feedback_on_paper_may_break_between_answers_but_not_inside_one(session: Session, pages: dict[str, Path]) -> None:
    session.show(pages["feedback"], media="print")
    assert session.ask(page_probes.BREAKS_INSIDE, ".verdict, .solution") == ["avoid"]
    assert session.ask(page_probes.BREAKS_INSIDE, ".item") == ["auto"]


def test_a_gallery_on_paper_shows_also_what_is_folded(session: Session, pages: dict[str, Path]) -> None:
    session.show(pages["gallery"], media="print")
    shown = "return [...document.querySelectorAll('details:not([open]) > :not(summary)')].map((part) => part.checkVisibility())"
    on_paper = session.ask(shown)
    assert len(on_paper) > 50
    assert all(on_paper)
    session.shape(media="screen")
    assert not any(session.ask(shown))


def test_without_scripts_a_worksheet_can_be_read_and_says_why_it_cannot_be_saved(session: Session, built: Built) -> None:
    session.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        session.show(built.worksheet)
        tree = session.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    finally:
        session.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    words = " ".join(node["name"]["value"] for node in tree if not node.get("ignored") and "name" in node)
    assert "Scripts are switched off." in words
    assert "Your answer" in words
    assert "Save my answers" not in words


def test_the_class_list_can_be_narrowed_by_typing(session: Session, pages: dict[str, Path]) -> None:
    session.show(pages["index"])
    rows = "return [...document.querySelectorAll('#rows tr')].filter((row) => !row.hidden).length"
    box = session.find("#wanted")
    for typed, left in (("o’connor", 1), ("x", 0)):
        box.send_keys(typed)
        assert session.becomes(rows, left)
    assert session.find("#shown").text == "0 of 2 students"
