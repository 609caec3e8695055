"""YAML that a person would write: it says what the data says, in blocks and short lines."""

from __future__ import annotations

from decimal import Decimal

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.importing.layout import written
from quizgen.importing.prose import clean

TEXT = st.one_of(
    st.text(max_size=30).map(clean),
    st.text(st.sampled_from(list("ab ?:-#{}[],&*!|>'\"%@`\\\n\t.~=0")), max_size=20),
    st.sampled_from(
        ["yes", "No", "null", "true", "1", "1.0", "1e3", ".5", "~", "a: b", "a #b", "- a", "? a", "=", "<<", "12:30", ""]
    ),
)
NUMBER = st.one_of(
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30),
)
DATA = st.recursive(
    st.one_of(TEXT, NUMBER),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


def plain(data: object) -> object:
    if isinstance(data, Decimal):
        return float(data)
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return data


@settings(max_examples=150)
@given(st.dictionaries(TEXT, DATA, min_size=1, max_size=4), TEXT)
def test_what_is_written_is_read_again(data: dict[str, object], comment: str) -> None:
    text = written(data, dict.fromkeys(data, comment), comment)  # type: ignore[arg-type]
    assert yaml.safe_load(text) == plain(data)


def test_a_template_has_blocks_of_text_options_a_line_and_room_between_parts() -> None:
    data = {
        "title": "A title",
        "minutes": 2,
        "stem": "One\n\ntwo.\n",
        "answer": {"kind": "choice", "key": {"text": "a"}, "distractors": [{"text": "b"}, {"text": "c: d"}]},
    }
    assert written(data, {"answer": "Look."}, "Head") == (
        "# Head\ntitle: A title\nminutes: 2\n\nstem: |\n  One\n\n  two.\n\n# Look.\nanswer:\n  kind: choice\n  key: {text: a}\n"
        '  distractors:\n    - {text: b}\n    - {text: "c: d"}\n'
    )
