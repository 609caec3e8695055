"""Formulas as lines of text, tables in characters, and where problems are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendering_samples import text

from quizgen.items import Number
from quizgen.rendering.formulas import complaint, linear
from quizgen.rendering.lines import give_room
from quizgen.rendering.numbers import latex_number, points, typographic
from quizgen.rendering.places import place_at
from quizgen.rendering.tables import markdown_table, text_table
from quizgen.rendering.words import display_width
from quizgen.shipped import bank_folder, templates_folder


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"H(p, q) = -\sum_i p_i \log q_i", "H(p, q) = −∑_i p_i log q_i"),
        (r"\frac{1}{T} x", "1/T x"),
        (r"2^{-x}", "2^(−x)"),
        (r"\sqrt{x+1}", "√(x + 1)"),
        (r"a \le b", "a ≤ b"),
        (r"\hat{y}", "y\u0302"),
        (r"\mathrm{KL}", "KL"),
        (r"\log \Pr(y)", "log Pr(y)"),
        (r"\log\Pr(x_3 \mid x_1 x_2)", "log Pr(x_3 ∣ x_1 x_2)"),
        (r"\operatorname{argmax}_w \Pr(w)", "argmax_w Pr(w)"),
        (r"\arg\max_w q", "arg max_w q"),
        (r"(1-p)\log(1-p)", "(1 − p) log(1 − p)"),
        (r"\left(x\right)\log y", "(x) log y"),
        (r"\operatorname{softmax}(z)_i", "softmax(z)_i"),
        (r"D_{\mathrm{KL}}(p \,\|\, q)", "D_KL(p ‖ q)"),
    ],
)
def test_a_formula_is_read_out_in_a_line(latex: str, line: str) -> None:
    assert "".join(map(str, linear(latex))) == line


@pytest.mark.parametrize("latex", [r"\frac{1}{2}", r"\{a\}", r"10\%", r"\begin{cases} 1 & x \\ 0 & y \end{cases}", "y_{<t}"])
def test_sound_latex_has_no_complaint(latex: str) -> None:
    assert complaint(latex) is None


@given(st.text(alphabet="\\{}_^&$abfrcleftgh12()[] %", max_size=25))
def test_any_latex_gives_a_formula_or_one_complaint_and_never_a_crash(latex: str) -> None:
    said = complaint(latex)
    if said is None:
        assert all(isinstance(part, str | int) for part in linear(latex))
    else:
        assert said.strip()


@given(st.lists(st.lists(st.text(alphabet="ab确é\u0301-", max_size=5), min_size=2, max_size=2), min_size=1, max_size=5))
def test_all_rows_of_a_table_are_equally_wide_on_the_screen(rows: list[list[str]]) -> None:
    for alignments in (["", "right"], ["center", "left"]):
        lines = markdown_table(rows, alignments).splitlines()  # type: ignore[arg-type]
        assert len({display_width(line) for line in lines}) == 1
        assert len(lines) == len(rows) + 1


def test_a_text_table_has_no_idle_spaces_at_line_ends() -> None:
    assert text_table([["w", "p"], ["salt", "1"]], ["", "right"]) == "w     p\n----  -\nsalt  1"


def test_a_position_after_a_tag_of_several_lines_counts_those_lines() -> None:
    source = text("a {{ x\n + y }} b\nc")
    assert place_at(source, source.marked.index("c")) == (3, 1)
    assert place_at(source, 0) == (1, 1)


def test_tags_that_stand_alone_around_blocks_get_room_and_lines_keep_their_numbers() -> None:
    roomy = give_room(text("{% if a %}\n- x\n{% endif %}\ny"))
    assert roomy.origins == (0, 0, 0, 1, 2, 2, 2, 3)
    assert give_room(text("a\n{% if a %}\nb\n{% endif %}\nc")).origins == (0, 1, 2, 3, 4)


def test_tags_inside_fenced_code_get_no_room() -> None:
    assert give_room(text("```\n{% if a %}\n- x\n{% endif %}\n```")).origins == (0, 1, 2, 3, 4)


def test_points_and_numbers_are_shown_without_idle_digits() -> None:
    assert [points(value) for value in (1.0, 0.5, 2 / 3, 0.0625, -0.0, 10.0)] == ["1", "0.5", "0.667", "0.063", "0", "10"]
    assert typographic(Number("-inf")) == "−∞"
    assert latex_number(Number("-1.5"), True) == "-1{,}5"


def test_the_shipped_folders_are_found() -> None:
    assert (templates_folder() / "page.css").is_file()
    assert bank_folder().name == "question_bank"
