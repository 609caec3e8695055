"""Codes that people read out, and file names made of ids."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from sample_class import AWKWARD, SECRET

from quizgen.quizzes.codes import ALPHABET, build_code, item_code, read_code, sheet_code
from quizgen.quizzes.naming import file_names

codes = st.builds(sheet_code, st.just(SECRET), st.text(max_size=20))


@given(codes, st.integers(1, 99))
def test_a_code_is_read_as_it_stands_and_as_people_write_it(code: str, number: int) -> None:
    assert read_code(code) == (code, None)
    assert read_code(item_code(code, number)) == (code, number)
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_code(f"  {sloppy}/{number} ") == (code, number)


@given(codes, st.data())
def test_a_single_wrong_character_is_noticed(code: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([0, 1, 2, 3, 5, 6, 7, 8]))
    wrong = data.draw(st.sampled_from([character for character in ALPHABET if character != code[place]]))
    assert read_code(code[:place] + wrong + code[place + 1 :]) is None


@given(codes, st.sampled_from([0, 1, 2, 5, 6, 7]))
def test_a_swap_of_neighbours_is_noticed(code: str, place: int) -> None:
    first, second = code[place], code[place + 1]
    if first != second and {first, second} != {"0", "Z"}:
        assert read_code(code[:place] + second + first + code[place + 2 :]) is None


@given(st.text(max_size=12))
def test_what_is_no_code_is_none(text: str) -> None:
    found = read_code(text)
    assert found is None or re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", found[0])


def test_codes_depend_on_secret_and_content() -> None:
    assert build_code(SECRET, "a") == build_code(SECRET, "a")
    assert len({build_code(SECRET, "a"), build_code(SECRET, "b"), build_code(bytes(32), "a")}) == 3
    assert sheet_code(SECRET, "ann") != sheet_code(bytes(32), "ann")


@given(st.lists(st.one_of(st.text(min_size=1, max_size=100), st.sampled_from([id for id, _ in AWKWARD])), max_size=20))
def test_file_names_are_safe_everywhere_and_no_two_alike(ids: list[str]) -> None:
    names = file_names(ids)
    assert len({name.casefold() for name in names}) == len(ids)
    for name in names:
        assert not set(name) & set('/\\:*?"<>|\0\n\r\t &%#')
        assert len(name.encode()) <= 110
        assert name.strip(". ") == name
        assert name[0] != "-"
        assert re.fullmatch(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", name, re.IGNORECASE) is None


def test_letters_of_any_script_stay_in_file_names() -> None:
    assert file_names(["José", "用户", "שלום", "नमस्ते"]) == ["José", "用户", "שלום", "नमस्ते"]
