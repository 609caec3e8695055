"""A question as the keys of a template, with a word to its author where something is to be looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import assert_never

from quizgen.folding import shortened
from quizgen.importing.layout import Data, written
from quizgen.importing.prose import value, words
from quizgen.importing.questions import (
    Answer,
    Asked,
    Choice,
    Free,
    InOrder,
    Number,
    Option,
    Pairs,
    Question,
    Several,
    Typed,
)  # fmt: skip
from quizgen.spelling import listed

NO_CONCEPT = "-"
"""Stands for the concept that an author has still to name."""

ONE_VARIANT = "no-variation"
"""The check that a template of one variant does not pass."""

MEANT = {
    ONE_VARIANT: "Imported with a single case, to be given draws or more cases.",
    "tolerance-too-wide": "The imported question accepts numbers so far from its key.",
    "tolerance-takes-zero": "The imported question accepts 0, too.",
    "key-never-changes": "Imported with a single case: its key is always the same.",
    "key-position": "Imported with a single case, whose options stand in a fixed order.",
    "no-question": "The imported question is put so: its answers say what is to be done.",
    "unfilled": "The braces stand so in the imported question.",
}
"""Checks that a faithful copy of a question may not pass, each with the reason for letting that be."""

OF_ONE_VARIANT = (ONE_VARIANT, "key-never-changes", "key-position")
"""Those of them that a template does not pass as long as it has a single case."""

LONGEST_TITLE = 80
_FINEST = -6
"""A number without a tolerance is right within the millionth of its last digit."""
_WORDS_A_MINUTE = 120
_LONGEST = 60


def template(question: Question, concept: str, *, waived: Sequence[str] = ()) -> str:
    """The template of a question, as YAML; it says why it does not pass the checks that are ``waived``."""
    keys: dict[str, Data] = {
        "title": title_of(question),
        "concept": concept,
        "level": "apply",
        "minutes": minutes_of(question),
    }
    comments: dict[str, str] = {}
    if concept == NO_CONCEPT:
        comments["concept"] = "The id of a concept in concepts.yaml."
    if question.tags:
        keys["tags"] = list(dict.fromkeys(question.tags))
    keys["stem"] = f"{question.stem}\n"
    foreseen: dict[str, Data] = {}
    if len(question.answers) == 1 and not question.answers[0].name:
        keys["answer"] = _answer(question.answers[0], foreseen)
        comments["answer"] = _to_do(question.answers[0].asked)
    else:
        keys["answers"] = {answer.name: _answer(answer, foreseen) for answer in question.answers}
        said = (_to_do(answer.asked, f"{answer.name}: ") for answer in question.answers)
        comments["answers"] = "\n".join(dict.fromkeys(line for line in said if line))
    if foreseen:
        keys["mistakes"] = foreseen
        comments["mistakes"] = "Give each a name that says what went wrong, here and in its answer."
    if question.solution:
        keys["solution"] = f"{question.solution}\n"
    if question.hints:
        keys["hints"] = list(question.hints)
    if waived:
        keys["waive"] = {check: MEANT[check] for check in waived}
        single = [check for check in waived if check in OF_ONE_VARIANT]
        what = "this" if single == list(waived) else listed(single)
        comments["waive"] = f"Take {what} out once there are more variants." if single else ""
    head = [f"From {question.origin}. One case so far: with draws, or more cases, every student gets another variant."]
    head.extend(f"Not carried: {' '.join(what.split())}" for what in question.lost)
    return written(keys, comments, "\n".join(head))


def title_of(question: Question) -> str:
    """A short title, cut between words."""
    text = " ".join(question.title.split()) or "Question"
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"


def minutes_of(question: Question) -> int:
    """Whole minutes, by how much there is to read and to answer."""
    read = len(question.stem.split())
    answering = 0.0
    for answer in question.answers:
        match answer.asked:
            case Choice(options=options) | Several(options=options):
                read += sum(len(option.text.split()) for option in options)
                answering += 0.5
            case Pairs(pairs=pairs):
                answering += 0.25 * len(pairs)
            case InOrder(items=items):
                answering += 0.25 * len(items)
            case Free(words=count):
                answering += (count or 150) / 15
            case Number() | Typed():
                answering += 0.75
            case other:
                assert_never(other)
    return min(max(1, round(read / _WORDS_A_MINUTE + answering)), _LONGEST)


def _to_do(asked: Asked, name: str = "") -> str:
    """What an author should look at, or nothing."""
    match asked:
        case Number(tolerance=tolerance, value=number) if not tolerance and not _is_whole(number):
            return f"{name}Asked for exactly; 'decimals: 2' would take any right rounding and tell the student so."
        case Several(credit=credit):
            return f"{name}The student is told the rule of credit '{credit}'; docs/answers.md has the others."
        case Free(for_markers=notes):
            told = f"{name}Write the rubric: students see it with the question."
            return f"{told}\nFor whoever marks: {notes}" if notes else told
    return ""


def _answer(answer: Answer, foreseen: dict[str, Data]) -> dict[str, Data]:
    keys = _asked(answer.asked, foreseen)
    if answer.label:
        keys["label"] = words(answer.label)
    if answer.weight != 1:
        keys["weight"] = answer.weight
    return keys


def _asked(asked: Asked, foreseen: dict[str, Data]) -> dict[str, Data]:
    match asked:
        case Choice():
            return _choice(asked)
        case Several(options=options, shuffled=shuffled, shown=shown, credit=credit):
            keys: dict[str, Data] = {"kind": "multiple", "credit": credit}
            if not any(option.right for option in options):
                keys["min_true"] = 0
            return {**keys, **_ordered(shuffled, shown, len(options)), "options": [_statement(option) for option in options]}
        case Number():
            return _number(asked, foreseen)
        case Typed(accepted=accepted, case_sensitive=exactly, wrong=wrong):
            takes: list[Data] = [
                value(one.text) if one.credit == 1 else {"text": value(one.text), "credit": one.credit} for one in accepted
            ]
            keys = {"kind": "text", "accept": takes}
            if exactly:
                keys["case_sensitive"] = True
            mistakes = {_mistake(foreseen, one.text, one.feedback): [value(one.text)] for one in wrong}
            return {**keys, "mistakes": mistakes} if mistakes else keys
        case Pairs(pairs=pairs, extra=extra, shown=shown):
            keys = {"kind": "match", "pairs": [{"left": left, "right": right} for left, right in pairs]}
            if extra:
                keys["extra"] = list(extra)
            return {**keys, "choose": shown} if shown < len(pairs) else keys
        case InOrder(items=items, shown=shown, credit=credit):
            keys = {"kind": "order", "credit": credit, "items": list(items)}
            return {**keys, "choose": shown} if shown < len(items) else keys
        case Free(words=count):
            keys = {"kind": "essay", "rubric": [{"criterion": "Right, complete and clearly put", "points": 1}]}
            return {**keys, "words": count} if count else keys
        case other:
            assert_never(other)


def _ordered(shuffled: bool, shown: int, count: int) -> Mapping[str, Data]:
    if shown < count:
        return {"choose": shown}  # which are shown is drawn, so they cannot stand as written
    return {} if shuffled else {"order": "fixed"}


def _choice(choice: Choice) -> dict[str, Data]:
    """A key with distractors; a pool of statements where several are right or the order is fixed."""
    right = [option for option in choice.options if option.right]
    wrong = [option for option in choice.options if not option.right]
    if len(right) > 1 or not choice.shuffled:
        ordered = _ordered(choice.shuffled, choice.shown, len(choice.options))
        return {"kind": "choice", **ordered, "options": [_statement(option) for option in choice.options]}
    keys: dict[str, Data] = {"kind": "choice", **_ordered(True, choice.shown, len(choice.options))}
    return {**keys, "key": _option(right[0]), "distractors": [_option(option) for option in wrong]}


def _option(option: Option) -> dict[str, Data]:
    return {"text": option.text, **({"feedback": option.feedback} if option.feedback else {})}


def _statement(option: Option) -> dict[str, Data]:
    return {"text": option.text, "true_when": option.right, **({"feedback": option.feedback} if option.feedback else {})}


def _number(number: Number, foreseen: dict[str, Data]) -> dict[str, Data]:
    keys: dict[str, Data] = {"kind": "numeric", "value": number.value}
    if number.tolerance:
        keys["tolerance"] = {"abs": number.tolerance}
    elif _is_whole(number.value):
        keys["decimals"] = 0
    else:
        exponent = number.value.normalize().as_tuple().exponent
        keys["tolerance"] = {"abs": Decimal(1).scaleb(int(exponent) + _FINEST)}
    if number.unit:
        keys["unit"] = number.unit
    if number.accept_units:
        keys["accept_units"] = list(number.accept_units)
    mistakes: dict[str, Data] = {}
    for wrong in number.wrong:
        name = _mistake(foreseen, f"{wrong.value}", wrong.feedback)
        mistakes[name] = {"value": wrong.value, "credit": wrong.credit} if wrong.credit else wrong.value
    return {**keys, "mistakes": mistakes} if mistakes else keys


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _mistake(foreseen: dict[str, Data], typed: str, feedback: str) -> str:
    """The name of a mistake that is entered among those foreseen."""
    name = f"foreseen-{len(foreseen) + 1}"
    explanation = feedback or "This answer is foreseen, but not right."
    foreseen[name] = {"title": f"Answered {words(shortened(typed))}", "explanation": explanation}
    return name
