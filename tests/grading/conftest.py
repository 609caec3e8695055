from __future__ import annotations

from datetime import UTC, datetime

import pytest

from quizgen.grading.reading import Layout


@pytest.fixture
def layout() -> Layout:
    """Three students with two questions, and José, whose third question has two answers."""
    common = frozenset({"q1", "q2"})
    fields = {"ann": common, "bob": common, "007": common, "José": common | {"q3.loss_1", "q3.loss_2"}}
    return Layout(
        students=frozenset(fields),
        fields=fields,
        all_fields=frozenset({"q1", "q2", "q3.loss_1", "q3.loss_2"}),
        worksheets={"AB-1": "ann", "AB-2": "bob", "AB-3": "José"},
        build="b1",
        due=datetime(2025, 3, 10, 12, tzinfo=UTC),
    )
