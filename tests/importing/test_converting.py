"""Texts of elsewhere as Markdown: nothing is read as Jinja, formula, markup or HTML by accident; what is lost is told."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizgen.importing.converting import Carried, carried, plain_words
from quizgen.importing.forms import Form, as_html
from quizgen.importing.prose import clean, formula, value, words, wrapped
from quizgen.rendering import check_text, fragment
from quizgen.variants.texts import compile_text

FORMS: tuple[Form, ...] = ("html", "moodle", "plain", "markdown", "dollars")


def shown(text: str) -> str:
    """The Markdown as a student reads it, and no complaint about it."""
    from quizgen.items import Filled

    compiled = compile_text(text, lambda expression: "", inline=False)
    assert list(check_text(compiled.text)) == []
    values = tuple("{" for _ in compiled.holes)
    return fragment(Filled(compiled.text, values), "text")


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One <b>two </b>and <i>three</i></p><p>four</p>", "One **two** and *three*\n\nfour"),
        ("a<br>b<br/>- c", "a\\\nb\\\n\\- c"),
        ("<ul><li>a<li>b<ol start=3><li>c</ol></ul>", "- a\n- b\n  3. c"),
        ("<h2>A <b>head</b></h2>text", "### A **head**\n\ntext"),
        ("<pre>a  {{ b }}\n  c</pre>", '```\na  {{ "{" }}{ b }}\n  c\n```'),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<table><tr><th>A<th>B<tr><td>1|2<td>\\(|x|\\)</table>", "| A | B |\n| --- | --- |\n| 1\\|2 | $\\vert x\\vert$ |"),
        ("<table><tr><td>1</table>", "|  |\n| --- |\n| 1 |"),
        ("<code>a`b</code> <tt>{% x %}</tt>", '``a`b`` `{{ "{" }}% x %}`'),
        ('<a href="https://x.y/a (b)">c</a>', "[c](https://x.y/a%20%28b%29)"),
        ("H<sub>2</sub>O, x<sup>-1</sup>, y<sup>a/b</sup>", "H₂O, x⁻¹, y^(a/b)"),
        ("5\\(x\\)5 costs $5", "5 $x$ 5 costs \\$5"),
        ("see $$x$$ here", "see $x$ here"),
        ("<p>\\[x\\]</p>", "$$\nx\n$$"),
        ("<p><span>$$x$$ </span></p>", "$$\nx\n$$"),
        ("<p><code>$$x$$</code></p>", "`$$x$$`"),
        ("1 < 2 & <mask> a<x >b", "1 \\< 2 & \\<mask> a\\<x >b"),
        ("<!-- gone -->a<!DOCTYPE b>c", "ac"),
        ("&lt;b&gt; &amp;lt; &#65;", "\\<b> \\&lt; A"),
        ("<img class='equation_image' data-equation-content='x^2'>", "$x^2$"),
        ("<math><mi>x</mi><annotation encoding='application/x-tex'>x_1</annotation></math>", "$x_1$"),
        ("\\", "\\\\"),
        ("<br>\\<br>", "\\\\"),
        ("", ""),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert carried(html, "html") == Carried(markdown)
    assert shown(markdown) is not None


@pytest.mark.parametrize(
    ("html", "text", "lost"),
    [
        ("a<script>b</script>c", "ac", "a script"),
        ("<img src='@@PLUGINFILE@@/x%20y.png'>", "[picture: x%20y.png]", "the picture x%20y.png"),
        ("<img src='data:image/png;base64,AAAA'>", "[picture: without a name]", "a picture"),
        ("<a href='javascript:x()'>b</a>", "b", "a link to javascript:x()"),
        ("<s>b</s>", "b", "a line through words"),
        ("<video src='x'></video>b", "b", "a video"),
        ("\\(\\frac{1\\)", "`\\frac{1`", "a formula, which stands as code now"),
        ("\\(a % b\\)", "`a % b`", "a formula, which stands as code now"),
        ("a<b>(c)</b>", "a(c)", "emphasis inside a word"),
        ("<math><mi>x</mi></math>", "x", "a formula in MathML"),
        ("<table><tr><td colspan=2>x</table>", "|  |\n| --- |\n| x |", "merged cells of a table"),
    ],
)
def test_what_is_lost_of_a_text_is_told(html: str, text: str, lost: str) -> None:
    made = carried(html, "html")
    assert made.text == text
    assert made.lost[0].startswith(lost)
    assert len(made.lost) == 1


def test_a_text_for_one_line_says_what_layout_it_lost() -> None:
    made = carried("<p>a</p><ul><li>b</ul><pre>c</pre>d<br>e", "html", inline=True)
    assert made.text == "a b `c` d e"
    assert "list" in made.lost[0]


def test_forms_differ_in_what_a_line_end_and_a_sign_are() -> None:
    source = "a\n*b* $x$ \\(y\\)"
    assert carried(source, "html").text == "a \\*b\\* \\$x\\$ $y$"
    assert carried(source, "moodle").text == "a\\\n\\*b\\* \\$x\\$ $y$"
    assert carried(source, "markdown").text == "a *b* \\$x\\$ $y$"
    assert carried(source, "dollars").text == "a *b* $x$ $y$"
    assert carried("<b>", "plain").text == "\\<b>"
    assert carried("a $$x_1 * y_1$$ *b* `$$c$$`", "markdown").text == "a $x_1 * y_1$ *b* `$$c$$`"


SIGNS = [*"ab1 .\n-#*_`$\\{}%&<>|[]()!~^=\"'", "{{", "}}", "{%", "%}", "{#", "\\(", "\\)", "$$", "<b>", "</b>"]
TEXTS = st.lists(st.sampled_from(SIGNS), max_size=25).map("".join)


@given(st.text(max_size=40).map(clean))
def test_plain_words_are_read_as_they_stand(text: str) -> None:
    line = " ".join(text.split())
    assert " ".join(shown(words(line, True)).split()) == line


@given(TEXTS)
def test_plain_words_with_signs_are_read_as_they_stand(text: str) -> None:
    """So nothing in them is a tag, a formula, a mark of Markdown or HTML."""
    line = " ".join(text.split())
    assert " ".join(shown(words(line, True)).split()) == line


@settings(max_examples=200)
@given(TEXTS, st.sampled_from(FORMS), st.booleans())
def test_whatever_is_imported_is_a_text_that_a_template_can_have(text: str, form: Form, inline: bool) -> None:
    made = carried(text, form, inline=inline)
    assert shown(made.text) is not None
    if inline:
        assert "\n" not in made.text


@given(TEXTS)
def test_of_plain_words_in_lines_no_sign_is_lost(text: str) -> None:
    """A backslash alone was once taken for the end of a line, and dropped."""
    assume(not re.search(r"\\[(\[]|\$\$", text))
    made = carried(text, "plain")
    assert "".join(shown(made.text).split()) == "".join(text.split())
    assert made.lost == ()


@given(TEXTS)
def test_a_value_is_the_text_itself(text: str) -> None:
    from quizgen.items import Filled
    from quizgen.variants.texts import plain_text

    line = " ".join(text.split())
    compiled = compile_text(value(line), lambda expression: "", inline=True)
    values = tuple(str(hole.displays[0]({})) for hole in compiled.holes if hole)
    assert plain_text(Filled(compiled.text, values)) == line


def test_a_formula_that_cannot_be_shown_says_why() -> None:
    assert formula("x^2") == ("$x^2$", "")
    assert formula("{{a}}")[0] == "${ {a}}$"
    assert formula("\\nosuch{x}")[0] == "`\\nosuch{x}`"
    assert "nosuch" in formula("\\nosuch{x}")[1]
    assert formula("x" * 3000)[1]
    assert formula("\\text{$x$}")[1]


def test_long_lines_are_broken_where_markdown_has_a_space() -> None:
    text = " ".join(["word"] * 30 + ["- 1. $a + b$ `c d` {{ answer.x }}"] * 5)
    lines = wrapped(text).split("\n")
    assert max(map(len, lines)) <= 120
    assert " ".join(lines) == text
    assert not any(line.startswith(("-", "1.", "+")) for line in lines)
    assert not any(line.count("$") % 2 or line.count("`") % 2 or line.count("{{") != line.count("}}") for line in lines)


def test_a_title_is_words_alone() -> None:
    assert plain_words("<p>A &amp; <b>b</b>\n\\(x^2\\)</p>") == "A & b x^2"
    assert plain_words("**a** $x$", "dollars") == "a x"
    assert as_html("a\n\nb", "moodle") == "a<p>b"


@pytest.mark.parametrize(
    "unit",
    ["<b>x", "<!--", "<a b='", "<td><table>", "<ul><li>", "\\(", "\\( $$ ", "`", "<sub>", "{{", "&#", "![", "<div>", "<i>"],
)
def test_the_time_for_a_hostile_text_grows_with_its_length_alone(unit: str) -> None:
    for form in ("html", "markdown"):
        begun = time.perf_counter()
        carried(unit * 5000, form)
        assert time.perf_counter() - begun < 5


def test_a_text_beyond_all_measure_is_told_and_not_read() -> None:
    assert carried("x" * 300_000, "html").text == ""
    assert carried("x" * 300_000, "html").lost[0].startswith("a text of 300,000 characters")
    assert carried(f'<img src="data:image/png;base64,{"A" * 300_000}">x', "html").text.endswith("x")
