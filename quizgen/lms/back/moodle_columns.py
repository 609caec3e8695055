"""The columns of Moodle's report of responses, by the form and the words of their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizgen.errors import SubmissionError
from quizgen.lms.back.base import Known
from quizgen.lms.back.moodle_keys import RightAnswers
from quizgen.lms.back.sheets import points_in

_GRADE = re.compile(r".*[^\d\s].*/\s*\d+(?:[.,]\d+)?", re.DOTALL)
_NUMBERED = re.compile(r"(?P<word>.*?\D)\s*(?P<number>\d+)|(?P<first>\d+)[.:)]?\s*(?P<behind>\D.*)", re.DOTALL)
_TIMES = 4
"""Columns between the student and the grade: status, started, completed, duration."""

_ROUNDED = 0.006

_QUESTION = {
    "question",
    "frage",
    "pregunta",
    "domanda",
    "pergunta",
    "questão",
    "vraag",
    "fråga",
    "spørgsmål",
    "pytanie",
    "otázka",
    "kérdés",
    "вопрос",
    "питання",
    "soru",
    "试题",
    "試題",
    "問題",
}
_RESPONSE = {
    "response",
    "antwort",
    "réponse",
    "respuesta",
    "risposta",
    "resposta",
    "antwoord",
    "svar",
    "odpowiedź",
    "odpověď",
    "válasz",
    "ответ",
    "відповідь",
    "yanıt",
    "作答",
    "答案",
    "回答",
}
_RIGHT = {
    "right answer",
    "richtige antwort",
    "bonne réponse",
    "réponse correcte",
    "respuesta correcta",
    "risposta corretta",
    "resposta correta",
    "resposta certa",
    "resposta correcta",
    "juiste antwoord",
    "goede antwoord",
    "rätt svar",
    "riktig svar",
    "korrekt svar",
    "rigtigt svar",
    "prawidłowa odpowiedź",
    "poprawna odpowiedź",
    "správná odpověď",
    "helyes válasz",
    "правильный ответ",
    "правильна відповідь",
    "doğru yanıt",
    "正确答案",
    "正確答案",
    "正解",
}
_FIRST_NAME = {"firstname", "vorname", "prénom", "nombre", "nome", "voornaam", "förnamn", "fornavn", "imię", "имя"}


@dataclass(frozen=True, slots=True)
class Place:
    """The columns of one place of the quiz."""

    question: int | None
    response: int
    right: int | None


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand. ``status``, ``started`` and ``completed`` are None where the report does not have them."""

    header: Sequence[str]
    names: tuple[int, ...]
    others: tuple[int, ...]
    status: int | None
    started: int | None
    completed: int | None
    grade: int | None
    places: tuple[Place, ...]


def numbered(header: Sequence[str]) -> tuple[int | None, list[list[int]]] | None:
    """The grade's column, and the columns of each place of the quiz; None where there are none.

    Other heads may look like a grade (``Cohort 2025/26``): it stands right before the places. Without one the places have to be
    named in a language that is known.
    """
    grades = [i for i, head in enumerate(header) if _GRADE.fullmatch(head.strip())]
    if grades:
        columns = _places(header, grades[-1] + 1)
        if columns is not None and columns[0][0] == grades[-1] + 1:
            return grades[-1], columns
    known = _QUESTION | _RESPONSE | _RIGHT
    first = next((i for i, head in enumerate(header) if _NUMBERED.fullmatch(head.strip()) and _word(head) in known), 0)
    columns = _places(header, first) if first > _TIMES else None
    return (None, columns) if columns is not None and all(_word(header[i]) in known for i in columns[0]) else None


def _places(header: Sequence[str], start: int) -> list[list[int]] | None:
    """The columns of each place of the quiz from one on; None where they are not numbered from 1 and all alike."""
    groups: dict[int, list[int]] = {}
    for i, head in enumerate(header[start:], start):
        found = _NUMBERED.fullmatch(head.strip())
        if found:
            groups.setdefault(int(found["number"] or found["first"]), []).append(i)
    columns = [groups[number] for number in sorted(groups)]
    shapes = {tuple(_word(header[i]) for i in column) for column in columns}
    if sorted(groups) != list(range(1, len(groups) + 1)) or len(shapes) != 1 or len(columns[0]) > 3:
        return None
    return columns


def _word(head: str) -> str:
    found = _NUMBERED.fullmatch(head.strip())
    return (found["word"] or found["behind"] if found else head).strip().casefold()


def _roles(
    header: Sequence[str], grade: int | None, groups: Sequence[Sequence[int]], rows: Sequence[Sequence[str]], known: Known
) -> tuple[str, ...]:
    """What the columns of a place are: by their number, their names, or what stands in them."""
    first = groups[0]
    if len(first) == 3:
        return "question", "response", "right"
    words = [_word(header[i]) for i in first]
    named = [
        "question" if word in _QUESTION else "response" if word in _RESPONSE else "right" if word in _RIGHT else ""
        for word in words
    ]
    if all(named):
        return tuple(named)
    has_code = any(known.in_text(row[first[0]]) is not None for row in rows if len(row) > first[0])
    if len(first) == 1:
        return ("question",) if has_code else ("response",)
    if named[0] == "question" or (has_code and named[0] != "response"):
        right = named[1] == "right" or _are_right(groups, grade, rows, header, known)
        return "question", "right" if right else "response"
    return "response", "right"


def _are_right(
    groups: Sequence[Sequence[int]], grade: int | None, rows: Sequence[Sequence[str]], header: Sequence[str], known: Known
) -> bool:
    """Whether what stands beside the questions are right answers, in a language whose words are not known.

    All of them are right, though not all attempts have full marks.
    """
    if grade is None or (most := points_in(header[grade].rpartition("/")[2])) is None:
        return False
    rights = RightAnswers(known)
    less = False
    for row in rows:
        points = points_in(row[grade]) if len(row) > grade else None
        less = less or (points is not None and points < most - _ROUNDED)
        told = [(known.in_text(row[group[0]]), row[group[1]]) for group in groups if len(row) > group[1]]
        if not all(rights.fits(question, cell) for question, cell in told if question is not None):
            return False
    return less


def columns_of(header: Sequence[str], rows: Sequence[Sequence[str]], name: str, known: Known) -> Columns:
    found = numbered(header)
    if found is None:
        raise SubmissionError(f"{name}: this is no report of responses to a quiz of Moodle's")
    grade, groups = found
    roles = _roles(header, grade, groups, rows, known)
    if "response" not in roles:
        raise SubmissionError(f"{name}: the report has no responses; switch them on in Moodle and download it again")
    places = []
    for group in groups:
        by_role = dict(zip(roles, group, strict=True))
        places.append(Place(by_role.get("question"), by_role["response"], by_role.get("right")))
    end = grade if grade is not None else groups[0][0]
    start = end - _TIMES if end > _TIMES else end
    timed = start < end
    names = tuple(range(min(2, start)))
    if len(names) == 2 and _squeezed(header[0]) not in _FIRST_NAME:
        names = names[::-1]  # Moodle begins with the last name
    return Columns(
        header,
        names,
        tuple(range(len(names), start)),
        start if timed else None,
        start + 1 if timed else None,
        start + 2 if timed else None,
        grade,
        tuple(places),
    )


def _squeezed(head: str) -> str:
    return re.sub(r"[\s.()_-]+", "", head).casefold()
