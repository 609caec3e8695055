"""A headless browser, and a build to open in it: one worksheet with every template of the shipped bank.

Where no Chromium with its driver is installed these tests are skipped with the reason; with
``QUIZGEN_REQUIRE_BROWSER=1`` they fail instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import page_probes
import pytest
from bank_homework import Built, HandedIn, build, hand_in_muddled
from browser_session import Session

from quizgen import load_bank
from quizgen.bank.previewing import rooms_of
from quizgen.grading import grade
from quizgen.rendering.gallery import Exhibit, Room, gallery

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A browser without a window."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    missing = [name for name, path in (("Chromium", browser), ("chromedriver", driver)) if path is None]
    if browser is None or driver is None:
        reason = f"{' and '.join(missing)} not installed (on Debian: apt-get install chromium chromium-driver)"
        if os.environ.get("QUIZGEN_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    opened = Session.open(browser, driver, tmp_path_factory.mktemp("downloads"))
    yield opened
    opened.driver.quit()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A homework that takes every template of the shipped bank once, for two students."""
    return build(tmp_path_factory.mktemp("homework"))


@pytest.fixture(scope="session")
def handed_in(session: Session, built: Built) -> HandedIn:
    """The first student fills in all that the key says, in the browser; the second hands in a muddle; both are marked."""
    session.show(built.worksheet)
    for name, response in built.keys.items():
        session.fill_in(name, response)
    answers = session.ask(page_probes.ANSWERS)
    progress = session.find("#progress").text
    saved = session.save(built.manifest.sheets[0].code).rename(built.folder / "saved.json")
    muddled = built.folder / "muddled.jsonl"
    hand_in_muddled(built, muddled)
    graded = grade(built.manifest, [saved, muddled], built.folder / "graded")
    return HandedIn(saved, answers, progress, session.logged(), graded)


@pytest.fixture(scope="session")
def pages(built: Built, handed_in: HandedIn) -> dict[str, Path]:
    """One page of every sort that quizgen writes."""
    gallery_page = built.folder / "gallery.html"
    rooms = rooms_of(load_bank(prove=False), 1)
    broken = Exhibit("x/broken", "A broken one", (), "", 0, problems=("bank/x/broken.yaml:3:1: " + "unbreakable" * 20,))
    page = gallery("Gallery", (*rooms, Room("Of no concept of this course", "", (broken,))))
    gallery_page.write_text(page, encoding="utf-8")
    first, second = (f"{sheet.file}.html" for sheet in built.manifest.sheets)
    return {
        "worksheet": built.worksheet,
        "key": built.folder / "build" / "keys" / first,
        "index": built.folder / "build" / "index.html",
        "gallery": gallery_page,
        "feedback": handed_in.graded.folder / "feedback" / second,
    }
