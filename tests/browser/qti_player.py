"""A QTI 3 player in a browser: shows an item, answers it by clicks, keys and dragging, and tells what it earned."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from browser_session import Session
from npm_packages import installed
from selenium.webdriver import ActionChains
from selenium.webdriver.remote.webelement import WebElement

PINNED = Path(__file__).parents[1] / "lms" / "qti_player"
SCRIPT = Path("node_modules/@citolab/qti-components/cdn/index.global.js")

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Player</title><script src="{script}"></script></head>
<body></body></html>
"""
_ITEM = "const item = document.querySelector('item-container').shadowRoot.querySelector('qti-assessment-item');\n"
_SHOW = (
    "document.body.innerHTML = '<qti-item><item-container></item-container></qti-item>';\n"
    "const box = document.querySelector('item-container'), xml = arguments[0];\n"
    "box.updateComplete.then(() => { box.itemXML = xml; });"
)
_FIND = _ITEM + 'return item.querySelector(`[response-identifier="${arguments[0]}"]`);'
_PRESENT = (
    "const shown = document.querySelector('item-container').shadowRoot?.querySelector('qti-assessment-item');\n"
    "return shown ? shown.identifier : ''"
)
_SUBMIT = (
    _ITEM
    + """item.processResponse();
const outcomes = Object.fromEntries(item.variables.map(one => [one.identifier, one.value]));
const shown = [...item.querySelectorAll('qti-modal-feedback')].filter(one => one.showStatus === 'on');
return [outcomes, shown.map(one => one.textContent)];"""
)
_HELD = "return arguments[0].querySelector('[identifier]')?.getAttribute('identifier') ?? ''"
_WHERE = "const box = arguments[0].getBoundingClientRect(); return [box.x, box.y]"
_IN_SHADOW = "return arguments[0].shadowRoot.querySelector(arguments[1])"


@dataclass(frozen=True)
class Earned:
    """What the player made of an attempt: its score, and the texts that it showed."""

    score: float
    told: tuple[str, ...]


@dataclass(frozen=True)
class Player:
    """The player's page."""

    session: Session

    @classmethod
    def open(cls, session: Session, folder: Path) -> Player:
        page = folder / "player.html"
        page.write_text(PAGE.format(script=installed(PINNED, SCRIPT).as_uri()), encoding="utf-8")
        session.show(page)
        return cls(session)

    def attempt(self, ident: str, item: bytes, responses: Mapping[str, object]) -> Earned:
        """Shows an item afresh, gives the responses, and ends the attempt."""
        self.session.ask(_SHOW, item.decode())
        assert self.session.becomes(_PRESENT, ident), self.session.logged()
        for name, given in responses.items():
            self._give(self.session.ask(_FIND, name), given)
        outcomes, told = self.session.ask(_SUBMIT)
        return Earned(float(outcomes["SCORE"]), tuple(told))

    def _give(self, interaction: WebElement, given: object) -> None:
        match interaction.tag_name:
            case "qti-choice-interaction":
                for label in [given] if isinstance(given, str) else given:  # type: ignore[attr-defined] # a list
                    if label:
                        self.session.press(self.session.every(f'[identifier="{label}"]', interaction)[0])
            case "qti-inline-choice-interaction":
                if given:
                    self.session.press(self._inside(interaction, "button[part=trigger]"))
                    self.session.every(f'[identifier="{given}"]', interaction)[0].click()
            case "qti-match-interaction":
                for pair in given:  # type: ignore[attr-defined] # a list
                    self.session.press(self._inside(interaction, f'input[value="{pair}"]'))
            case "qti-order-interaction":
                for place, label in enumerate(given):  # type: ignore[arg-type, var-annotated] # a list
                    if label:
                        self._drag(interaction, label, place)
            case "qti-extended-text-interaction":
                self._inside(interaction, "textarea").send_keys(str(given))
            case _:
                self._inside(interaction, "input").send_keys(str(given))

    def _inside(self, interaction: WebElement, selector: str) -> WebElement:
        until = time.monotonic() + 5
        while (found := self.session.ask(_IN_SHADOW, interaction, selector)) is None and time.monotonic() < until:
            time.sleep(0.02)
        assert found is not None, selector
        return found

    def _drag(self, interaction: WebElement, label: str, place: int) -> None:
        """Drags a choice to a place. What is left of the choices moves up for a while after each of them."""
        target = self._inside(interaction, f'[identifier="droplist{place}"]')
        source = self.session.every(f'[identifier="{label}"]', interaction)[0]
        self.session.ask("arguments[0].scrollIntoView({block: 'center'})", interaction)
        until = time.monotonic() + 5
        while self.session.ask(_HELD, target) != label and time.monotonic() < until:
            self._rest(source)
            chain = ActionChains(self.session.driver, duration=60)
            chain.click_and_hold(source).pause(0.06).move_by_offset(5, 5).pause(0.03)
            chain.move_to_element(target).pause(0.06).release().perform()
            self._rest(target)
        assert self.session.ask(_HELD, target) == label

    def _rest(self, element: WebElement, seconds: float = 2.0) -> None:
        """Waits until an element stands still."""
        until, before, still = time.monotonic() + seconds, None, 0
        while still < 3 and time.monotonic() < until:
            now = self.session.ask(_WHERE, element)
            still = still + 1 if now == before else 0
            before = now
            time.sleep(0.03)
