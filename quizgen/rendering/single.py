"""One item for a terminal: what a student meets and, for its author, the key, the foreseen mistakes and the solution."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.items import AnswerKey, Entry, Filled, Interaction, KeyedItem
from quizgen.rendering.flavours import fragment
from quizgen.rendering.outcomes import worded_key
from quizgen.rendering.worksheets import item_text

WIDTH = 60
"""How wide the lines are that part the key and the solution from what stands above them."""


def keyed_page(keyed: KeyedItem, *, with_key: bool = True) -> str:
    """The item in Markdown, which reads well as it is; then its key and solution in plain words, if wanted."""
    shown = item_text(Entry("answer", 1, 1.0, "", keyed.item))
    return "\n".join([shown, *_for_the_author(keyed)]) if with_key else shown


def _for_the_author(keyed: KeyedItem) -> Iterator[str]:
    yield _rule("key")
    asked = dict(keyed.item.interactions)
    for key in keyed.keys:
        yield from _key_lines(key, asked.get(key.answer))
    if keyed.solution is not None:
        yield _rule("solution")
        yield _words(keyed.solution)


def _key_lines(key: AnswerKey, interaction: Interaction | None) -> Iterator[str]:
    words, accepted = worded_key(interaction, _words(key.shown), key.accepted)
    yield f"{key.answer}: {words}" + (f"   (accepted: {accepted})" if accepted else "")
    for name, value in key.mistakes:
        yield f"    {name}: {_words(value)}"


def _rule(word: str) -> str:
    return f"\n--- {word} ".ljust(WIDTH + 1, "-")


def _words(filled: Filled) -> str:
    return fragment(filled, "text").strip()
