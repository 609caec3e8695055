"""``quizgen preview``: a page of a template or of a whole bank, for an instructor's eyes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from commands import Run
from sample_class import write_bank


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_bank(tmp_path / "bank")


def words(page: str) -> str:
    """The words of a page that people read."""
    body = page.split("<body>")[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_template_is_shown_with_keys_solutions_mistakes_and_what_learners_are_told(quizgen: Run, bank: Path) -> None:
    done = quizgen("preview", "calc/pick-one", "--bank", bank)
    assert (done.code, done.err) == (0, "")
    assert "1 template is shown in pick-one.html" in done.out
    said = words(Path("pick-one.html").read_text(encoding="utf-8"))
    for part in (
        "Preview: Pick one", "calc/pick-one", "choice · understand · 1 min", "Variant 1 of 3 address 0", "Variant 2 of 3",
        "Which is right?", " key ", "Worked solution", "The higher probability has the lower loss.", "higher-is-better",
        "Higher taken for better.", "A loss is better when it is lower.", "Feedback of options",
    ):  # fmt: skip
        assert part in said, part
    assert "Look at the logarithm again." in said
    assert "<nav" not in Path("pick-one.html").read_text(encoding="utf-8")


def test_the_variants_are_those_that_show_shows_at_their_addresses_and_no_two_are_alike(quizgen: Run, bank: Path) -> None:
    assert quizgen("preview", "calc/tiny", "--bank", bank, "--variants", "5").code == 0
    page = words(Path("tiny.html").read_text(encoding="utf-8"))
    shots = re.findall(r"Variant (\d) of 3 address (\d+) What is (\d) plus 100\?", page)
    assert [number for number, _, _ in shots] == ["1", "2", "3"]
    assert {shown for _, _, shown in shots} == {"3", "5", "7"}
    for _, address, shown in shots:
        assert f"What is {shown} plus 100?" in quizgen("show", "calc/tiny", "--bank", bank, "--address", address).out


def test_the_gallery_has_every_template_by_concept_with_a_table_of_contents(quizgen: Run, bank: Path) -> None:
    done = quizgen("preview", "--all", "--bank", bank, "--variants", "1")
    assert (done.code, done.err) == (0, "")
    page = Path("gallery.html").read_text(encoding="utf-8")
    contents = page.split("<nav")[1].split("</nav>")[0]
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a> <span class="quiet">([^<]+)</span>', contents)
    assert [(title, facts) for _, title, facts in links] == [
        ("Explain", "essay · evaluate · 10 min"), ("Pick one", "choice · understand · 1 min"),
        ("Surprisal", "numeric · apply · 1 min"), ("Tiny", "numeric · remember · 1 min"),
        ("Two steps", "numeric · apply · 2 min"),
    ]  # fmt: skip
    assert all(page.count(f'id="{anchor}"') == 1 for anchor, _, _ in links)
    assert "Calculating Cross-Entropy Loss" in contents
    assert "A person marks this by Names the logarithm (2 points)" in words(page)
    assert sorted(path.name for path in Path().iterdir()) == ["bank", "gallery.html"]


def test_a_broken_template_is_a_box_in_the_gallery_and_exit_code_1(quizgen: Run, bank: Path) -> None:
    tiny = bank / "calc" / "tiny.yaml"
    tiny.write_text(tiny.read_text().replace("n + 100", "<b>m + 100"))
    (bank / "calc" / "essay.yaml").write_text("title: [")
    done = quizgen("preview", "--all", "--bank", bank, "--out", "pages/all.html")
    assert done.code == 1
    assert str(tiny) in done.err
    page = Path("pages/all.html").read_text(encoding="utf-8")
    assert page.count("This template is broken") == 2
    assert "<b>m" not in page
    assert str(tiny) in words(page)
    assert "The correct word has the probability" in words(page)


def test_a_broken_template_alone_is_an_error_and_no_page(quizgen: Run, bank: Path) -> None:
    (bank / "calc" / "essay.yaml").write_text("title: [")
    done = quizgen("preview", "calc/essay", "--bank", bank)
    assert done.code == 2
    assert "essay.yaml:1:9" in done.err
    assert [path.name for path in Path().iterdir()] == ["bank"]


def test_a_page_that_is_there_is_replaced_only_with_force_and_what_is_no_page_never(quizgen: Run, bank: Path) -> None:
    command = ("preview", "calc/tiny", "--bank", bank, "--out", "mine.html")
    Path("mine.html").write_text("my notes")
    for extra in ((), ("--force",)):
        done = quizgen(*command, *extra)
        assert (done.code, Path("mine.html").read_text()) == (2, "my notes")
    Path("mine.html").write_text("<!DOCTYPE html>an earlier page")
    assert "--force" in quizgen(*command).err
    assert Path("mine.html").read_text() == "<!DOCTYPE html>an earlier page"
    assert quizgen(*command, "--force").code == 0
    assert "plus 100" in Path("mine.html").read_text()


def test_a_full_disk_leaves_the_earlier_page_as_it_was(quizgen: Run, bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ("preview", "calc/tiny", "--bank", bank, "--force")
    assert quizgen(*command).code == 0
    before = Path("tiny.html").read_bytes()

    def full(*words: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    done = quizgen(*command)
    assert done.code == 2
    assert "No space left on device" in done.err
    assert Path("tiny.html").read_bytes() == before
    assert sorted(path.name for path in Path().iterdir()) == ["bank", "tiny.html"]
