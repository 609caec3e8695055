"""Matches units with a build's students and fields: each becomes a response or is rejected with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from quizgen.grading.layout import Layout, Lookup, cleaned, lookup_of
from quizgen.grading.times import parse_time
from quizgen.quizzes.codes import read_code
from quizgen.quizzes.tables import defused

TIME = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True)
class Placed:
    """Some units, each a response, rejected, or a blank cell that answers nothing; all tables have the column ``file``.

    ``responses``: student, field, text, submitted, when (UTC), attempt, row, record.
    ``rejected``: student, field, text, submitted, row, reason; all as the file has them.
    ``empty``: a row for each blank cell that was left out. ``unread_times``: file and ``time`` of each response whose time
    cannot be read.
    """

    responses: pl.DataFrame
    rejected: pl.DataFrame
    empty: pl.DataFrame
    unread_times: pl.DataFrame


class Placer:
    """Places units, those of many files at once. Keeps what it has looked up, since the same names come again and again."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._students = lookup_of(layout.students)
        # the response template writes an id that looks like a formula with an apostrophe, and spreadsheets keep that
        ids = sorted(layout.students)
        self._defused = {shown: id for shown, id in zip(defused(pl.Series(ids)), ids, strict=True) if shown != id}
        self._fields = lookup_of(layout.all_fields)
        self._worksheets = Lookup(layout.worksheets)
        self._shared: dict[frozenset[str], int] = {}
        self._shared_of = {
            student: self._shared.setdefault(layout.fields.get(student, frozenset()), len(self._shared))
            for student in layout.students
        }
        pairs = [(number, field) for fields, number in self._shared.items() for field in sorted(fields)]
        self._own = pl.DataFrame(
            {"shared": [number for number, _ in pairs], "asked": [field for _, field in pairs]},
            schema={"shared": pl.Int64, "asked": pl.String},
        ).with_columns(own=pl.lit(True))
        self._unpadded: dict[str, list[str]] = {}
        for student in sorted(layout.students):
            if student.startswith("0"):
                self._unpadded.setdefault(student.lstrip("0"), []).append(student)
        self._times: dict[str, datetime | None] = {}

    def place(self, units: pl.DataFrame, sparse: bool) -> Placed:
        """The units matched. They have a column ``file``, the number of the file they are from; ``sparse`` as in `Chunk`."""
        units = units.with_columns(
            text=pl.when(_blank("text")).then(pl.lit("")).otherwise(pl.col("text")),
            student=pl.col("student").fill_null(""),
            field=pl.col("field").fill_null(""),
        )
        units = self._with_owner(units)
        units = _joined(units, "student", ("who", "who_problem"), self._student)
        units = units.with_columns(
            who=pl.when(pl.col("student").str.strip_chars() == "").then(pl.col("owner")).otherwise(pl.col("who"))
        ).with_columns(
            who_problem=pl.when(pl.col("who").is_null()).then(pl.col("who_problem")),
            owner_problem=pl.when(pl.col("owner") != pl.col("who"))
            .then(pl.format("worksheet {} is another student's", "worksheet"))
            .otherwise(pl.col("owner_problem")),
        )
        units = _joined(units, "field", ("asked", "field_problem"), self._field)
        units = self._with_shared(units).join(self._own, on=["shared", "asked"], how="left", maintain_order="left")
        units = units.with_columns(
            bad_row=pl.coalesce("build_problem", "who_problem", "owner_problem"),
            not_own=pl.when(pl.col("own").is_null()).then(pl.format('field "{}" is not on this student\'s worksheet', "field")),
        ).with_columns(reason=pl.coalesce("problem", "bad_row", "field_problem", "not_own"))
        kept, empty = _told_apart(units) if sparse else (units, units.clear())
        return self._split(kept, empty)

    def _with_owner(self, units: pl.DataFrame) -> pl.DataFrame:
        """The units with the student of their worksheet, and whether they come from another build."""
        build = pl.col("build").str.strip_chars()
        other = (build != "") & (build != self._layout.build)
        reason = pl.format('the responses belong to build "{}", not to this one ("{}")', build, pl.lit(self._layout.build))
        units = units.with_columns(build_problem=pl.when(other).then(reason))
        return _joined(units, "worksheet", ("owner", "owner_problem"), self._owner)

    def _with_shared(self, units: pl.DataFrame) -> pl.DataFrame:
        known = units["who"].drop_nulls().unique()
        numbers = pl.DataFrame(
            {"who": known, "shared": [self._shared_of[student] for student in known]},
            schema={"who": pl.String, "shared": pl.Int64},
        )
        return units.join(numbers, on="who", how="left", maintain_order="left")

    def _split(self, units: pl.DataFrame, empty: pl.DataFrame) -> Placed:
        fine = pl.col("reason").is_null()
        good = _with_when(units.filter(fine), self._time)
        unread = good.filter(pl.col("when").is_null() & ~_blank("submitted"))
        return Placed(
            good.select("file", "submitted", "when", "attempt", "row", "record", "text", student="who", field="asked"),
            units.filter(~fine).select("file", "student", "field", "text", "submitted", "row", "reason"),
            empty.select("file"),
            unread.select("file", time="submitted"),
        )

    def _student(self, text: str) -> tuple[str | None, str | None]:
        name = cleaned(text)
        found = self._students.find(text) or self._defused.get(name)
        if found is not None:
            return found, None
        if not name:
            return None, "the row names no student"
        alike = self._students.alike(text)
        if len(alike) > 1:
            return None, f'"{name}" could be any of {_quoted(alike)}: write it as on the class list'
        padded = [student for student in self._unpadded.get(name, ()) if name.isdecimal()]
        hint = f"; did a spreadsheet drop the zeros of {_quoted(padded)}?" if padded else ""
        return None, f'no student "{name}" on the class list{hint}'

    def _owner(self, text: str) -> tuple[str | None, str | None]:
        if not cleaned(text):
            return None, None
        code = read_code(cleaned(text))  # as people read it out, so O may stand for 0
        found = self._worksheets.find(text) or (self._worksheets.find(code[0]) if code else None)
        if found is None:
            return None, f'no worksheet "{cleaned(text)}" in this build'
        return self._layout.worksheets[found], None

    def _field(self, text: str) -> tuple[str | None, str | None]:
        found = self._fields.find(text)
        if found is not None:
            return found, None
        name = cleaned(text)
        if not name:
            return None, "the row names no field"
        parts = sorted(field for field in self._layout.all_fields if field.startswith(f"{name.casefold()}."))
        if parts:
            return None, f'"{name}" has several answers: {_quoted(parts)}'
        return None, f'no field "{name}" in this quiz'

    def _time(self, text: str) -> datetime | None:
        if text not in self._times:
            self._times[text] = parse_time(text)
        return self._times[text]


def _blank(column: str) -> pl.Expr:
    return pl.col(column).fill_null("").str.strip_chars() == ""


def _joined(
    units: pl.DataFrame, key: str, names: tuple[str, str], find: Callable[[str], tuple[str | None, str | None]]
) -> pl.DataFrame:
    """The units with two more columns: what ``find`` makes of each distinct text of the key column."""
    texts = units[key].drop_nulls().unique()
    found = [find(text) for text in texts]
    table = pl.DataFrame(
        {key: texts, names[0]: [name for name, _ in found], names[1]: [problem for _, problem in found]},
        schema={key: pl.String, names[0]: pl.String, names[1]: pl.String},
    )
    return units.join(table, on=key, how="left", maintain_order="left")


def _with_when(units: pl.DataFrame, parse: Callable[[str], datetime | None]) -> pl.DataFrame:
    """The units with the moment of their ``submitted`` text: the most usual form at once, others one by one."""
    usual = pl.col("submitted").str.strptime(TIME, "%Y-%m-%dT%H:%M:%SZ", strict=False)
    units = units.with_columns(when=usual)
    rest = units.filter(pl.col("when").is_null())["submitted"].drop_nulls().unique()
    if not len(rest):
        return units
    table = pl.DataFrame(
        {"submitted": rest, "parsed": [parse(text) for text in rest]}, schema={"submitted": pl.String, "parsed": TIME}
    )
    return units.join(table, on="submitted", how="left", maintain_order="left").with_columns(when=pl.coalesce("when", "parsed"))


def _told_apart(units: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The units that ask for a mark or a reason, and the blank cells that do not; a row that cannot count keeps a unit."""
    blank = (pl.col("text") == "") & pl.col("reason").is_not_null()
    row = ["file", "record"]
    # a row that is wholly blank but names an unknown student must still be told of
    alone = pl.col("bad_row").is_not_null() & (pl.col("text") == "").all().over(row) & (pl.int_range(pl.len()).over(row) == 0)
    told = units.with_columns(blank=blank, alone=alone).with_columns(
        field=pl.when("alone").then(pl.lit("")).otherwise("field"), asks=~pl.col("blank") | pl.col("alone")
    )
    return told.filter("asks"), told.filter(~pl.col("asks"))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
