"""Checks of slips of the pen, most of which come about where a word is inserted: articles, doubled words, gaps, marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.checking.base import Finding, check
from quizgen.checking.prose import CLOSE, EDGES, GAP, OPEN, QUOTED, Passage, prose
from quizgen.checking.sweep import Sweep
from quizgen.folding import shortened
from quizgen.variants.texts import Compiled
from quizgen.variants.words import a_an

_MARKS = rf"[*_“‘\"'({OPEN}]*"
_ARTICLE = re.compile(rf"(?<![\w’'.$-])(a|an|A|An)([*_]*[ \n]+{_MARKS})([^\W_][\w’'-]*)")
_SPOKEN = re.compile(r"[FHLMNRSX](?=[A-Z]*[AEIOU])[A-Z]{2,3}")
"""Capital letters that may be read as one word, such as RAM: both articles are met."""
_DOUBLED = re.compile(rf"\b([^\W\d_]+)[{EDGES}]*\s+[{EDGES}]*\1\b(?![-’'])", re.IGNORECASE)
_FINE_TWICE = frozenset({"had", "that", "s"})
_SPACES = re.compile(rf"(?<=[^\s|])[{EDGES}]* [{EDGES}]* +(?=[^\s|{EDGES}])")
_BEFORE_MARK = re.compile(rf"(?<=[^\s|{OPEN}])[{EDGES}]*[ ]+[{EDGES}]*([.,;!?]|:(?!\w))(?=[\s{CLOSE}{QUOTED}]|$)")
_DOUBLED_MARKS = re.compile(
    rf"([,;:])[{EDGES}]*\s*[{EDGES}]*[,;:.]|(?<![.\w])\.[{EDGES}]*\.(?!\.)|(?<=\w)\.[{EDGES}]*[.,](?!\.)|"
    rf"\?[{EDGES}]*[.,?]|!!"
)
_UNWRITTEN = re.compile(r"\b(?:TODO|FIXME|TBD|XXX+)\b|\b[Ll]orem ipsum\b|\?\?\?")
LEFT_OVER = re.compile(
    r"`r[ \t][^`\n]*`|`\{r\}[ \t][^`\n]*`|^[ \t]*(?:`{3,}|~{3,})[ \t]*\{[ \t]*(?:r|python|julia|sql|bash)\b[^}\n]*\}|"
    r"\[picture: [^\]\n]*\]",
    re.IGNORECASE | re.MULTILINE,
)
"""What another system would have computed or shown here: code of R, a chunk of code, the place of a picture."""
_EDGE = re.compile(f"[{EDGES}]")
_NOTHING = re.compile(
    rf"[“‘(]{OPEN}?\s*[{CLOSE}{QUOTED}]?[”’)]|\"{OPEN}\s*[{CLOSE}{QUOTED}]\"|\*\*{OPEN}\s*[{CLOSE}{QUOTED}]\*\*"
)


@check("article", "warning")
def article(sweep: Sweep) -> Iterator[Finding]:
    """“a” stands before a word that begins with a vowel's sound, or “an” before another, in some variant. Where the word is
    inserted, write ``{{ a_an(word) }}``.
    """
    for passage, found in _all(sweep, _ARTICLE):
        given, word = found[1].casefold(), found[3]
        capital = found[1][0] == "A"
        inserted = OPEN in found[2]
        if capital and not inserted and (given == "a" or not word[0].islower()):  # "Model A is": a name
            continue
        if len(word) == 1 and not inserted:  # "a x": a letter of its own
            continue
        right = str(a_an(word)).split(" ")[0]
        if right != given and not _SPOKEN.fullmatch(word) and not _is_quoted(found):
            yield Finding(passage.path, f"“{found[1]} {word}” should be “{right} {word}”", passage.ordinal)
            return


@check("doubled-word", "warning")
def doubled_word(sweep: Sweep) -> Iterator[Finding]:
    """A word stands twice, one after the other, in some variant, such as “the the”; often the second is inserted."""
    for passage, found in _all(sweep, _DOUBLED):
        if found[1].casefold() not in _FINE_TWICE and not _is_quoted(found):
            yield Finding(passage.path, f"“{found[1]}” stands twice", passage.ordinal)
            return


@check("punctuation", "warning")
def punctuation(sweep: Sweep) -> Iterator[Finding]:
    """Two spaces in a row, two marks in a row, or a space before a full stop, in some variant; often because what is inserted
    is empty or brings a mark of its own.
    """
    for pattern, what in ((_SPACES, "two spaces"), (_BEFORE_MARK, "a space before a mark"), (_DOUBLED_MARKS, "two marks")):
        for passage, found in _all(sweep, pattern):
            if _is_quoted(found):
                continue
            around = passage.words[max(0, found.start() - 20) : found.end() + 20]
            yield Finding(passage.path, f"{what} in “…{_readable(around)}…”", passage.ordinal)
            return


@check("empty-text", "warning")
def empty_text(sweep: Sweep) -> Iterator[Finding]:
    """What is inserted is empty in some variant, so that quotation marks, brackets or an option hold nothing."""
    for passage in sweep.shared(prose):
        if passage.part in ("option", "label", "hint", "solution", "feedback") and not passage.bare.strip(" *_\n"):
            yield Finding(passage.path, f"the {passage.part} is empty", passage.ordinal)
            return
        found = _NOTHING.search(passage.words)
        if found:
            around = passage.words[max(0, found.start() - 30) : found.end() + 10]
            yield Finding(passage.path, f"nothing stands in “…{_readable(around)}…”", passage.ordinal)
            return


@check("unfilled", "error")
def unfilled(sweep: Sweep) -> Iterator[Finding]:
    """A student reads ``{{``, ``{%`` or ``#}`` as such: in the title or in a case's words, where nothing is filled in, or in a
    text in which a brace was lost. Or a text is not written yet: it says TODO, FIXME or the like. Or an imported text holds
    what was not carried: code such as `r x` that R would have replaced by a number, or the place of a picture. Write the words
    out, or put them into the stem; draw or compute the numbers; describe what the picture shows.
    """
    marks = re.compile(r"\{\{(?=\s*[a-z])|\{%|%\}|#\}")
    if _UNWRITTEN.search(sweep.template.title):
        yield Finding(("title",), f"the title says “{shortened(sweep.template.title, 60)}”: it is not written yet")
    if marks.search(sweep.template.title):
        yield Finding(("title",), "nothing is filled into a title: it is shown with its braces")
    for passage in sweep.shared(prose):
        if marks.search(passage.bare):
            yield Finding(passage.path, f"braces are shown as they are in “{shortened(passage.bare, 60)}”", passage.ordinal)
            break
        unwritten = _UNWRITTEN.search(passage.bare)
        if unwritten:
            said = f"“{unwritten[0]}” stands in the {passage.part}: it is not written yet"
            yield Finding(passage.path, said, passage.ordinal)
            break
    for path, text in _own_texts(sweep):
        left = LEFT_OVER.search(text.text.marked)
        if left:
            yield Finding(path, f"{shortened(left[0].strip(), 60)} was not carried by an import: write what should stand there")


def _own_texts(sweep: Sweep) -> Iterator[tuple[tuple[str | int, ...], Compiled]]:
    """Every text of a template that a student reads, with its place in the YAML."""
    template = sweep.template
    yield ("stem",), template.stem
    for answer in template.answers:
        for text in (*answer.shown(), *answer.claims()):
            if isinstance(text, Compiled):
                yield sweep.path(answer.name), text
    if template.solution is not None:
        yield ("solution",), template.solution
    yield from ((("hints", i), hint) for i, hint in enumerate(template.hints))


def _all(sweep: Sweep, pattern: re.Pattern[str]) -> Iterator[tuple[Passage, re.Match[str]]]:
    for passage in sweep.shared(prose):
        for found in pattern.finditer(passage.words):
            yield passage, found


def _is_quoted(found: re.Match[str]) -> bool:
    """Whether a match lies inside of what comes from a data file: a measured text keeps its own ways."""
    edge = _EDGE.search(found.string, found.end())
    return not _EDGE.search(found[0]) and edge is not None and edge[0] == QUOTED


def _readable(words: str) -> str:
    return shortened(_EDGE.sub("", words).replace(GAP, "▢"), 60)
