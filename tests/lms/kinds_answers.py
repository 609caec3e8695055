"""Responses to questions of an export, as typed on a worksheet, and the same put to Moodle's question engine."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from moodle_engine import Question as There

from quizgen.answers.labels import LETTERS
from quizgen.items import Arrange, ChooseMany, ChooseOne, Match, StateDistribution, options_of
from quizgen.lms.base import Asked, Options, Question
from quizgen.lms.formats.moodle.carriers import type_of
from quizgen.lms.formats.moodle.gaps import Gap
from quizgen.lms.formats.moodle.texts import Writer
from quizgen.lms.formats.moodle.wording import NOT_RIGHT, RIGHT
from quizgen.schemes import ManyOptions, NumberBands, RightOrder, RightPairs, Texts, TrueDistribution


def decimal(number: Fraction) -> str:
    """The number in plain digits."""
    whole = round(number * 10**20)
    sign, digits = "-" if whole < 0 else "", str(abs(whole)).rjust(21, "0")
    return f"{sign}{digits[:-20]}.{digits[-20:]}".rstrip("0").rstrip(".")


def typed(asked: Asked, random_: random.Random) -> list[str]:
    """Responses to an answer: right, partly right and wrong ones, as on a worksheet."""
    scheme, interaction = asked.scheme, asked.interaction
    labels = [option.label for option in options_of(interaction)]
    match scheme:
        case ManyOptions(right):
            chosen = [[label for label, is_right in zip(labels, right, strict=True) if is_right], [], labels]
            chosen += [sorted(random_.sample(labels, random_.randint(1, len(labels)))) for _ in range(6)]
            return [" ".join(some) or "none" for some in chosen]
        case NumberBands(bands=bands):
            # A key has 15 digits, of which Moodle keeps 14: what is tried beside a bound is further off than that.
            beside = [Fraction(1, 10**9) * max(1, abs(band.high)) for band in bands]
            near = [
                number
                for band, step in zip(bands, beside, strict=True)
                for number in (band.low, band.high, band.low - step, band.high + step)
            ]
            return [scheme.typed, *map(decimal, near), "12345"]
        case Texts(accepted):
            return [*(text for text, _ in accepted), accepted[0][0].upper(), "no such thing"]
        case RightOrder(places):
            right_order = [labels[place] for place in places]
            return [
                " ".join(order)
                for order in (right_order, right_order[::-1], *(random_.sample(labels, len(labels)) for _ in range(6)))
            ]
        case RightPairs(partners):
            assert isinstance(interaction, Match)
            rights = [option.label for option in interaction.rights]
            ways = [[rights[partner] for partner in partners]]
            ways += [random_.sample(rights, len(partners)) for _ in range(6)]
            return [" ".join(f"{i + 1}-{right}" for i, right in enumerate(way)) for way in ways]
        case TrueDistribution(probabilities, decimals):
            shown = [f"{float(p):.{decimals}f}" for p in probabilities]
            return ["; ".join(shown), "; ".join(["1", *["0"] * (len(shown) - 1)])]
    return labels


def combinations_of(question: Question, seed: int = 1) -> Iterator[dict[str, str]]:
    """Responses to all answers of a question: of each answer every one, beside those of the others."""
    random_ = random.Random(seed)
    columns = {asked.name: typed(asked, random_) for asked in question.asked}
    for i in range(max(map(len, columns.values()))):
        yield {name: texts[(i + 3 * k) % len(texts)] for k, (name, texts) in enumerate(columns.items())}
    yield {name: texts[0] for name, texts in columns.items()}


def fraction_there(question: Question, there: There, responses: Mapping[str, str], *, comma_site: bool = False) -> float:
    """What Moodle gives."""
    if type_of(question) == "cloze":
        return there.filled(gap_responses(question, there, responses), comma_site)
    (asked,) = question.asked
    text = responses[asked.name]
    match asked.interaction:
        case ChooseOne():
            return there.chosen({LETTERS.index(text)})
        case ChooseMany():
            return there.chosen({LETTERS.index(label) for label in _labels(text)})
        case Arrange():
            assert isinstance(asked.scheme, RightOrder)
            places = [LETTERS.index(label) for label in text.split()]
            return there.ordered([asked.scheme.places.index(place) for place in places])
        case Match():
            return there.joined({left: _right(question, asked, right) for left, right in pairs(text).items()})
    return there.typed(text, comma_site)


def _labels(text: str) -> list[str]:
    return [] if text == "none" else text.split()


def pairs(text: str) -> dict[int, int]:
    """The places that ``1-B 2-A`` joins."""
    return {int(pair.split("-")[0]) - 1: LETTERS.index(pair.split("-")[1]) for pair in text.split()}


def _right(question: Question, asked: Asked, place: int) -> str:
    assert isinstance(asked.interaction, Match)
    writer = Writer(question, Options())
    return writer.words(asked.interaction.rights[place].text).replace("<", "&lt;")


def gaps_by_answer(question: Question) -> dict[str, list[tuple[int, Gap]]]:
    """The gaps of each answer, with their numbers."""
    found: dict[str, list[tuple[int, Gap]]] = {}
    for number, gap in enumerate(Writer(question, Options(math="latex")).body("cloze").gaps):
        found.setdefault(gap.answer, []).append((number, gap))
    return found


def gap_responses(question: Question, there: There, responses: Mapping[str, str]) -> Sequence[str | frozenset[str]]:
    """What stands in each gap."""
    filled: list[str | frozenset[str]] = [""] * len(there.gaps)
    for name, gaps in gaps_by_answer(question).items():
        asked = next(one for one in question.asked if one.name == name)
        text = responses[name]
        for place, (number, gap) in enumerate(gaps):
            choices = [choice.text for choice in there.gaps[number].answers]
            match gap.carrier:
                case "number" | "text":
                    filled[number] = text
                case "letters" if isinstance(asked.interaction, Match):
                    filled[number] = "".join(LETTERS[right] for _, right in sorted(pairs(text).items()))
                case "letters":
                    filled[number] = text if text == "none" else "".join(text.split())
                case "one":
                    filled[number] = choices[LETTERS.index(text)]
                case "ticks":
                    filled[number] = frozenset(choices[LETTERS.index(label)] for label in _labels(text))
                case "decisions":
                    filled[number] = RIGHT if LETTERS[place] in _labels(text) else NOT_RIGHT
                case "positions":
                    filled[number] = choices[LETTERS.index(text.split()[place])]
                case "pairs":
                    filled[number] = choices[pairs(text)[place]]
                case "shares":
                    assert isinstance(asked.interaction, StateDistribution)
                    filled[number] = text.split("; ")[place]
    return filled


# Reports --------------------------------------------------------------------------------------------------------------


def plain(markup: str) -> str:
    """HTML as plain text, as Moodle's reports have it: what is strong in capital letters, emphasis between underscores."""
    text = re.sub(r"<strong>(.*?)</strong>", lambda found: found[1].upper(), markup)
    text = re.sub(r"</?em>", "_", text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def cut(item: str) -> str:
    """An item of an order as a report shows it: of ten characters, three of them points where it has more."""
    return item if len(item) <= 10 else f"{item[:7]}..."


def cell_there(question: Question, there: There, responses: Mapping[str, str]) -> str:
    """What a report shows of a response."""
    if type_of(question) == "cloze":
        parts = []
        for number, response in enumerate(gap_responses(question, there, responses), 1):
            listed = [one.text for one in there.gaps[number - 1].answers if one.text in response]
            chosen = isinstance(response, str) and there.gaps[number - 1].kind.startswith("MULTICHOICE")
            shown = (
                "; ".join(map(plain, listed)) if isinstance(response, frozenset) else plain(response) if chosen else response
            )
            parts.append(f"part {number}: {shown}")
        return "; ".join(parts)
    (asked,) = question.asked
    text = responses[asked.name]
    match asked.interaction:
        case ChooseOne():
            return plain(there.answers[LETTERS.index(text)].text)
        case ChooseMany():
            return "; ".join(plain(there.answers[LETTERS.index(label)].text) for label in _labels(text)) or "-"
        case Arrange():
            assert isinstance(asked.scheme, RightOrder)
            places = [asked.scheme.places.index(LETTERS.index(label)) for label in text.split()]
            return "; ".join(cut(plain(there.answers[place].text)) for place in places)
        case Match():
            lefts = [left for left, _ in there.stems if left]
            joined = pairs(text).items()
            return "; ".join(f"{plain(lefts[left])} -> {_right(question, asked, right)}" for left, right in joined)
    return text
