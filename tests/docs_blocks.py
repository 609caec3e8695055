"""The documentation's pages as blocks, each with what the comment above it says of it, for the tests that run them.

A comment stands right above a block and is not seen by readers:

- ``<!-- not run: REASON -->``: the block is not run.
- ``<!-- run by NAME_OF_A_TEST -->``: another test of the documentation runs it.
- ``<!-- only written: REASON -->``: the block is written to its file, and what it holds is left to the commands below.
- ``<!-- with YAML -->``: the block is an excerpt; with these keys it is a whole template.
- ``<!-- exit 1 -->``: the commands of the block end with this code.
- ``<!-- the file PATH -->``: the block is what a file holds that the commands above have written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]

REWRITE = "QUIZGEN_REWRITE_DOCS"
"""The environment variable with which a test writes into a page what it would otherwise compare."""

HOW_TO_REWRITE = f"write the page anew with: {REWRITE}=1 pytest tests/test_docs_generated.py tests/test_docs_run.py"

_BLOCK = re.compile(
    r"(?:^<!-- (?P<note>(?:(?!-->).)*?) ?-->\n)?^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its page, the line of its fence, language, title, the comment above it, and its text."""

    page: Path
    line: int
    language: str
    title: str
    note: str
    text: str

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def run(self) -> bool:
        """Whether it is run in its place on the page."""
        return not self.note.startswith(("not run:", "run by "))

    @property
    def head(self) -> str | None:
        """The YAML that makes a whole template of an excerpt."""
        return self.note.removeprefix("with").strip() if re.match(r"with\s", self.note) else None


def blocks(page: Path, language: str | None = None) -> list[Block]:
    """The blocks of a page, or those in one language."""
    return [block for block in _blocks(page) if language in (None, block.language)]


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        language, _, rest = found["info"].partition(" ")
        title = re.search(r'title="([^"]*)"', rest)
        line = text.count("\n", 0, found.start("info")) + 1
        yield Block(page, line, language, title[1] if title else "", found["note"] or "", found["text"])


def section(page: Path, heading: str) -> str:
    """What stands below a second-level heading, up to the next."""
    return page.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def replaced(block: Block, text: str) -> None:
    """Writes another text into a block, which is still where it was read."""
    lines = block.page.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[block.line : block.line + block.text.count("\n")] = text.splitlines(keepends=True)
    block.page.write_text("".join(lines), encoding="utf-8")
