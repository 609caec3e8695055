"""Reading YAML: positions, traps, limits, and files that extend others."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quizgen.bank import nodes
from quizgen.bank.source import Document, WrittenFloat, read_document, read_with_extends
from quizgen.errors import BankError, Problem, QuizError


def read(text: str | bytes) -> Document:
    return read_document(Path("t.yaml"), text=text if isinstance(text, bytes) else text.encode())


def refused(text: str | bytes) -> str:
    with pytest.raises(BankError) as caught:
        read(text)
    return str(caught.value)


def at(document: Document, *path: str | int, key: bool = False) -> tuple[int, int]:
    place = document.place(path, key)
    return place.line, place.column


PLAIN = [
    ("yes", "yes"),
    ("no", "no"),
    ("on", "on"),
    ("Off", "Off"),
    ("y", "y"),
    ("True", "True"),
    ("true", True),
    ("false", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("NULL", "NULL"),
    ("1:30", "1:30"),
    ("010", "010"),
    ("007.5", "007.5"),
    ("0o17", "0o17"),
    ("0x1F", "0x1F"),
    ("1_000", "1_000"),
    ("2026-11-03", "2026-11-03"),
    ("2026-11-03 10:00:00", "2026-11-03 10:00:00"),
    ("7", 7),
    ("-7", -7),
    ("+7", 7),
    ("0", 0),
    ("0.50", 0.5),
    (".5", 0.5),
    ("1.", 1.0),
    ("1e-3", 0.001),
    ("-", "-"),
    ("1 - p", "1 - p"),
    ("'7'", "7"),
    ('"true"', "true"),
    ("!!str 7", "7"),
    ("=", "="),
]


@pytest.mark.parametrize(("written", "value"), PLAIN)
def test_a_plain_value_means_what_it_looks_like(written: str, value: Any) -> None:
    if written == "-":
        written = "'-'"
    found = read(f"a: {written}\n").data["a"]
    assert found == value
    assert type(found) is (WrittenFloat if isinstance(value, float) else type(value))


def test_words_that_old_yaml_takes_for_truth_values_stay_texts_as_keys() -> None:
    assert read("y: 1\nyes: 2\non: 3\n1: 4\ntrue: 5\n").data == {"y": 1, "yes": 2, "on": 3, "1": 4, "true": 5}


def test_a_number_remembers_how_it_was_written_also_after_copying() -> None:
    number = read("a: 0.50\n").data["a"]
    assert (number, number.text) == (0.5, "0.50")
    assert copy.deepcopy(number).text == pickle.loads(pickle.dumps(number)).text == "0.50"


def test_values_and_keys_know_their_places() -> None:
    document = read("title: A\nanswer:\n  kind: numeric\n  mistakes: {a: [1, x + y]}\nlist:\n  - one\n  -   two\n")
    assert at(document) == (1, 1)
    assert at(document, "title") == (1, 8)
    assert at(document, "answer", "kind", key=True) == (3, 3)
    assert at(document, "answer", "kind") == (3, 9)
    assert at(document, "answer", "mistakes", "a", 1) == (4, 21)
    assert at(document, "list", 1) == (7, 7)


def test_a_path_that_leads_nowhere_has_the_place_of_its_nearest_ancestor() -> None:
    document = read("title: A\nanswer:\n  kind: numeric\n")
    assert at(document, "answer", "value", 3, "x") == (3, 3)
    assert at(document, "answer", "value", key=True) == (2, 1)
    assert at(document, "nothing") == (1, 1)


def test_a_column_counts_characters_not_bytes() -> None:
    assert at(read("a: [ž, 😀, x]\n"), "a", 2) == (1, 11)


def test_a_byte_order_mark_and_windows_line_ends_do_not_move_places() -> None:
    document = read(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\n")
    assert document.data == {"a": 1, "b": "x\ny\n"}
    assert at(document, "b") == (2, 4)
    assert document.text_place(("b",), 2, 1).line == 4


def test_a_line_of_a_block_text_is_found_in_the_files_own_lines() -> None:
    document = read("stem: |  # a comment\n\n    first\n      second\n    third\nnext: 1\n")
    lines = document.data["stem"].split("\n")
    assert lines == ["", "first", "  second", "third", ""]
    assert [document.text_place(("stem",), line, 1).line for line in (1, 2, 3, 4)] == [2, 3, 4, 5]
    assert document.text_place(("stem",), 4, 1).column == 5
    assert document.text_place(("stem",), 3, 3).column == 7


def test_a_block_text_with_stated_indentation_keeps_its_columns() -> None:
    document = read("stem: |2\n    code\n  text\n")
    assert document.data["stem"] == "  code\ntext\n"
    assert document.text_place(("stem",), 1, 3).column == 5
    assert document.text_place(("stem",), 2, 1).column == 3


@pytest.mark.parametrize(
    "written",
    [
        "one two X three",
        "'it''s X'",
        '"caf\\u00e9 \\t \\"q\\" X"',
        ">\n  one\n  two\n\n  three X\n  four",
        "one\n  two\n  three X",
        '"one\\\n  two X"',
        "|-\n  one\n  X",
        "'one\n\n  two X'",
    ],
)
def test_a_place_inside_a_text_is_found_in_every_style(written: str) -> None:
    text = f"a: 1\nb: {written}\nc: 1\n"
    document = read(text)
    before = document.data["b"].split("X")[0]
    place = document.text_place(("b",), before.count("\n") + 1, len(before) - before.rfind("\n"))
    lines = text.split("\n")
    assert lines[place.line - 1][place.column - 1] == "X"


SYNTAX = [
    ("a:\n\tb: 1\n", "2:1", "a tab is used to indent"),
    ("a:\n  b: 1\n\tc: 2\n", "3:1", "a tab is used to indent"),
    ('title: "abc\nstem: x\n', "1:8", 'the quotation mark " that opens here is never closed'),
    ("title: 'it's fine'\n", "1:12", "goes on after its closing quotation mark"),
    ('a: "foo" bar\n', "1:10", "goes on after its closing quotation mark"),
    ("title: What: is this\n", "1:8", 'a text that holds ": " must be put in quotes'),
    ("cases:\n  - a: b: c\n", "2:8", 'a text that holds ": " must be put in quotes'),
    ("a:\n    b: 1\n  c: 2\n", "3:3", "the indentation does not fit"),
    ("a: 1\n  b: 2\n", "2:3", "indented more than line 1"),
    ("title x\nstem: y\n", "1:1", 'a ":" is missing after the key'),
    ("stem: y\ntitle x\nfoo: 1\n", "2:1", 'this line has no ": " after a key'),
    ("stem: y\ntitle:x\nb: 1\n", "2:7", "a space is missing after the colon"),
    ("a: |\nfoo\nb: 2\n", "2:1", "indent it more"),
    ("a: [1, 2\nb: 3\n", "1:4", 'the "[" that opens here is not closed'),
    ("a: {x: 1\nb: 3\n", "1:4", 'the "{" that opens here is not closed'),
    (
        "a: {value: surprisal(e[g]), decimals: 2}\n",
        "1:12",
        "an expression that holds [ ], { } or a comma must be put in quotes",
    ),
    ("a: {value: e[g] + 1, decimals: 2}\n", "1:12", "inside { } or [ ], an expression that holds [ ]"),
    ("a: {kind: numeric, value: max(e[0], e[1])}\n", "1:27", "must be put in quotes"),
    ("a: {value: p[0] if y else q[1]}\n", "1:12", "must be put in quotes"),
    ("a:\n  - {when: p[0] > 1}\n", "2:12", "must be put in quotes"),
    ("require: [e[0] > 0.5, e[1] < 0.1]\n", "1:11", "must be put in quotes"),
    ("require: [a > 1, e[1] < 0.1]\n", "1:18", "must be put in quotes"),
    ("a: {x: [1, 2}\n", "1:8", 'the "[" that opens here is not closed'),
    ("a: @foo\n", "1:4", 'a text cannot start with "@"'),
    ("a: *bold* x\n", "1:4", 'a text that starts with "*" must be put in quotes'),
    ("a: *bold\n", "1:4", "there is no &bold above"),
    ("a: !foo x\n", "1:4", "the tag !foo is not supported"),
    ("a: !!python/object/apply:os.system ['ls']\n", "1:4", "the tag !!python/object/apply:os.system"),
    ("a: !!timestamp 2026-11-03\n", "1:4", "the tag !!timestamp"),
    ("a: {{ x }}\n", "1:4", "a value that starts with {{ must be put in quotes"),
    ("a: {{ x }} more\n", "1:4", "must be put in quotes"),
    ("a: {% if x %}\n", "1:4", "must be put in quotes"),
    ("- {{ x }} is {{ y }}\n", "1:3", "must be put in quotes"),
    ("a: >= 3\n", "1:4", 'a text that starts with ">" must be put in quotes'),
    ("a: - b\n", "1:4", "a list must start on a line of its own"),
    ("a: 1\n- b\n", "2:1", "a list item stands among the keys"),
    (": x\n", "1:1", "a key is missing"),
    ("{a: 1}\nb: 1\n", "2:1", "a file holds only one map"),
    ("a: {x: 1,, y: 2}\n", "1:10", '"," stands where a value is expected'),
    ("a: [", "1:5", 'the file ends where a value is expected: a "[" or "{"'),
    ("a: 1\nb: {c: [  \n\n", "2:9", 'the file ends where a value is expected: a "[" or "{"'),
    ("a: 1\n---\nb: 2\n", "2:1", "second document"),
    ("", "1:1", "the file is empty"),
    ("# only a comment\n", "1:1", "the file is empty"),
    ("[a]: 1\n", "1:1", "a key must be a text"),
    ("a: &x [*x]\n", "1:8", "it would never end"),
    ("a: &x 1\n*x : 2\n", "2:1", "cannot be a key"),
    ("a: {<<: 1}\n", "1:5", "merging"),
    ("a: 1\nb: 2\na: 3\n", "3:1", 'the key "a" is already on line 1'),
    ("a: .inf\n", "1:4", "not a number that can be used"),
    ("a: .NaN\n", "1:4", "not a number that can be used"),
    ("a: 1e999\n", "1:4", "too large"),
    (f"a: {'9' * 5000}\n", "1:4", "at most 100 characters"),
    ("a: x\0y\n", "1:5", "U+0000 is not allowed"),
    ("a: x\x1b[0m\n", "1:5", "U+001B is not allowed"),
    ("a: x\ue001\n", "1:5", "U+E001 is not allowed"),
    ('a: "\\0"\n', "1:4", "U+0000, which is not allowed"),
    ('a: "$\\frac{1}{2}$"\n', "1:6", 'the backslash of "\\frac" is lost'),
    ('a: "x\n  $\\text{y}$"\n', "2:4", 'the backslash of "\\text" is lost'),
    ('a: "$\\nu$"\n', "1:6", 'the backslash of "\\nu" is lost'),
    (b"a: 1\nb: caf\xe9\n", "2:7", "byte 0xE9 is not UTF-8"),
    ("a: 1\n".encode("utf-16"), "1:1", "not UTF-8"),
]


@pytest.mark.parametrize("loader", ["fast", "pure"])
@pytest.mark.parametrize(("text", "place", "words"), SYNTAX)
def test_broken_yaml_is_refused_at_its_place_in_plain_words(
    text: str | bytes, place: str, words: str, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if loader == "pure":
        monkeypatch.setattr(nodes, "LOADER", yaml.SafeLoader)
    message = refused(text)
    assert message.startswith(f"t.yaml:{place}: ")
    assert words in message


def test_backslashes_that_a_double_quoted_text_keeps_are_allowed() -> None:
    assert read('a: "one\\ntwo \\\\frac \\"q\\""\n').data["a"] == 'one\ntwo \\frac "q"'


def test_all_repeated_keys_are_told_at_once() -> None:
    assert len(refused("a: 1\nb: 2\na: 3\nb: 4\n").splitlines()) == 2


def test_an_alias_repeats_its_value() -> None:
    assert read("a: &x [1, 2]\nb: *x\n").data == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    "bomb",
    [
        "a0: &a0 [x, x]\n" + "".join(f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 9)}]\n" for i in range(12)),
        "a: &a " + "x" * 500_000 + "\nb: [" + ", ".join(["*a"] * 1000) + "]\n",
        "a: [" + "1," * 200_000 + "]\n",
    ],
    ids=["billion laughs", "long text", "many values"],
)
def test_a_file_that_unfolds_to_too_many_values_is_refused(bomb: str) -> None:
    assert "too large" in refused(bomb)


def test_forty_levels_are_read_and_more_are_refused() -> None:
    assert read("[" * 40 + "]" * 40).data
    assert "nested more than 40 deep" in refused("[" * 41 + "]" * 41)
    assert "nested more than 40 deep" in refused("[" * 100_000)
    assert "nested more than 40 deep" in refused("a: &a " + "[" * 30 + "]" * 30 + "\nb: " + "[" * 20 + "*a" + "]" * 20)


def test_a_large_file_is_refused_without_being_read(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(50_000_000_000)
    with pytest.raises(BankError, match="larger than 1 MB"):
        read_document(file)


def test_missing_files_and_folders_are_refused_with_the_wanted_error(tmp_path: Path) -> None:
    with pytest.raises(QuizError, match="there is no such file"):
        read_document(tmp_path / "none.yaml", error=QuizError)
    with pytest.raises(BankError, match="this is a folder"):
        read_document(tmp_path)
    with pytest.raises(BankError):
        read_document(Path("a\0b"))


def test_a_document_is_called_by_the_name_given(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    assert read_document(tmp_path / "a.yaml", name="bank/a.yaml").place(("a",)).file == "bank/a.yaml"


@given(st.binary(max_size=200) | st.text(alphabet="ab:-[]{}*&!|>'\"%@#\n\t ,?\\x", max_size=60).map(str.encode))
def test_any_bytes_give_a_document_or_one_clear_error(raw: bytes) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        document: Document | None = read(raw)
    except BankError as exc:
        problems = exc.problems
        document = None
    assert problems or (document is not None and document.raw == raw)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(min_codepoint=32, max_codepoint=126)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_json_is_read_as_what_it_is(value: Any) -> None:
    assert read(json.dumps({"value": value})).data == {"value": value}


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)


def test_a_file_takes_over_what_it_extends_and_overrides_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        base="title: Base\nlet: {a: 1, b: 2}\nhints: [x, y]\nstem: |\n  old\n",
        own="extends: base.yaml\nlet: {b: 3, c: 4}\nhints: [z]\n",
    )
    document = read_with_extends(tmp_path / "own.yaml", tmp_path)
    assert document.data == {"title": "Base", "let": {"a": 1, "b": 3, "c": 4}, "hints": ["z"], "stem": "old\n"}
    assert list(document.data["let"]) == ["a", "b", "c"]


def test_places_point_into_the_file_a_value_is_written_in(tmp_path: Path) -> None:
    write(tmp_path, base="title: Base\nlet: {a: 1, b: 2}\n", own="extends: base.yaml\nlet:\n  b: 3\n")
    document = read_with_extends(tmp_path / "own.yaml", tmp_path, name="bank/own.yaml")
    places = [document.place(("let", name), key=True) for name in ("a", "b")]
    assert [(place.file, place.line, place.column) for place in places] == [
        (str(Path("bank/base.yaml")), 2, 7),
        ("bank/own.yaml", 3, 3),
    ]
    assert [name for name, _ in document.sources] == ["bank/own.yaml", str(Path("bank/base.yaml"))]
    assert document.sources[1][1] == b"title: Base\nlet: {a: 1, b: 2}\n"


def test_an_answer_of_another_kind_replaces_the_inherited_one(tmp_path: Path) -> None:
    write(
        tmp_path,
        base="answer: {kind: numeric, value: x, decimals: 3}\n",
        same="extends: base.yaml\nanswer: {kind: numeric, decimals: 2}\n",
        other="extends: base.yaml\nanswer: {kind: essay}\n",
        none="extends: base.yaml\nanswer: ~\nanswers: {}\n",
    )
    found = {name: read_with_extends(tmp_path / f"{name}.yaml", tmp_path).data for name in ("same", "other", "none")}
    assert found["same"] == {"answer": {"kind": "numeric", "value": "x", "decimals": 2}}
    assert found["other"] == {"answer": {"kind": "essay"}}
    assert found["none"] == {"answers": {}}


def test_five_files_may_extend_one_another_and_no_more(tmp_path: Path) -> None:
    write(tmp_path, f0="a: 0\n", **{f"f{i}": f"extends: f{i - 1}.yaml\nb{i}: 1\n" for i in range(1, 7)})
    assert read_with_extends(tmp_path / "f4.yaml", tmp_path).data == {"a": 0, "b1": 1, "b2": 1, "b3": 1, "b4": 1}
    with pytest.raises(BankError, match="more than 5 files"):
        read_with_extends(tmp_path / "f5.yaml", tmp_path)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("none.yaml", 'there is no file "none.yaml"'),
        ("../outside.yaml", "lies outside the bank"),
        ("/etc/hostname", "lies outside the bank"),
        ("own.yaml", "in a circle: own.yaml → own.yaml"),
        ("circle.yaml", "in a circle: own.yaml → circle.yaml → own.yaml"),
        ("[a]", "must name a file"),
        ("link.yaml", "lies outside the bank"),
    ],
)
def test_a_wrong_extends_is_refused_at_its_place(tmp_path: Path, target: str, words: str) -> None:
    bank = tmp_path / "bank"
    bank.mkdir()
    write(tmp_path, outside="a: 1\n")
    write(bank, own=f"title: x\nextends: {target}\n", circle="extends: own.yaml\n")
    (bank / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    with pytest.raises(BankError) as caught:
        read_with_extends(bank / "own.yaml", bank)
    assert words in str(caught.value)
    assert caught.value.problems[0].column == 10


def test_a_fault_in_an_extended_file_is_told_with_that_files_name(tmp_path: Path) -> None:
    write(tmp_path, base="a: 1\na: 2\n", own="extends: base.yaml\n")
    with pytest.raises(BankError, match=r"base\.yaml:2:1"):
        read_with_extends(tmp_path / "own.yaml", tmp_path)
