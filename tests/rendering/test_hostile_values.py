"""Values from strangers: whatever they hold, they are words in every flavour."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from rendering_samples import feedback_page, filled, line, single

from quizgen.items import ChooseMany, EnterText, FeedbackEntry, FeedbackPart, Option, Place, plain
from quizgen.rendering import feedback, fragment, worksheet
from quizgen.rendering.words import without_controls

READER = (
    MarkdownIt("commonmark", {"html": True})
    .enable(["table", "strikethrough"])
    .use(dollarmath_plugin, allow_space=False, allow_digits=False)
)

NASTY = [
    *(
        "<script>alert(1)</script>",
        "]]>",
        "$x$",
        "$$y$$",
        "*a*",
        "__b__",
        "`c`",
        "``",
        "# h",
        "1. x",
        "- y",
        "+ z",
        "> q",
    ),
    *(
        "| a |",
        "---",
        "===",
        "[a](http://x)",
        "![i](j)",
        "&amp;",
        "&#60;",
        "<!-- c -->",
        "\\",
        "~~s~~",
        "😀",
        "אבג",
        "\u202e",
    ),
    *("a\nb", "\n\n# x", "  code", "\t", "'\"", "</textarea>", "<a@b.c>", "<http://x>", "!", "1)", "\x00", "\x1b[31m"),
]
words = st.one_of(
    st.sampled_from(NASTY),
    st.lists(st.sampled_from(NASTY), max_size=3).map("".join),
    st.text(max_size=12),
    st.text(alphabet="*_`$<>[]()!#|\\~&1.-+=> \nab", max_size=10),
)


class Reader(HTMLParser):
    """Gathers a page's tags and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")


def parsed(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


def shown(text: str) -> str:
    """What is left of words when white space does not count."""
    return re.sub(r"\s+", "", without_controls(text))


@given(words, words)
def test_values_add_no_tag_to_html_and_read_as_they_are(a: str, b: str) -> None:
    page = parsed(fragment(filled("A {{ a }} **b {{ b }}**\n\n- {{ a }}", a, b, a), "html"))
    assert page.tags == ["p", "strong", "ul", "li"]
    assert shown("".join(page.text)) == shown(f"A{a}b{b}{a}")


@given(words)
def test_values_add_no_tag_to_mathml(a: str) -> None:
    page = parsed(fragment(line(r"$P({{ a }}) = \text{x {{ a }}}$", a, a), "html"))
    assert set(page.tags) <= {"math", "mrow", "mi", "mo", "mn", "mtext"}
    assert shown("".join(page.text)) == shown(f"P({a})=x{a}")


@given(words, words)
def test_values_in_markdown_render_as_the_words_they_are(a: str, b: str) -> None:
    source = fragment(filled("{{ a }}\n\nx {{ b }} y {{ a }}\n\n- {{ b }}", a, b, a, b), "markdown")
    page = parsed(READER.render(source))
    assert set(page.tags) <= {"p", "ul", "li"}
    assert shown("".join(page.text)) == shown(f"{a}x{b}y{a}{b}")


@given(words, words)
def test_values_in_a_markdown_table_stay_in_their_cells(a: str, b: str) -> None:
    source = fragment(filled("| h | k |\n|---|---|\n| {{ a }} | x{{ b }} |", a, b), "markdown")
    page = parsed(READER.render(source))
    assert page.tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]
    assert shown("".join(page.text)) == shown(f"hk{a}x{b}")


@given(words)
def test_values_in_markdown_code_stay_code(a: str) -> None:
    page = parsed(READER.render(fragment(filled("x `{{ a }}` y", a), "markdown")))
    assert set(page.tags) <= {"p", "code"}
    assert shown("".join(page.text)) == shown(f"x{a}y")


@given(words)
def test_values_in_markdown_formulas_stay_inside_the_formula(a: str) -> None:
    tokens = READER.parseInline(fragment(line("x $P({{ a }})$ y", a), "markdown"))[0].children or []
    assert [token.type for token in tokens] == ["text", "math_inline", "text"]


@given(words, words)
def test_a_worksheet_shows_hostile_names_and_options_as_words(a: str, b: str) -> None:
    many = ChooseMany(plain(a), (Option("A", plain(b)), Option("B", line("x"))), a)
    calm = ChooseMany(plain("a"), (Option("A", plain("b")), Option("B", line("x"))), "a")
    stem = filled("{{ a }} {{ answer.t }}", "w", Place("t"))
    tame = worksheet(single(stem, ("m", calm), ("t", EnterText(plain("a"))), name="n", title="t"), "html")
    wild = worksheet(single(stem, ("m", many), ("t", EnterText(plain(b))), name=a, title=b), "html")
    assert [tag for tag in parsed(wild).tags if tag != "bdi"] == [
        tag for tag in parsed(tame).tags if tag != "bdi"
    ] or not a.strip()


@given(words)
def test_feedback_shows_what_was_typed_as_words(typed: str) -> None:
    base = feedback_page()
    entry = base.entries[3].entry
    part = FeedbackPart("answer", typed, "invalid", 0.0, None, "", (plain(typed),))
    page = feedback_page(entries=(FeedbackEntry(entry, 0.0, (part,), None),), notes=(typed,))
    seen = parsed(feedback(page, "html"))
    assert "script" not in seen.tags
    assert "comment" not in seen.tags
    assert shown(typed.strip()) in shown("".join(seen.text))
    rendered = parsed(READER.render(feedback(page, "markdown")))
    assert set(rendered.tags) <= {"h1", "h2", "p", "ul", "li", "strong", "code", "hr", "span"}
    assert shown(typed.strip()) in shown("".join(rendered.text))
