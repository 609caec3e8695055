"""Checks of how questions and options are worded: the rules of item writing that a program can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from quizgen.answers.choice import ChoiceAnswer
from quizgen.answers.essay import EssayAnswer
from quizgen.answers.multiple import MultipleAnswer
from quizgen.answers.numeric import NumericAnswer
from quizgen.answers.text import TextAnswer
from quizgen.checking.base import Finding, Path, check
from quizgen.checking.prose import GAP, Passage, prose, sentences
from quizgen.checking.sweep import Sweep
from quizgen.items import ChooseMany, ChooseOne
from quizgen.variants.texts import plain_text

MOST_WORDS = 40
"""Longer sentences are hard for second-language readers."""

TIMES_THE_MEDIAN, LONG = 2.5, 40
"""An option of more characters than that, and so many times the median of its variant's options, stands out."""

LOOKED_AT = 500
"""So many variants' options are measured."""

_OF_THE_ABOVE = re.compile(
    r"\b(all|none|both|neither|any|either|some|two|more than one) of (the |these|those|them)\s*"
    r"(above|options?|answers?|others?|statements?|choices?)?\W*$|"
    r"\b(all|none|both|neither) of the above\b|"
    r"^(both|neither|options?)? ?\(?\b[A-D]\)? (and|nor) \(?[A-D]\)?( are (right|correct|true))?\W*$",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(not|except|never|cannot|\w+n[’']t)\b(?! only)", re.IGNORECASE)
_HARMLESS = re.compile(
    r"\([^)]*\)|\b(whether|or|if|why|when|and) (or )?not\b|\bnot (yet|just|merely|necessarily)\b", re.IGNORECASE
)
_STRESSED = re.compile(r"(\*\*|__|\*|_)(?=\S)(.*?\S)\1|\b[A-Z]{3,}\b")
_REQUEST = re.compile(
    r"\b(add|answer|arrange|assign|calculate|choose|classify|compare|complete|compute|convert|copy|count|decide|derive|describe|"
    r"determine|discuss|draw|enter|estimate|evaluate|explain|express|fill|find|give|identify|join|judge|justify|label|list|match|"
    r"name|number|order|pair|pick|place|predict|prove|put|rank|read off|recommend|replace|report|reproduce|rewrite|round|say|"
    r"select|show|simplify|solve|sort|specify|state|subtract|suggest|summari[sz]e|tell|tick|translate|type|use|what|which|how|"
    r"who|why|when|where|work out|write)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"(?:Which|What|How (?:many|much|large|high|far|often)|By how (?:many|much)|Who|Whose|Why|Where|In which)\b")
_ASKS_TOO = re.compile(r"\W*(?:And\W+)?(?:Which|What|How|By how|Who|Whose|Why|Where|In which|Is|Are|Does|Do)\b", re.IGNORECASE)
_ROUNDING = re.compile(
    r"\b(decimals?|digits?|rounded?|nearest|within|significant|whole number|integer|accura\w+|exact\w*|precision|places|"
    r"percent)\b|%",
    re.IGNORECASE,
)
_LOGARITHMS = re.compile(
    r"\b(surprisal|(?:cross_|empirical_cross_)?entropy|kl_divergence|js_divergence|binary_cross_entropy\w*|sequence_nll|masked_nll|"
    r"cross_entropy_from_logits|label_smoothed_cross_entropy|log|log2|log10)\s*\("
)
_UNDONE = re.compile(r"\b(exp|perplexity|argm\w+|rank|round|floor|ceil|count)\s*\(|\*\*|/")
_BASE = re.compile(
    r"\b(nats?|bits?|bans?|natural|base|ln|log_?\{?(?:2|10|e)|hartleys?|shannons?|dits?)\b|\\(?:ln|log_)|log[₂₁]", re.I
)


@check("all-of-the-above", "warning")
def all_of_the_above(sweep: Sweep) -> Iterator[Finding]:
    """An option says "all of the above", "none of these" or "both A and B". Who recognises one wrong or two right options has
    it solved, and shuffled options have no above. Offer a statement of its own instead, or make it a multiple answer.
    """
    for passage in _first_of_each(sweep, "option"):
        if _OF_THE_ABOVE.search(passage.bare.strip()):
            yield Finding(passage.path, f"the option “{passage.bare.strip()}” speaks of other options", passage.ordinal)


@check("hidden-negative", "warning")
def hidden_negative(sweep: Sweep) -> Iterator[Finding]:
    """The question asks for what is *not* so, or for the exception, and the word is easily overlooked. Ask positively, or set
    the word in bold: ``Which is **not** …?`` (Who writes an essay has the time to read.)
    """
    if all(isinstance(answer, EssayAnswer) for answer in sweep.template.answers):
        return
    for passage in _texts(sweep, "stem", "label"):
        for sentence in sentences(passage.own):
            if not sentence.rstrip("”\"')*_ ").endswith("?") and not _REQUEST.match(sentence.lstrip("*_ ")):
                continue
            found = _NEGATIVE.search(_HARMLESS.sub("", _STRESSED.sub("", sentence)))
            if found:
                yield Finding(
                    passage.path, f"“{found[0]}” stands in the question without emphasis: “{sentence}”", passage.ordinal
                )
                return


@check("option-length", "warning")
def option_length(sweep: Sweep) -> Iterator[Finding]:
    """One option is more than 2.5 times as long as the options are on the median, which draws the eye to it: the longest
    option is often the right one. Shorten it, or say the others as fully.
    """
    for name in (answer.name for answer in sweep.template.answers if isinstance(answer, ChoiceAnswer | MultipleAnswer)):
        for keyed, ordinal in zip(sweep.keyed[:LOOKED_AT], sweep.ordinals.tolist(), strict=False):
            interaction = dict(keyed.item.interactions)[name]
            if not isinstance(interaction, ChooseOne | ChooseMany) or len(interaction.options) < 3:
                continue
            options = [plain_text(option.text) for option in interaction.options]
            lengths = [len(option.replace("*", "")) for option in options]
            longest, median = max(lengths), float(np.median(lengths))
            if longest > LONG and longest > TIMES_THE_MEDIAN * median:
                text = options[lengths.index(longest)]
                yield Finding(
                    sweep.path(name),
                    f"an option has {longest} characters where the median has {median:.0f}: “{text}”",
                    ordinal,
                )
                break


@check("no-question", "warning")
def no_question(sweep: Sweep) -> Iterator[Finding]:
    """The stem neither asks nor tells what to do; or its question has no question mark. State the question, or begin a sentence
    with a request such as "Compute" or "Choose", so that a student knows what is wanted before reading any option.
    """
    labels = any("?" in passage.words or _requests(passage.words) for passage in _texts(sweep, "label"))
    for passage in _texts(sweep, "stem"):
        asks = "?" in passage.words or any(map(_requests, sentences(passage.words))) or labels
        blank = GAP in passage.words and bool(
            re.search(r"\[\w+\]", sweep.template.stem.text.marked) or sweep.template.stem.places
        )
        if not asks and not blank:
            yield Finding(passage.path, "there is neither a question nor a request in the stem", passage.ordinal)
            return
        question = "" if "?" in passage.words or labels else _unmarked_question(passage.bare)
        if question:
            yield Finding(passage.path, f"“{question}” has no question mark", passage.ordinal)
            return


@check("two-questions", "warning")
def two_questions(sweep: Sweep) -> Iterator[Finding]:
    """The stem asks two questions, and there is one field for a number or a word: a student cannot know which of the two is
    meant, or answers both and is not understood. Ask one of them, or make it two answers.
    """
    if not sweep.template.single or not isinstance(sweep.template.answers[0], NumericAnswer | TextAnswer):
        return
    for passage in _texts(sweep, "stem"):
        bare = re.sub(r"[“‘\"][^”’\"]*[”’\"]|^\s*>.*$", "", passage.bare, flags=re.MULTILINE)
        asked_for = [sentence for sentence in sentences(bare) if _ASKS_TOO.match(sentence) and sentence.endswith("?")]
        if len(asked_for) > 1:
            yield Finding(passage.path, f"“{asked_for[-2]}” and “{asked_for[-1]}”, but there is one answer", passage.ordinal)
            return


def _unmarked_question(words: str) -> str:
    """A sentence that begins as a question does and ends otherwise, where no other tells what to do."""
    said = sentences(words)
    asks = [sentence for sentence in said if _ASKS.match(sentence.lstrip("*_ "))]
    tells = any(_requests(sentence) for sentence in said if sentence not in asks)
    return "" if tells else next((sentence for sentence in asks if not sentence.endswith((":", "…"))), "")


@check("rounding-not-told", "warning")
def rounding_not_told(sweep: Sweep) -> Iterator[Finding]:
    """A number is marked by a tolerance, and nothing tells the student how exactly to give it. Say it in the stem or the label,
    or ask for ``decimals`` or ``sigfigs``, which the field shows.
    """
    for answer in sweep.template.answers:
        if isinstance(answer, NumericAnswer) and not answer.form and not _ROUNDING.search(asked(sweep, answer.name)):
            yield Finding(sweep.path(answer.name), "no place tells how exactly the number is asked for")


@check("unit-not-told", "warning")
def unit_not_told(sweep: Sweep) -> Iterator[Finding]:
    """The key is a logarithm, and nothing tells whether nats or bits are meant. Give the answer its ``unit``, which the field
    shows, or name the base in the stem.
    """
    lets = {let.name: let.expression for let in sweep.template.program.lets}
    for answer in sweep.template.answers:
        if not isinstance(answer, NumericAnswer) or answer.unit:
            continue
        key = lets.get(answer.value.source, answer.value)
        sources = [key.source, *(lets[name].source for name in key.names if name in lets)]
        logarithm = any(map(_LOGARITHMS.search, sources)) and not any(map(_UNDONE.search, sources))
        if logarithm and not _BASE.search(asked(sweep, answer.name)):
            yield Finding(sweep.path(answer.name), "no place tells the unit: nats or bits?")


@check("long-sentence", "warning")
def long_sentence(sweep: Sweep) -> Iterator[Finding]:
    """A sentence has more than 40 words: second-language readers lose its beginning before they reach its end. Make two
    sentences of it.
    """
    told: set[Path] = set()
    for passage in sweep.shared(prose):
        for sentence in sentences(passage.bare) if passage.path not in told else ():
            words = len([word for word in sentence.split() if any(map(str.isalnum, word)) or GAP in word])
            if words > MOST_WORDS:
                told.add(passage.path)
                yield Finding(passage.path, f"a sentence has {words} words: “{sentence[:60]}…”", passage.ordinal)
                break


@check("no-solution", "note")
def no_solution(sweep: Sweep) -> Iterator[Finding]:
    """There is no worked solution, so that students who were wrong are not shown how it is done. Write one under
    ``solution``, with the variant's own numbers.
    """
    if sweep.template.solution is None:
        yield Finding((), "there is no 'solution'")


@check("no-hints", "note")
def no_hints(sweep: Sweep) -> Iterator[Finding]:
    """There are no hints, so that students who practise get the whole solution or nothing. List some under ``hints``, of rising
    strength.
    """
    if not sweep.template.hints:
        yield Finding((), "there are no 'hints'")


def _texts(sweep: Sweep, *parts: str) -> Iterator[Passage]:
    yield from (passage for passage in sweep.shared(prose) if passage.part in parts)


def _first_of_each(sweep: Sweep, part: str) -> Iterator[Passage]:
    """The first passage of each place."""
    yield from {passage.path: passage for passage in reversed(list(_texts(sweep, part)))}.values()


def _requests(words: str) -> bool:
    """Whether a sentence tells what to do."""
    start = re.sub(r"^[\W\d_]*", "", words)
    if _REQUEST.match(start):
        return True
    return bool(re.search(rf"(?:[,;:]|\b(?:and|then|please|must|should|to))\s+\W*(?:{_REQUEST.pattern})", start, re.IGNORECASE))


def asked(sweep: Sweep, name: str) -> str:
    """All that a student reads who answers: stem, and the answer's label, with formulas."""
    label = next(answer.shared.prompt for answer in sweep.template.answers if answer.name == name)
    return sweep.stems[0] + " " + (label.text.marked if label else "")


_PLACE = re.compile(r"\[\w+\]")


def asking_line(sweep: Sweep, name: str) -> str:
    """The words of the stem that ask for an answer: the line in which it stands; where it is the only one, the sentence that
    asks. Nothing where several do."""
    stem = sweep.stems[0]
    if sweep.template.single:
        questions = re.findall(r"[^.?!\n]*(?:\n[^.?!\n]+)*\?", stem)
        return questions[-1] if len(questions) == 1 else ""
    line = next((line for line in stem.splitlines() if f"[{name}]" in line), "")
    return _PLACE.sub("", line) if len(_PLACE.findall(line)) == 1 and "|" not in line else ""
