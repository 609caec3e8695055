"""Reads JSON: response files as worksheets save them, lists of them, flat records, and JSON lines of all these."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from quizgen.errors import SubmissionError
from quizgen.grading.layout import Layout, folded, lookup_of
from quizgen.grading.readers.headers import Heads, read_heads
from quizgen.grading.readers.units import NO_UNITS, UNITS_AT_ONCE, Blob, Chunk, Reader, UnitList, excerpt, refused
from quizgen.quizzes.delimited import decode

FORMAT = "quizgen-responses"
VERSION = "1"
_PROBED_LINES = 50
_TOO_DEEP = "its lists and objects are nested too deeply"


class Written(str):
    """A number of JSON as it was written, so that 0.50 keeps its zero and no digit is lost."""

    __slots__ = ()


class Repeated(dict[str, Any]):
    """An object of JSON that has a key more than once; ``pairs`` are all that was written."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is not JSON: its text, and why."""

    text: str
    reason: str


class _Common(TypedDict):
    """What all answers of a record share."""

    student: str | None
    submitted: str | None
    worksheet: str | None
    build: str | None
    attempt: str | None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else Repeated(pairs)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=Written, parse_float=Written, parse_constant=Written, strict=False
)


def read_json(blob: Blob, layout: Layout) -> Iterator[Chunk]:
    """The units of a JSON file or of JSON lines. Raises SubmissionError if it is neither."""
    collector = _Collector(layout)
    number = 0
    for number, value in _values(decode(blob.raw, blob.name, SubmissionError), blob.name):
        collector.add(number, value)
        if collector.size >= UNITS_AT_ONCE:
            yield from collector.take()
    notes = collector.notes if number else [*collector.notes, "holds no records"]
    if collector.broken:
        notes = [*notes, f"responses with a broken character, read as \ufffd: {collector.broken}"]
    yield from collector.take()
    yield Chunk(NO_UNITS, ignored=tuple(collector.ignored), notes=tuple(notes))


def _values(text: str, name: str) -> Iterator[tuple[int, Any]]:
    """The records of a file with their numbers: those of one JSON document, else one of each line."""
    try:
        whole = _DECODER.decode(text)
    except json.JSONDecodeError as exc:
        if not _has_json_line(text):
            raise refused(name, f"line {exc.lineno}, column {exc.colno}: not JSON: {exc.msg}") from exc
        yield from _line_values(text)
    except RecursionError as exc:
        raise refused(name, f"the JSON cannot be read: {_TOO_DEEP}") from exc
    else:
        yield from enumerate(whole if isinstance(whole, list) else [whole], start=1)


def _line_values(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(io.StringIO(text), start=1):
        if line.strip():
            yield number, _parsed(line)


def _parsed(line: str) -> Any:
    """The value of a line; a `Broken` if it has none."""
    try:
        return _DECODER.decode(line)
    except json.JSONDecodeError as exc:
        return Broken(line.strip(), f"the line is not JSON: {exc.msg}")
    except RecursionError:
        return Broken(line.strip(), f"the line cannot be read: {_TOO_DEEP}")


def _has_json_line(text: str) -> bool:
    """True if one of the first lines is an object by itself, so that the file can only be meant as JSON lines."""
    lines = [line for _, line in zip(range(_PROBED_LINES), io.StringIO(text), strict=False)]
    return any(line.lstrip().startswith("{") and isinstance(_parsed(line), dict) for line in lines)


class _Collector:
    """Turns records into units; keeps what was found out about sets of keys, since most records have the same."""

    def __init__(self, layout: Layout) -> None:
        self.units = UnitList()
        self.cells = UnitList()
        self.ignored: dict[str, None] = {}
        self.notes: list[str] = []
        self._fields = lookup_of(layout.all_fields)
        self._students = lookup_of(layout.students)
        self._heads: dict[tuple[str, ...], Heads | str] = {}

    @property
    def size(self) -> int:
        """How many units wait to be taken."""
        return len(self.units) + len(self.cells)

    @property
    def broken(self) -> int:
        """How many units had a broken character."""
        return self.units.broken + self.cells.broken

    def take(self) -> Iterator[Chunk]:
        """The units collected so far."""
        if len(self.units):
            yield Chunk(self.units.take())
        if len(self.cells):
            yield Chunk(self.cells.take(), sparse=True)

    def add(self, number: int, value: Any) -> None:
        """Adds the units of one record."""
        if isinstance(value, Broken):
            self.units.add(number, text=excerpt(value.text), problem=value.reason)
        elif not isinstance(value, dict):
            self.units.add(number, text=_excerpt_of(value), problem="the record is not a JSON object")
        elif isinstance(value, Repeated):
            twice = next(key for key, times in Counter(key for key, _ in value.pairs).items() if times > 1)
            self.units.add(number, text=_excerpt_of(value), problem=f'the key "{twice}" stands twice in one record')
        elif "answers" in value:
            self._add_file(number, value)
        else:
            self._add_flat(number, value)

    def _add_file(self, number: int, record: dict[str, Any]) -> None:
        """Adds the answers of one response file."""
        format_, version = _text(record.get("format", FORMAT)), _text(record.get("version", VERSION))
        answers = record["answers"]
        problem = None
        if format_ != FORMAT:
            problem = f'the format is "{format_}", not "{FORMAT}"'
        elif version != VERSION:
            problem = f"this is version {version} of the format; version {VERSION} can be read"
        elif not isinstance(answers, dict):
            problem = '"answers" is not an object of fields and answers'
        common = _Common(
            student=_text(next((record[key] for key in ("student", "student_id", "id") if key in record), None)),
            submitted=_text(next((record[key] for key in ("saved", "submitted", "time") if key in record), None)),
            worksheet=_text(record.get("worksheet")),
            build=_text(record.get("build")),
            attempt=_text(record.get("attempt")),
        )
        if not isinstance(answers, dict):
            self.units.add(number, **common, text=_excerpt_of(answers), record=number, problem=problem)
            return
        pairs = answers.pairs if isinstance(answers, Repeated) else list(answers.items())
        times = Counter(folded(field) for field, _ in pairs)
        for field, value in pairs:
            text = _text(value)
            trouble = problem
            if trouble is None and times[folded(field)] > 1:
                trouble = f'"{field}" is answered more than once in one record'
            if trouble is None and text is None:
                trouble = "the answer is neither a text, a number nor a list of them"
            shown = _excerpt_of(value) if text is None else text
            self.units.add(number, **common, field=field, text=shown, record=number, problem=trouble)
        if not pairs:
            self._note_empty(number, common)

    def _note_empty(self, number: int, common: _Common) -> None:
        """Keeps a record without answers from vanishing: a note if it is a known student's, else a rejected unit."""
        if self._students.find(common["student"] or "") is None:
            self.units.add(number, **common, text="", record=number, problem="the record holds no answers")
        else:
            self.notes.append(f'record {number}, of student "{common["student"]}", holds no answers')

    def _add_flat(self, number: int, record: dict[str, Any]) -> None:
        """Adds a record that is like a row of a table, wide or long."""
        keys = tuple(record)
        heads = self._heads.get(keys)
        if heads is None:
            heads = self._heads[keys] = self._read_keys(record)
        if isinstance(heads, str):
            self.units.add(number, text=_excerpt_of(record), problem=f"the record holds no response: {heads}")
            return
        values = list(record.values())
        texts = [_text(value) for value in values]

        def at(index: int | None) -> str | None:
            return None if index is None else texts[index]

        common = _Common(
            student=at(heads.student),
            submitted=at(heads.submitted),
            worksheet=at(heads.worksheet),
            build=at(heads.build),
            attempt=at(heads.attempt),
        )
        unreadable = "the answer is neither a text, a number nor a list of them"
        for column in heads.fields:
            text = texts[column.index]
            problem = column.problem or (unreadable if text is None else None)
            shown = _excerpt_of(values[column.index]) if text is None else text
            self.cells.add(number, **common, field=column.field, text=shown, record=number, problem=problem)
        if not heads.fields and heads.text is not None:
            text = at(heads.text)
            shown = _excerpt_of(values[heads.text]) if text is None else text
            problem = unreadable if text is None else None
            self.units.add(number, **common, field=at(heads.field), text=shown, problem=problem)

    def _read_keys(self, record: Mapping[str, Any]) -> Heads | str:
        values = [_text(value) or "" for value in record.values()]
        heads = read_heads(list(record), self._fields, lambda i: self._students.find(values[i]) is not None)
        if isinstance(heads, Heads):
            self.ignored.update(dict.fromkeys(heads.ignored))
        return heads


def _text(value: Any) -> str | None:
    """The text of a JSON value as a person would write it as an answer; None for what is no answer.

    Lists are joined (``["A", "C"]`` → ``A C``, ``[0.2, 0.8]`` → ``0.2; 0.8``), objects are pairs (``{"1": "B"}`` →
    ``1-B``), null is blank.
    """
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ("; " if value and all(isinstance(part, Written) for part in value) else " ").join(value)
    if isinstance(value, dict) and not isinstance(value, Repeated) and all(isinstance(v, str) for v in value.values()):
        return " ".join(f"{key}-{part}" for key, part in value.items())
    return None


def _excerpt_of(value: Any) -> str:
    try:
        return excerpt(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "…"


JSON = Reader("JSON", lambda blob: _starts_like_json(blob.raw), read_json)


def _starts_like_json(raw: bytes) -> bool:
    return raw[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"{", b"[")
