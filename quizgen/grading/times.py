"""When something was submitted, read from the ways that files of responses say it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from quizgen.grading.layout import cleaned

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}.*)?", re.IGNORECASE)
_NUMERIC = re.compile(
    r"(?P<a>[0-9]{1,4})(?P<sep>[/.])(?P<b>[0-9]{1,2})(?P=sep)(?P<c>[0-9]{1,4}),? ?"
    r"(?:(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))? ?(?P<half>[AaPp][Mm])?)?"
    r" ?(?:(?:UTC|GMT|Z)(?P<offset>[+-][0-9]{1,2})?)?"
)
_WORDED = re.compile(
    r"(?:[A-Za-z]+, )?(?P<day>[0-9]{1,2}) (?P<month>[A-Za-z]{3,9}) (?P<year>[0-9]{4}),? ?"
    r"(?:(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))? ?(?P<half>[AaPp][Mm])?)?(?: ?UTC| ?GMT)?"
)
_ZONE_WORD = re.compile(r" ?(UTC|GMT)$", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def parse_time(text: str) -> datetime | None:
    """The moment a text names, in UTC; None where it names none, or more than one.

    Read are ISO 8601 with or without an offset (without one: UTC), ``2025-03-04 14:05``, ``2025/03/04 2:05 PM``,
    ``04.03.2025 14:05`` (day first), ``4 March 2025, 14:05``, and dates with slashes where only one order of day and
    month is possible. A day alone counts from its beginning.
    """
    text = cleaned(text)
    try:
        moment = _iso(text) if _ISO.fullmatch(text) else _numeric(text) or _worded(text)
        return None if moment is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime:
    moment = datetime.fromisoformat(_ZONE_WORD.sub("", text))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _numeric(text: str) -> datetime | None:
    found = _NUMERIC.fullmatch(text)
    if found is None:
        return None
    a, b, c = found["a"], found["b"], found["c"]
    if len(a) == 4:
        year, month, day = int(a), int(b), int(c)
    elif len(c) != 4:
        return None
    elif found["sep"] == "." or int(a) > 12 or int(a) == int(b):
        year, month, day = int(c), int(b), int(a)
    elif int(b) > 12:
        year, month, day = int(c), int(a), int(b)
    else:
        return None
    zone = timezone(timedelta(hours=int(found["offset"] or 0)))
    return datetime(year, month, day, *_clock(found), tzinfo=zone)


def _worded(text: str) -> datetime | None:
    found = _WORDED.fullmatch(text)
    if found is None or found["month"][:3].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    return datetime(int(found["year"]), month, int(found["day"]), *_clock(found), tzinfo=UTC)


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    """Hour, minute and second of a match; zeros where it has none."""
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("an hour with am or pm is between 1 and 12")
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    return hour, minute, second
