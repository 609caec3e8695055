"""Times as files of responses write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from quizgen.grading.times import parse_time


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-04T14:05:00Z", (2025, 3, 4, 14, 5)),
        ("2025-03-04T14:05:00.000+02:00", (2025, 3, 4, 12, 5)),
        ("2025-03-04T14:05-0530", (2025, 3, 4, 19, 35)),
        ("2025-03-04 14:05", (2025, 3, 4, 14, 5)),
        ("2025-03-04 14:05:00 UTC", (2025, 3, 4, 14, 5)),
        (" 2025-03-04 ", (2025, 3, 4)),
        ("2025/03/04 2:05 PM", (2025, 3, 4, 14, 5)),
        ("2025/03/04 12:05:00 am GMT+1", (2025, 3, 3, 23, 5)),
        ("04.03.2025 14:05", (2025, 3, 4, 14, 5)),
        ("25/03/2025 14:05", (2025, 3, 25, 14, 5)),
        ("03/25/2025 14:05", (2025, 3, 25, 14, 5)),
        ("03/03/2025", (2025, 3, 3)),
        ("4 March 2025, 2:05 PM", (2025, 3, 4, 14, 5)),
        ("Tuesday, 4 March 2025, 14:05", (2025, 3, 4, 14, 5)),
    ],
)
def test_a_time_is_read_in_utc(text: str, moment: tuple[int, ...]) -> None:
    assert parse_time(text) == datetime(*moment, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    "text",
    ["", "03/04/2025", "2025-13-01", "20250304", "2025-W01-1", "1741096800", "31/02/2025", "4 Foo 2025", "13:05 PM",
     "0001-01-01T00:00+14:00", "2025/03/04 13:05 PM", "soon", "٢٠٢٥-٠٣-٠٤"],
)  # fmt: skip
def test_a_time_that_is_none_or_ambiguous_is_not_guessed(text: str) -> None:
    assert parse_time(text) is None
