"""A check of keys that stand in the stem or the answer's label, to be copied without understanding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizgen.answers import Answer
from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.sweep import Sweep
from quizgen.folding import folded
from quizgen.items import MARK_BASE, MAX_TAGS, AnswerKey, ChooseMany, EnterNumber, Interaction
from quizgen.variants.texts import Compiled, plain_text

ALWAYS = 0.95
"""A place of the stem that holds the key in this share of the variants gives it away."""

FEW = 300
"""So many variants of each case are looked at."""

SHORT = 3
"""Words of fewer letters are met by chance."""


@check("key-in-stem", "warning")
def key_in_stem(sweep: Sweep) -> Iterator[Finding]:
    """The key of a typed answer stands in the stem or in the label, always at the same place: the number that is asked for is
    displayed, or the word that is asked for is used in the question. Who copies it is right without understanding. (A word
    among others in a table or list is no giveaway, nor is one of several alternatives that the stem names.)
    """
    yield from _in_the_stem(sweep)
    for answer in sweep.template.answers:
        yield from _in_the_label(sweep, answer)


def _in_the_label(sweep: Sweep, answer: Answer) -> Iterator[Finding]:
    """A label that shows in every variant what is right, be it a number, a text or an option."""
    places = _scalar_places(answer.shared.prompt) if answer.shared.prompt is not None else []
    shown, right = [], []
    at = sweep.template.answers.index(answer)
    for keyed in sweep.keyed[:FEW] if places else ():
        prompt, key = keyed.item.interactions[at][1].prompt, keyed.keys[at]
        shown.append([folded(str(prompt.values[i])) if prompt is not None else "" for i in places])
        right.append(_right(keyed.item.interactions[at][1], key))
    for i, place in enumerate(places):
        if sum(row[i] in keys for row, keys in zip(shown, right, strict=True)) >= ALWAYS * len(shown):
            assert answer.shared.prompt is not None
            tag = answer.shared.prompt.text.tags[place].expression.strip()
            path = sweep.path(answer.name, "label")
            yield Finding(path, f"the label shows the key of '{answer.name}': {{{{ {tag} }}}}", int(sweep.ordinals[0]))


def _right(interaction: Interaction, key: AnswerKey) -> set[str]:
    """What is right in words: as typed, or as the right options say; a number without its unit too."""
    said = plain_text(key.shown)
    if isinstance(interaction, ChooseMany):
        chosen = set(said.split())
        return {folded(plain_text(option.text)) for option in interaction.options if option.label in chosen}
    return {folded(said), folded(said.split(" ")[0])} if isinstance(interaction, EnterNumber) else {folded(said)}


def _in_the_stem(sweep: Sweep) -> Iterator[Finding]:
    places = _scalar_places(sweep.template.stem)
    held: dict[str, list[NDArray[np.bool_]]] = {}
    first: dict[str, int] = {}
    for part in sweep.parts:
        rows = range(min(FEW, len(part.block)))
        stems = [sweep.keyed[place].item.stem for place in part.block.rows[:FEW].tolist()]
        for answer, keys in part.prepared:
            if not isinstance(answer, NumericAnswer | TextAnswer):
                continue
            shown = [[stems[row].values[i] for i in places] for row in rows]
            holds = _numbers_held(keys, shown) if isinstance(answer, NumericAnswer) else _texts_held(keys, shown)
            if isinstance(answer, TextAnswer):
                said = _said(sweep.template.stem, keys, len(rows), [plain_text(stems[row]) for row in rows])
                holds = np.concatenate([holds, said[:, None]], axis=1)
            held.setdefault(answer.name, []).append(holds)
            first.setdefault(answer.name, int(part.block.ordinals.min()))
    for name, pieces in held.items():
        share = np.concatenate(pieces).mean(axis=0)
        if share.size and share.max() >= ALWAYS:
            place = int(share.argmax())
            tags = sweep.template.stem.text.tags
            where = f"{{{{ {tags[places[place]].expression.strip()} }}}}" if place < len(places) else "its own words"
            yield Finding(("stem",), f"the stem shows the key of '{name}': {where}", first[name])


_MARKS = re.compile(f"[{chr(MARK_BASE)}-{chr(MARK_BASE + MAX_TAGS - 1)}]")


def _scalar_places(stem: Compiled) -> list[int]:
    """The numbers of the value tags that stand outside of every ``if``."""
    found, depth = [], 0
    for i, tag in enumerate(stem.text.tags):
        depth += (tag.kind == "if") - (tag.kind == "endif")
        if tag.kind == "value" and not depth:
            found.append(i)
    return found


def _numbers_held(keys: Any, shown: list[list[Any]]) -> NDArray[np.bool_]:
    """Which places (rows, places) show a number that is right."""
    values = np.array([[_number(value) for value in row] for row in shown]).reshape(len(shown), -1)
    bands = keys.bands.at(np.arange(len(shown)))
    columns = [bands.contain(column) & ~np.isnan(column) for column in values.T]
    return np.array(columns, dtype=np.bool_).reshape(-1, len(shown)).T


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, str) else np.nan
    except ValueError:
        return np.nan


def _texts_held(keys: Any, shown: list[list[Any]]) -> NDArray[np.bool_]:
    """Which places (rows, places) show an accepted text."""
    found = []
    for row, values in enumerate(shown):
        accepted = {folded(plain_text(texts[row])) for texts in keys.accepted}
        found.append([isinstance(value, str) and folded(value) in accepted for value in values])
    return np.array(found, dtype=np.bool_).reshape(len(shown), -1)


def _said(stem: Compiled, keys: Any, n: int, stems: list[str]) -> NDArray[np.bool_]:
    """Who finds an accepted text among the stem's own words, while no other answer that was thought of stands there too."""
    own = folded(_MARKS.sub(" ", stem.text.marked))
    accepted = [{folded(plain_text(texts[row])) for texts in keys.accepted} for row in range(n)]
    others = {text for texts in accepted for text in texts} | {
        folded(plain_text(texts[row])) for texts in keys.mistaken for row in range(n)
    }
    found = []
    for right, text in zip(accepted, stems, strict=True):
        said = any(len(word) >= SHORT and _stands_in(word, own) for word in right)
        found.append(said and not any(_stands_in(word, folded(text)) for word in others - right))
    return np.array(found, dtype=np.bool_)


def _stands_in(word: str, text: str) -> bool:
    return bool(word) and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
