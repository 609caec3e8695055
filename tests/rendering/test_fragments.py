"""Texts with values, in each flavour."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt
from rendering_samples import filled, line, text

from quizgen.errors import QuizgenError
from quizgen.items import MARK_BASE, Filled, Listing, Number, Place, Shown, Table, Tag, Text, plain
from quizgen.rendering import check_text, fragment
from quizgen.rendering.program import Spot


def html(source: str, *values: Shown, comma: bool = False) -> str:
    return fragment(filled(source, *values), "html", decimal_comma=comma)


def markdown(source: str, *values: Shown, comma: bool = False) -> str:
    return fragment(filled(source, *values), "markdown", decimal_comma=comma)


def words(source: str, *values: Shown, comma: bool = False) -> str:
    return fragment(filled(source, *values), "text", decimal_comma=comma)


def without_math_noise(markup: str) -> str:
    return re.sub(r"</?(?:math|mrow)[^>]*>", "", markup)


def test_markdown_becomes_html_around_a_value() -> None:
    assert html("A **{{ w }}** and *so* `{{ c }}`.", "<b>", "x*") == (
        "<p>A <strong>&lt;b&gt;</strong> and <em>so</em> <code>x*</code>.</p>"
    )


def test_a_value_is_never_read_as_markdown() -> None:
    assert markdown("{{ a }} and {{ b }}", "*x* _y_ `z`", "$5|<i>") == r"\*x\* \_y\_ \`z\` and \$5\|\<i>"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("# head", r"\# head"),
        ("1. one", r"1\. one"),
        ("- item", r"\- item"),
        ("> said", r"\> said"),
        ("snake_case", "snake_case"),
        ("R&D", r"R\&D"),
        ("2 < 3", r"2 \< 3"),
    ],
)
def test_a_value_at_the_start_of_a_line_opens_no_block_in_markdown(value: str, written: str) -> None:
    assert markdown("{{ a }}", value) == written


def test_a_number_and_a_following_full_stop_make_no_list_in_markdown() -> None:
    assert markdown("{{ n }}. of all\n\n{{ n }} more", Number("1"), Number("2")) == "1\\. of all\n\n2 more"


def test_code_in_markdown_is_fenced_by_more_backticks_than_its_value_holds() -> None:
    assert markdown("see `{{ c }}`\n\n```\n{{ d }}\n```", "a`b", "```") == "see ``a`b``\n\n````\n```\n````"


def test_numbers_have_a_true_minus_sign_infinity_and_the_decimal_sign_of_the_setting() -> None:
    assert words("{{ a }}, {{ b }}", Number("-0.20"), Number("inf")) == "−0.20, ∞"
    assert words("{{ a }}", Number("-0.20"), comma=True) == "−0,20"
    assert "−0,20" in html("{{ a }} x", Number("-0.20"), comma=True)
    assert markdown("{{ a }} x", Number("-0.20")) == "-0.20 x"


def test_numbers_in_a_line_are_parted_by_semicolons_where_a_comma_is_the_decimal_sign() -> None:
    vector = (Number("0.2"), Number("0.5"))
    assert words("{{ p }}", vector) == "0.2, 0.5"
    assert words("{{ p }}", vector, comma=True) == "0,2; 0,5"
    assert words("{{ p }}", ("salt", "thyme"), comma=True) == "salt, thyme"


def test_a_formula_becomes_mathml_with_its_value_as_one_number() -> None:
    shown = without_math_noise(html("$q = {{ q }}$", Number("-0.20"), comma=True))
    assert shown == "<p><mi>q</mi><mo>=</mo><mo>−</mo><mn>0,20</mn></p>"


def test_a_formula_keeps_its_latex_in_markdown() -> None:
    assert markdown(r"$-\ln {{ q }}$", Number("0.20")) == r"$-\ln 0.20$"
    assert markdown(r"$-\ln {{ q }}$", Number("0.20"), comma=True) == r"$-\ln 0{,}20$"
    assert markdown(r"$x^{{ q }}$", Number("0.20")) == r"$x^{0.20}$"
    assert markdown(r"$ P $ is {{ w }}", "$x$") == r"\$ P \$ is \$x\$"


def test_words_in_a_formula_are_words() -> None:
    assert "<mtext>a&lt;b</mtext>" in html(r"$P({{ w }})$", "a<b")
    assert "<mtext>the\u00a0a$b\u00a0is</mtext>" in html(r"$\text{the {{ w }} is}$", "a$b")
    assert markdown(r"$P({{ w }})$", "a$b_c") == r"$P(\text{a\$b\_c})$"
    assert markdown(r"$\text{the {{ w }} is}$", "a$b") == r"$\text{the a\$b is}$"


@pytest.mark.parametrize(
    ("latex", "element"),
    [
        (r"\frac{ {{ a }} }{2}", "<mfrac><mn>0.5</mn><mn>2</mn></mfrac>"),
        (r"x^{ {{ a }} }", "<msup><mi>x</mi><mn>0.5</mn></msup>"),
        (r"x_{{ a }}", "<msub><mi>x</mi><mn>0.5</mn></msub>"),
        (r"\sqrt{ {{ a }} }", "<msqrt><mn>0.5</mn></msqrt>"),
        (r"\mathrm{ {{ a }} }", "<mn>0.5</mn>"),
    ],
)
def test_a_value_stands_whole_wherever_latex_allows_it(latex: str, element: str) -> None:
    assert element in without_math_noise(html(f"${latex}$", Number("0.5")))


def test_a_vector_in_a_formula_is_parted_by_separators() -> None:
    shown = without_math_noise(html("$p = ({{ p }})$", (Number("0.2"), Number("0.8"))))
    assert '<mn>0.2</mn><mo separator="true">,</mo><mn>0.8</mn>' in shown


def test_a_function_name_stands_apart_from_its_argument() -> None:
    assert '<mi>ln</mi><mspace width="0.167em"></mspace><mi>q</mi>' in html(r"$\ln q$")
    assert "<mspace" not in html(r"$\ln(q)$")


def test_a_formula_reads_as_a_line_of_text() -> None:
    assert words(r"$-\ln {{ q }} = \frac{a+1}{b}$", Number("0.2")) == "−ln 0.2 = (a + 1)/b"


def test_a_condition_shows_the_first_branch_that_holds() -> None:
    source = "is {% if a %}salt{% elif b %}thyme{% else %}concrete{% endif %}."
    assert [words(source, *truth) for truth in [(True, True), (False, True), (False, False)]] == [
        "is salt.",
        "is thyme.",
        "is concrete.",
    ]


@pytest.mark.parametrize("flavour", ["html", "markdown", "text"])
@pytest.mark.parametrize(
    "source",
    [
        "{% if a %}salt{% endif %}",
        "{% if a %}\nsalt\n{% endif %}",
        "{% if a %}\n\nsalt\n\n{% endif %}",
        "{% if a %}\n- salt\n- thyme\n{% endif %}",
        "- {% if a %}salt{% endif %}",
        "{% if a %}{{ answer.x }}{% endif %}",
    ],
)
def test_a_condition_that_fails_leaves_nothing_behind(source: str, flavour: str) -> None:
    values = [False, None] if "answer" in source else [False]
    assert fragment(filled(source, *values), flavour) == ""


def test_a_condition_may_span_paragraphs_and_lists() -> None:
    source = "{% if a %}\nOne.\n\n- two\n- three\n{% else %}\nNone.\n{% endif %}\n\nEnd."
    assert html(source, True) == "<p>One.</p>\n<ul>\n<li>two</li>\n<li>three</li>\n</ul>\n<p>End.</p>"
    assert html(source, False) == "<p>None.</p>\n<p>End.</p>"
    assert markdown(source, True) == "One.\n\n- two\n- three\n\nEnd."


def test_a_condition_may_hold_rows_of_a_table_and_parts_of_a_formula() -> None:
    table = "| a | b |\n|--:|---|\n| 1 | {{ v }} |\n{% if c %}\n| 2 | x |\n{% endif %}\n| 3 | y |"
    assert markdown(table, "w", False).splitlines()[2:] == ["|   1 | w   |", "|   3 | y   |"]
    assert html(table, "w", True).count("<tr>") == 4
    formula = "$x = {% if c %} 1 {% else %} 2 {% endif %}$"
    assert markdown(formula, True) == "$x = 1$"
    assert "<mn>2</mn>" in html(formula, False)


def test_a_table_of_values_is_a_block_with_heads_for_columns_and_rows() -> None:
    table = Table(("Word", "p"), (("salt", "a|b"), (Number("0.20"), Number("0.5"))))
    shown = html("{{ table(x) }}", table)
    assert "<p>" not in shown
    assert '<th scope="col">Word</th><th scope="col" class="right">p</th>' in shown
    assert '<th scope="row">salt</th><td class="right"><span class="number">0.20</span></td>' in shown
    assert 'role="region" tabindex="0" aria-label="Table: Word, p"' in shown


def test_a_table_in_markdown_is_aligned_in_its_source_by_display_width() -> None:
    table = Table(("语言", "p"), (("salt", "a|b"), (Number("0.20"), Number("10.5"))))
    assert markdown("{{ table(x) }}", table) == ("| 语言 |    p |\n|------|-----:|\n| salt | 0.20 |\n| a\\|b | 10.5 |")


def test_a_list_of_values_is_a_block() -> None:
    assert html("{{ bullets(x) }}", Listing(("a", "b<"))) == "<ul>\n<li>a</li>\n<li>b&lt;</li>\n</ul>"
    assert markdown("{{ numbered(x) }}", Listing(("a", "- b"), ordered=True)) == "1. a\n2. \\- b"


def test_an_answer_is_placed_as_a_block_or_inside_the_sentence() -> None:
    spots: list[tuple[str, Spot]] = []

    def place(answer: str, spot: Spot) -> str:
        spots.append((answer, spot))
        return "[here]"

    table = Table(("Word", "Loss"), (("salt",), (Place("c"),)))
    source = filled("{{ answer.a }}\n\nIt is {{ answer.b }}.\n\n{{ table(x) }}", Place("a"), Place("b"), table)
    assert "<p>It is [here].</p>" in fragment(source, "html", place=place)
    assert spots == [("a", Spot(True)), ("b", Spot(False)), ("c", Spot(False, "Loss, salt"))]


def test_inline_texts_are_one_line_whatever_they_begin_with() -> None:
    assert fragment(line("1. is **not** a list"), "html") == "1. is <strong>not</strong> a list"
    assert fragment(line("$x$ # {{ v }}", "y"), "markdown") == "$x$ # y"
    assert fragment(plain("# <b>"), "html") == "# &lt;b&gt;"


def test_raw_html_and_script_links_are_shown_not_obeyed() -> None:
    shown = html("<b>x</b> [y](javascript:alert(1)) ![z](https://example.org/z.png)")
    assert "<b>" not in shown
    assert "<a" not in shown
    assert "<img" not in shown


def test_latex_reaches_the_page_without_links_styles_or_classes() -> None:
    shown = html(r"$\href{javascript:x}{a} \style{color:red}{b} \class{c}{d}$")
    assert not re.search("href|style=|class=", shown)


def test_an_unknown_flavour_is_refused_with_the_known_ones() -> None:
    with pytest.raises(QuizgenError, match="choose html, markdown, text"):
        fragment(plain("x"), "latex")


def test_a_table_where_only_words_can_stand_is_refused() -> None:
    with pytest.raises(QuizgenError, match="paragraph of its own"):
        html("a {{ x }} b", Table(("a",), (("b",),)))


def test_characters_of_private_use_that_stand_for_no_tag_are_kept() -> None:
    assert fragment(plain("\ue123"), "html") == "\ue123"
    assert fragment(Filled(Text("a \ue005 b", (), True)), "text") == "a \ue005 b"


# Problems -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "line_number", "column", "said"),
    [
        ("a\n\ncosts $5", 3, 7, "without its partner"),
        ("see $\\frac{a}{$", 1, 6, "brace that is not closed"),
        ("see $\\foo$", 1, 6, "\\foo is not a LaTeX command"),
        ("$x_$", 1, 2, "cannot be converted"),
        ("$10 % of it$", 1, 2, "write \\%"),
        ("so <b>bold</b>", 1, 4, "<b> is HTML"),
        ("a {{ table(x) }} b", 1, 3, "paragraph of its own"),
        ("$ {{ x }}", 1, 1, "without its partner"),
        ("{{ a }}\n\n- b {% if x %}\n- c{% endif %}", 3, 5, "begins in one part"),
        ("**a {% if x %} b** c{% endif %}", 1, 5, "begins in one part"),
        ("x {% endif %}", 1, 3, "without its {% if %}"),
        ("[a](https://x.org/{{ y }})", 1, 3, "link's address"),
        ("![a](b.png)", 1, 1, "pictures"),
        ("$\\begin{foo}x\\end{foo}$", 1, 2, "not known in formulas"),
        ("$a = {{ table(x) }}$", 1, 6, "cannot stand in a formula"),
    ],
)
def test_each_problem_is_told_with_line_and_column(source: str, line_number: int, column: int, said: str) -> None:
    problems = check_text(text(source))
    assert [(row, at) for row, at, _ in problems] == [(line_number, column)]
    assert said in problems[0][2]


@pytest.mark.parametrize(
    "source",
    [
        "costs \\$5, `$x`, $a < b$ and $$c$$",
        "{% if a %}\n- x\n{% else %}\n- y\n{% endif %}",
        "$$\n\\begin{aligned} a &= {{ b }} \\\\ c &= d \\end{aligned}\n$$",
        "a < b and c > d, e<f",
        "{{ table({'a': x}) }}",
        "{% if a %}{{ table(x) }}{% else %}{{ bullets(y) }}{% endif %}",
    ],
)
def test_sound_texts_have_no_problem(source: str) -> None:
    assert check_text(text(source)) == []


def test_a_text_with_unbalanced_structure_is_refused_not_guessed() -> None:
    with pytest.raises(QuizgenError, match="line 1, column 5"):
        html("**a {% if x %} b** c{% endif %}", True)


def test_markdown_escapes_no_more_than_it_must() -> None:
    """Raw Markdown is read by people: brackets, a number before a full stop and a parenthesis stay as they are."""
    text = Text(f"{chr(MARK_BASE)}. Then {chr(MARK_BASE + 1)} came.", (Tag("value", "a", 1, 1), Tag("value", "b", 1, 1)))
    assert fragment(Filled(text, (Number("0.35"), "the [MASK] (hidden)")), "markdown").strip() == (
        "0.35. Then the [MASK] (hidden) came."
    )


@pytest.mark.parametrize("words", ["[x](y)", "[x]: y", "[x][y]", "[^1]", "3"])
def test_markdown_escapes_what_would_be_markup(words: str) -> None:
    """Links, definitions, footnotes and list marks made of values are shown as they are."""
    text = Text(f"{chr(MARK_BASE)}. Then", (Tag("value", "a", 1, 1),))
    shown = fragment(Filled(text, (words,)), "markdown")
    assert "\\" in shown
    rendered = MarkdownIt("commonmark").render(shown)
    assert rendered.strip() == f"<p>{words}. Then</p>"


def test_a_formula_that_ends_with_a_sign_leaves_the_space_to_what_follows() -> None:
    assert words("$2 + 1 =$ **3**, $-1$") == "2 + 1 = 3, −1"
