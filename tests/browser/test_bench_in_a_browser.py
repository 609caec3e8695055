"""The author's live page in a browser: it follows saved changes, marks what is typed, and keeps quiet."""

from __future__ import annotations

from pathlib import Path

import page_probes
from browser_session import Session
from sample_class import write_bank

from quizgen.checking.run import Target
from quizgen.serving.bench import Bench
from quizgen.serving.server import watching


def test_the_bench_follows_saved_changes_marks_what_is_typed_and_goes_to_any_address(session: Session, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    file = folder / "calc" / "surprisal.yaml"
    text = file.read_text(encoding="utf-8")
    with watching(Bench(Target(folder, "calc/surprisal", file)), 2) as address:
        session.shape()
        session.driver.get("about:blank")
        session.logged()
        session.driver.get(address)
        count = "return document.querySelectorAll('article.item').length"
        assert session.becomes(count, 2, 20)

        box = session.find("form.try input")
        box.send_keys("7.5")
        session.press(session.find("form.try button"))
        outcome = "return document.querySelector('form.try .outcome')?.textContent"
        assert session.becomes(outcome, "Wrong")

        file.write_text(text.replace("What is its loss", "What is its cost"), encoding="utf-8")
        stem = "return document.querySelector('article .stem').textContent.includes('What is its cost')"
        assert session.becomes(stem, True, 20)
        assert session.ask("return document.querySelector('form.try input').value") == "7.5"
        assert session.becomes(outcome, "Wrong")

        file.write_text(text.replace("level: apply", "level: aply"), encoding="utf-8")
        broken = "return document.querySelector('.remarks .broken')?.textContent.includes('3:8')"
        assert session.becomes(broken, True, 20)  # a file that is being written may be seen empty first
        assert session.ask(count) == 2

        file.write_text(text, encoding="utf-8")
        assert session.becomes("return document.querySelectorAll('.remarks .broken').length", 0, 20)
        shown = "return document.querySelector('form.try').dataset.address"
        session.press(session.find("#after"))
        assert session.becomes(shown, "2")
        session.ask("const s = document.getElementById('slide'); s.value = 40; s.dispatchEvent(new Event('input'))")
        assert session.becomes(shown, "40")

        assert session.ask(page_probes.DUPLICATE_IDS) == []
        session.shape(width=320)
        assert session.ask(page_probes.WIDER_THAN_THE_SCREEN, 320) == []
        session.shape()
        assert session.logged() == []
        assert all(url.startswith(address) for url in session.fetched() if url.startswith("http"))
        session.driver.get("about:blank")
