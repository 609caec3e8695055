"""Checks of the quantity that the words ask for against what is keyed: a total or a mean, a size or a signed number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
from jinja2 import nodes
from numpy.typing import NDArray

from quizgen.answers.numeric import NumericAnswer
from quizgen.checking.base import Finding, check
from quizgen.checking.pages import shown_values, some
from quizgen.checking.sweep import Part, Sweep
from quizgen.checking.wording import asked, asking_line
from quizgen.items import MARK_BASE, KeyedItem, Number, Table
from quizgen.variants.texts import plain_text

LOOKED_AT = 40
"""So many variants' tables are added up."""

_KINDS: Mapping[str, re.Pattern[str]] = {
    "mean": re.compile(r"\b(?:mean|average|averaged|per (?:token|word|position|example|byte))\b", re.IGNORECASE),
    "total": re.compile(r"\b(?:total|sum|summed|altogether|in all)\b", re.IGNORECASE),
}
_NAMED: Mapping[str, re.Pattern[str]] = {
    "mean": re.compile(r"\b(?:mean|average|avg)\b"),
    "total": re.compile(r"\b(?:total|sum)\b"),
}
"""What a name says that it is."""

_OPPOSITES = (
    ("before", "after"),
    ("largest", "smallest"),
    ("highest", "lowest"),
    ("larger", "smaller"),
    ("higher", "lower"),
    ("first", "last"),
    ("maximum", "minimum"),
)
_UNSURE = re.compile(
    r"\b(?:difference|differ|fall|falls|rise|rises|ratio|factor|times|perplexity|probability|share|percent\w*|excess|gap|change)\b|%",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\bwithout (?:a |its )?(?:minus )?sign\b|\bas a positive number\b|\babsolute (?:value|difference)\b", re.IGNORECASE
)
_NEVER_NEGATIVE = re.compile(
    r"\b(?:loss|losses|surprisal|entropy|cross-entropy|perplexity|divergence|probability)\b", re.IGNORECASE
)
_SIGNED = re.compile(
    r"\b(?:minus|differ\w*|chang\w*|fall\w*|rise\w*|log\w*|gain|less|exceed\w*|negative|by how much|reduction|"
    r"improvement)\b|\\ln|\\log",
    re.IGNORECASE,
)


@check("quantity-contradicts", "error")
def quantity_contradicts(sweep: Sweep) -> Iterator[Finding]:
    """The words ask for a total and the key is a mean, or the other way round: by the form of the key, or because it is not
    the sum (the mean) of the losses in the one table of losses that the solution shows; or an answer's label says mean and the
    line in which it stands says total, or the label says “before” and the line “after”; or the stem calls mean what is
    computed, or named, as a total. Or the words ask for B minus A, and the key is A minus B. Ask for what is keyed, or key
    what is asked for.
    """
    yield from _called_otherwise(sweep)
    lets = {let.name: let.expression.node for let in sweep.template.program.lets}
    for at, answer in enumerate(sweep.template.answers):
        if not isinstance(answer, NumericAnswer):
            continue
        said = _taken_the_other_way(sweep, answer)
        if said:
            yield Finding(sweep.path(answer.name, "value"), said)
        label = _kind(answer.shared.prompt.text.marked if answer.shared.prompt else "")
        line = _kind(asking_line(sweep, answer.name))
        words = answer.shared.prompt.text.marked if answer.shared.prompt else ""
        opposite = _opposite(words, asking_line(sweep, answer.name))
        if opposite:
            yield Finding(sweep.path(answer.name, "label"), f"the label says “{opposite[0]}”, the stem's line “{opposite[1]}”")
        if label and line and label != line:
            yield Finding(sweep.path(answer.name, "label"), f"the label asks for a {label}, the stem's line for a {line}")
            continue
        wanted = label or line
        keyed = _form(answer.value.node, lets)
        if wanted and keyed and keyed != wanted:
            yield Finding(sweep.path(answer.name, "value"), f"the words ask for a {wanted}, but the key is a {keyed}")
            continue
        if wanted:
            yield from _other_than_added(sweep, at, answer, wanted)


def _kind(text: str) -> str:
    """What the words ask for: ``mean`` or ``total``; nothing where they ask for neither, for both, or for something of them."""
    plain = text.replace("*", "")
    found = [kind for kind, pattern in _KINDS.items() if pattern.search(plain)]
    return found[0] if len(found) == 1 and not _UNSURE.search(plain) else ""


def _opposite(label: str, line: str) -> tuple[str, str] | None:
    """Two words of opposite meaning of which the label has one alone, and the stem's line the other alone."""
    said, asked_for = ({word.casefold() for word in re.findall(r"[A-Za-z]+", text)} for text in (label, line))
    for one, other in _OPPOSITES:
        for here, there in ((one, other), (other, one)):
            if here in said and there in asked_for and there not in said and here not in asked_for:
                return here, there
    return None


def _form(node: nodes.Expr, lets: Mapping[str, nodes.Expr]) -> str:
    """Whether an expression is a mean or a sum of losses by its form; nothing where it is neither."""
    match node:
        case nodes.Name(name=name) if name in lets:
            return _form(lets[name], {other: let for other, let in lets.items() if other != name})
        case nodes.Call(node=nodes.Name(name="mean")):
            return "mean"
        case nodes.Call(node=nodes.Name(name="sum")):
            return "total"
        case nodes.Div(left=left, right=nodes.Const() | nodes.Call(node=nodes.Name(name="len"))):
            return "mean" if _form(left, lets) == "total" else ""
    return ""


def _called_otherwise(sweep: Sweep) -> Iterator[Finding]:
    """A number of the stem before which the words say mean, and whose name or form says total; or the other way round."""
    lets = {let.name: let.expression.node for let in sweep.template.program.lets}
    text = sweep.template.stem.text
    for i, tag in enumerate(text.tags):
        before, place, _ = text.marked.partition(chr(MARK_BASE + i))
        name = tag.expression.strip()
        clause = re.split(r"[.?!:,;|\n(]|[^\x00-\u2fff]|\band\b", before)[-1]
        named = {kind for kind, pattern in _NAMED.items() if pattern.search(name.replace("_", " "))}
        form = _form(lets[name], lets) if name in lets else ""
        said = _kind(clause)
        if place and tag.kind == "value" and said and name.isidentifier():
            kind = form or (min(named) if len(named) == 1 else "")
            if kind and kind != said:
                yield Finding(("stem",), f"the stem calls '{name}' a {said}, but it is a {kind}")
                return


def _taken_the_other_way(sweep: Sweep, answer: NumericAnswer) -> str:
    """What is wrong where the words ask for one thing minus another, and the key subtracts them the other way."""
    lets = {let.name: let.expression for let in sweep.template.program.lets}
    key = lets.get(answer.value.source, answer.value)
    label = answer.shared.prompt.text.marked if answer.shared.prompt else ""
    asks = re.findall(r"([^.?!,;:()]+?)\bminus\b([^.?!,;:()]+)", label)
    match key.node:
        case nodes.Sub(left=nodes.Name(name=left), right=nodes.Name(name=right)) if len(asks) == 1:
            first, second = ({word.casefold() for word in re.findall(r"\w+", words)} for words in asks[0])
            one, other = set(left.split("_")), set(right.split("_"))
            if (first - second) & (other - one) and (second - first) & (one - other):
                return f"the words ask for “{' '.join('minus'.join(asks[0]).split())}”, but the key is '{key.source}'"
    return ""


def _other_than_added(sweep: Sweep, at: int, answer: NumericAnswer, wanted: str) -> Iterator[Finding]:
    """A key that in every variant is the same part, or multiple, of what the losses of the solution's table add up to, or of
    their mean; of losses among which some do not count it is now this part and now that.
    """
    looked_at = [(sweep.keyed[place], int(sweep.ordinals[place])) for place in some(sweep, LOOKED_AT)]
    pairs: list[tuple[float, float]] = []
    for keyed, _ in looked_at:
        losses = _losses(keyed)
        number = re.search(r"-?\d*\.?\d+", plain_text(keyed.keys[at].shown))
        if not losses or number is None or not sum(losses):
            return
        pairs.append((sum(losses) / (len(losses) if wanted == "mean" else 1), float(number[0])))
    parts = [key / result for result, key in pairs]
    if min(parts) > 0 and max(parts) < 1.02 * min(parts) and not 0.95 < parts[0] < 1.05:
        result, key = pairs[0]
        said = f"the losses in the solution's table have the {wanted} {result:.4g}, but the key is {key:g}; so it is throughout"
        yield Finding(sweep.path(answer.name, "value"), said, looked_at[0][1])


def _losses(keyed: KeyedItem) -> list[float] | None:
    """The one column of losses that the solution shows; None where there is none, or several."""
    columns = [
        [float(str(cell)) for cell in cells]
        for table in (shown_values(keyed.solution) if keyed.solution else ())
        if isinstance(table, Table)
        for head, cells in zip(table.heads, table.columns, strict=True)
        if re.search(r"\bloss", head, re.IGNORECASE) and all(isinstance(cell, Number) and "inf" not in cell for cell in cells)
    ]
    return columns[0] if len(columns) == 1 else None


@check("sign-contradicts", "error")
def sign_contradicts(sweep: Sweep) -> Iterator[Finding]:
    """The key is negative in some variant, although the words ask for a size without a sign, or the label names what is never
    negative, such as a loss, an entropy or a perplexity. Take the size of the difference, or mend the key.
    """
    for part, answer, keys in sweep.answers(NumericAnswer):
        label = answer.shared.prompt.text.marked if answer.shared.prompt else ""
        head = re.split(r"\b(?:of|for|on|with|in)\b", label, maxsplit=1)[0]
        by_label = bool(_NEVER_NEGATIVE.search(head)) and not _SIGNED.search(label)
        only = sum(isinstance(one, NumericAnswer) for one in sweep.template.answers) == 1
        if not by_label and not (only and _SIZE.search(asked(sweep, answer.name))):
            continue
        yield from _negative(sweep, part, answer, keys.bands.value)


def _negative(sweep: Sweep, part: Part, answer: NumericAnswer, value: NDArray[np.float64]) -> Iterator[Finding]:
    bad = value < 0
    if bad.any():
        said = f"the key is {value[bad][0]:.6g}, but what is asked for is never negative"
        yield Finding(sweep.path(answer.name, "value"), said, part.first(bad))
