"""What Moodle's report shows of a response, turned into what a student types on a worksheet."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizgen.answers.labels import GAP
from quizgen.folding import bare, shortened
from quizgen.items import Arrange, ChooseMany, ChooseOne, EnterNumber, Match, Option, options_of
from quizgen.lms.back.shown import Offer, Offers, UnclearError, without_tags
from quizgen.lms.base import Asked, Options, Question
from quizgen.lms.formats.moodle.carriers import type_of
from quizgen.lms.formats.moodle.gaps import Gap
from quizgen.lms.formats.moodle.texts import Writer
from quizgen.lms.formats.moodle.wording import NOT_RIGHT, RIGHT, UNANSWERED, reported

_PLAIN = re.compile(r"[+-]?[0-9]*\.[0-9]+")
_CUT = re.compile(r"\s*(?:\.\.\.|…)\Z")
_ARROW = "->"
_LATEX = Options(math="latex")

Taken = tuple[dict[str, str], dict[str, tuple[str, str]]]
"""Responses by answer, and what could not be turned into one, with the reason."""


class Cells:
    """Reads the cells of one report. What it finds out of a question serves all its cells."""

    def __init__(self) -> None:
        self._offers = Offers(reported)
        self._gaps: dict[str, tuple[Gap, ...]] = {}

    def taken(self, question: Question, cell: str) -> Taken:
        """What a cell says of a question."""
        if cell.strip() in ("", UNANSWERED):
            return {}, {}
        if type_of(question) != "cloze":
            (asked,) = question.asked
            try:
                return {asked.name: self._whole(question, asked, cell)}, {}
            except UnclearError as error:
                return {}, {asked.name: (cell, str(error))}
        gaps = self._gaps_of(question)
        parts = parts_of(cell, len(gaps))
        if parts is None:
            reason = f"the report's cell is not made of {len(gaps)} parts, one for each gap"
            return {}, {asked.name: (cell, reason) for asked in question.asked}
        answers: dict[str, str] = {}
        unread: dict[str, tuple[str, str]] = {}
        for asked in question.asked:
            mine = [part for part, gap in zip(parts, gaps, strict=True) if gap.answer == asked.name]
            carrier = next(gap.carrier for gap in gaps if gap.answer == asked.name)
            if any(mine):
                try:
                    answers[asked.name] = self._parts(question, asked, carrier, mine)
                except UnclearError as error:
                    unread[asked.name] = ("; ".join(mine), str(error))
        return answers, unread

    def _gaps_of(self, question: Question) -> tuple[Gap, ...]:
        if question.ident not in self._gaps:
            self._gaps[question.ident] = Writer(question, _LATEX).body("cloze").gaps
        return self._gaps[question.ident]

    def _whole(self, question: Question, asked: Asked, cell: str) -> str:
        """The response to a question of one answer."""
        match asked.interaction:
            case ChooseOne(_, options):
                return self._offer(question, asked, options).label(cell)
            case ChooseMany(_, options):
                return self._ticked(question, asked, options, cell)
            case Arrange(_, options):
                return " ".join(_order(self._offer(question, asked, options), cell))
            case Match():
                return self._joined(question, asked, cell)
            case EnterNumber():
                return _number(question, cell)
        return cell

    def _parts(self, question: Question, asked: Asked, carrier: str, parts: Sequence[str]) -> str:
        """The response to an answer that has a gap or several."""
        interaction = asked.interaction
        match carrier:
            case "one":
                return self._offer(question, asked, options_of(interaction)).label(parts[0])
            case "ticks":
                return self._ticked(question, asked, options_of(interaction), parts[0])
            case "decisions":
                return _decided(options_of(interaction), parts)
            case "positions":
                offer = self._offer(question, asked, options_of(interaction))
                return " ".join(offer.label(part) if part else GAP for part in parts)
            case "pairs":
                assert isinstance(interaction, Match)
                offer = self._offers.of(question, f"{asked.name}/rights", interaction.rights)
                pairs = zip(interaction.lefts, parts, strict=True)
                return " ".join(f"{left.label}-{offer.label(part)}" for left, part in pairs if part)
            case "shares":
                return "; ".join(_number(question, part) for part in parts)
            case "number":
                return _number(question, parts[0])
        return parts[0]

    def _offer(self, question: Question, asked: Asked, options: Sequence[Option]) -> Offer:
        return self._offers.of(question, asked.name, options)

    def _ticked(self, question: Question, asked: Asked, options: Sequence[Option], cell: str) -> str:
        offer = self._offer(question, asked, options)
        return " ".join(offer.labels[place] for place in sorted(offer.places(cell, ("; ", "\n"))))

    def _joined(self, question: Question, asked: Asked, cell: str) -> str:
        """Pairs, written ``stem -> partner; stem -> partner``; a stem that was left open is not among them."""
        assert isinstance(asked.interaction, Match)
        lefts = self._offers.of(question, f"{asked.name}/lefts", asked.interaction.lefts)
        rights = self._offers.of(question, f"{asked.name}/rights", asked.interaction.rights)
        ways: set[frozenset[tuple[str, str]]] = set()
        plain = without_tags(cell)
        for texts, left_forms, right_forms, arrow, between in (
            ({" ".join(cell.split()), " ".join(plain.split())}, lefts.exact, rights.exact, f" {_ARROW} ", "; "),
            ({bare(cell), bare(plain)}, lefts.forms, rights.forms, _ARROW, ";"),
        ):
            forms = {
                f"{left}{arrow}{right}": (lefts.labels[i], rights.labels[j])
                for left, i in left_forms.items()
                for right, j in right_forms.items()
                if i >= 0 and j >= 0
            }
            for text in texts:
                _pair_up(text, between, forms, (), ways)
            if ways:
                break
        if len(ways) != 1:
            how = "in several ways" if ways else "as pairs of this question"
            raise UnclearError(f"'{shortened(cell)}' can{'' if ways else 'not'} be read {how}")
        return " ".join(f"{left}-{right}" for left, right in sorted(ways.pop(), key=lambda pair: lefts.labels.index(pair[0])))


_Pairs = tuple[tuple[str, str], ...]


def _pair_up(
    text: str, between: str, forms: dict[str, tuple[str, str]], so_far: _Pairs, ways: set[frozenset[tuple[str, str]]]
) -> None:
    """Finds the ways to read a text as pairs with something between, each left once; two ways are enough."""
    for form, pair in forms.items():
        if len(ways) > 1:
            return
        if text.startswith(form) and pair[0] not in {left for left, _ in so_far}:
            rest = text[len(form) :]
            if not rest:
                ways.add(frozenset((*so_far, pair)))
            elif rest.startswith(between):
                _pair_up(rest.removeprefix(between), between, forms, (*so_far, pair), ways)


def _order(offer: Offer, cell: str) -> list[str]:
    """The labels of items in the order in which they stand. Moodle cuts each to ten characters, three points among them."""
    parts = cell.split(";")
    if len(parts) != len(offer.labels):
        raise UnclearError(f"'{shortened(cell)}' is not made of {len(offer.labels)} items")
    fits = []
    for part in parts:
        whole, cut = bare(part), _CUT.search(part)
        beginning = bare(_CUT.sub("", part))
        # Where items begin alike, the export puts their letters before them.
        lettered = re.match(r"\s*([A-Z])\. ", part)
        found = {offer.labels.index(lettered[1])} if lettered and lettered[1] in offer.labels else set[int]()
        found = found or {place for place in (offer.exact.get(part.strip(), -1),) if place >= 0}
        found = found or {place for form, place in offer.forms.items() if form == whole and place >= 0}
        if not found and (cut or len(part.strip()) >= 7):
            found = {abs(place) for form, place in offer.forms.items() if form.startswith(beginning)}
        fits.append(found)
    if not all(len(found) == 1 for found in fits) or len(set.union(*fits)) < len(parts):
        raise UnclearError(f"the report cuts items off, and '{shortened(cell)}' may be several orders or none")
    return [offer.labels[found.pop()] for found in fits]


def _decided(options: Sequence[Option], parts: Sequence[str]) -> str:
    words = {RIGHT.casefold(): True, NOT_RIGHT.casefold(): False}
    open_ = [option.label for option, part in zip(options, parts, strict=True) if not part]
    if open_:
        raise UnclearError(f"nothing was decided of {', '.join(open_)}; a worksheet knows no such response")
    decided = [words.get(part.strip().casefold()) for part in parts]
    if None in decided:
        raise UnclearError(f"'{shortened('; '.join(parts))}' has other words than {RIGHT} and {NOT_RIGHT}")
    return " ".join(option.label for option, right in zip(options, decided, strict=True) if right) or "none"


def _number(question: Question, typed: str) -> str:
    """A number as typed on a worksheet: Moodle reads a point as the decimal mark, also where the quiz's numbers have commas."""
    text = typed.strip()
    return text.replace(".", ",") if question.decimal_comma and _PLAIN.fullmatch(text) else typed


def parts_of(cell: str, count: int) -> list[str] | None:
    """The parts of a cell such as ``part 1: 0.5; part 2: yes; part 3: ``, in any language; None where it has others."""
    first = re.match(r"\s*([^\d:]*)1([^\d:]*):", cell)
    if first is None:
        return None
    before, after = re.escape(first[1].strip()), re.escape(first[2].strip())
    starts, ends = [first.end()], [first.start()]
    for number in range(2, count + 1):
        found = list(re.finditer(rf";\s*{before}\s*{number}\s*{after}\s*:", cell))
        if len(found) != 1 or found[0].start() < starts[-1]:
            return None
        starts.append(found[0].end())
        ends.append(found[0].start())
    if re.search(rf";\s*{before}\s*{count + 1}\s*{after}\s*:", cell):
        return None
    return [cell[start:end].strip() for start, end in zip(starts, [*ends[1:], len(cell)], strict=True)]
