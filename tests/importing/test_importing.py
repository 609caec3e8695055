"""From files to templates: nothing is lost, names are safe, and every template loads and says what it lacks."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_samples import CONCEPT, fraction, imported, read, shown_options, template, xml, xml_answer, xml_question

from quizgen.bank import load_template
from quizgen.bank.source import read_document
from quizgen.checking.run import Plan, check_template
from quizgen.errors import BankError, QuestionFileError
from quizgen.importing import Question, convert, read_questions

KEYED = [
    ("What is 2 + 2? {~3 =4 ~5}", "4", "3"),
    ("Which unit goes with $$\\log_2$$? {=bits#Yes. ~nats#No. ~bans}", "bits", "bans"),
    ("Which costs \\{\\{ x \\}\\} and $5? {=a \\{% b %\\} ~c $d$ ~`e`}", "a {\\% b %}", "`e`"),
    ("[html]<p>Which is <b>bold</b>?</p> {=<b>this</b> ~<i>that</i> ~<code>none</code>}", "**this**", "*that*"),
    ("[markdown]Which?\\n\\n* one\\n* two {=**1** ~2}", "**1**", "2"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), KEYED)
def test_plain_multiple_choice_marks_as_before_and_passes_the_checks(text: str, right: str, wrong: str, tmp_path: Path) -> None:
    done = imported(tmp_path, text)
    assert done.whole, (done.refused, done.made[0].question.lost)
    made = template(tmp_path, text)
    labels = shown_options(made)
    assert fraction(made, answer=labels[right.replace("`e`", "\\`e\\`")]) == 1
    assert fraction(made, answer=labels[wrong.replace("`e`", "\\`e\\`")]) == 0
    file = tmp_path / f"{done.made[0].name}.yaml"
    report = check_template(made, read_document(file), Plan(200))
    assert [found for found in report.found if found.severity == "error" and not found.waived] == []
    assert "waiver" not in {found.check for found in report.found}


def test_the_waiver_says_why_and_is_there_only_where_there_is_one_variant(tmp_path: Path) -> None:
    (one,) = imported(tmp_path, "Which? {=a ~b ~c}").made
    assert "no-variation" in yaml.safe_load(one.text)["waive"]
    (more,) = imported(tmp_path, "Which? {=a =b ~c ~d}").made
    assert "no-variation" not in yaml.safe_load(more.text)["waive"]


@pytest.mark.parametrize(
    "text", ["Which? {=yes ~no \\~ not ~half}", "Which? {=1.5 ~2.5 ~30}", "The sky is blue. {T}", "Is it? {F}"]
)
def test_plain_questions_of_one_case_have_no_warning_left(text: str, tmp_path: Path) -> None:
    (made,) = imported(tmp_path, text).made
    file = tmp_path / "plain.yaml"
    file.write_text(made.text, "utf-8")
    report = check_template(load_template(file), read_document(file), Plan(2000))
    assert [(one.check, one.place.message) for one in report.found if one.severity != "note" and not one.waived] == []


EXERCISE = """Question
========
What is `r x` + 1? See ![a plot](fig.png).

Answerlist
----------
* 4
* 5

Meta-information
================
extype: schoice
exsolution: 10
"""


def test_what_was_not_carried_is_an_error_until_it_is_written_out(tmp_path: Path) -> None:
    (made,) = imported(tmp_path, EXERCISE, ".Rmd").made
    file = tmp_path / "left.yaml"
    for text, said in (
        (made.text, "`r x`"),
        (made.text.replace("`r x`", "{{ '{{ x }}' }} and 3"), "[picture: a plot]"),
        (made.text.replace("`r x`", "3").replace("See", "\n  ```{r}\n  x\n  ```\n  See"), "```{r}"),
    ):
        file.write_text(text, "utf-8")
        report = check_template(load_template(file), read_document(file), Plan(50))
        messages = [one.place.message for one in report.found if one.check == "unfilled" and not one.waived]
        assert any(message.startswith(f"{said} was not carried") for message in messages), (said, messages)
    file.write_text(made.text.replace("`r x`", "`rx` (r x)").replace("[picture: a plot]", "the picture"), "utf-8")
    report = check_template(load_template(file), read_document(file), Plan(50))
    assert "unfilled" not in {one.check for one in report.found}


def test_a_template_says_at_its_top_where_it_is_from_and_what_it_lacks(tmp_path: Path) -> None:
    (made,) = imported(tmp_path, "\n\nWhich? {=a ~%50%b}", concept="-").made
    head = made.text.splitlines()[:2]
    assert head[0].startswith(f"# From {tmp_path}/questions.gift:3.")
    assert head[1] == "# Not carried: 50 % for the option “b”, which is simply wrong now"
    data = yaml.safe_load(made.text)
    assert (data["concept"], data["level"], data["minutes"]) == ("-", "apply", 1)
    assert "# The id of a concept in concepts.yaml.\nconcept:" in made.text


def test_minutes_grow_with_what_there_is_to_read(tmp_path: Path) -> None:
    short, long = imported(tmp_path, f"Which? {{=a ~b}}\n\n{'word ' * 600}? {{=a ~b}}").made
    assert (yaml.safe_load(short.text)["minutes"], yaml.safe_load(long.text)["minutes"]) == (1, 6)


def test_an_unknown_concept_is_an_error_with_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(BankError, match='did you mean "calculating-cross-entropy-loss"'):
        convert(read(tmp_path, "A? {=a ~b}"), "calculating-cross-entropy-los", None)


def test_names_of_files_are_safe_and_no_two_alike(tmp_path: Path) -> None:
    titles = [
        "Ünit & co",
        "unit co",
        "../../etc/passwd",
        "concepts",
        "mistakes",
        "CON",
        "日本",
        "日本",
        "-x-",
        "a" * 200,
        "\\n",
    ]
    done = imported(tmp_path, "\n\n".join(f"::{title.replace(':', '')}::Which? {{=a ~b}}" for title in titles))
    names = [made.name for made in done.made]
    assert names[:8] == ["unit-co", "unit-co-2", "etc-passwd", "concepts-2", "mistakes-2", "con-2", "question", "question-2"]
    assert len(set(names)) == len(titles)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,70}", name) for name in names)


def test_a_template_that_would_not_load_is_refused_and_said_why(tmp_path: Path) -> None:
    done = imported(tmp_path, f"[html]<pre>{'x' * 60_000}</pre> {{=a ~b}}\n\nWhich? {{=a ~b}}")
    assert [made.name for made in done.made] == ["which"]
    assert "would not load: a text has at most 50,000 characters" in done.refused[0].reason


def test_a_gap_where_no_answer_can_stand_is_refused(tmp_path: Path) -> None:
    text = xml(xml_question("cloze", "", '<a href="https://x.y">{1:SA:=a}</a>'), xml_question("cloze", "", "Fill {1:SA:=a}."))
    done = imported(tmp_path, text, ".xml")
    assert len(done.made) + len(done.refused) == 2


@pytest.mark.parametrize(
    ("raw", "ending", "what"),
    [
        (b"Which\xff? {=a}", ".gift", ":1:6: byte 0xFF is not UTF-8"),
        ("Which? {=a ~b}".encode("utf-16"), ".gift", "NUL character"),
        (b"A? {=a ~b}\n\nB\0? {=a ~b}", ".txt", ":3:2: there is a NUL character"),
        (b"", ".gift", "there are no questions"),
        (b"// only a comment\n", ".gift", "there are no questions"),
        (b"x" * 5_000_001, ".gift", "larger than 5 MB"),
        (b"A? {=a ~b}", ".odt", "its ending names no format"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_error(raw: bytes, ending: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError) as caught:
        read(tmp_path, raw, ending)
    assert what in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_the_format_follows_from_the_ending_or_from_how_xml_begins(tmp_path: Path) -> None:
    (question,) = read(tmp_path, xml(xml_question("essay", "")), ".backup")
    assert isinstance(question, Question)
    file = tmp_path / "questions.backup"
    file.write_text("Which? {=a ~b}")
    assert len(read_questions(file, "gift")) == 1


def test_thousands_of_questions_are_refused_together(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match="10,001 questions"):
        read(tmp_path, "\n\n".join(["a {}"] * 10_001))


PIECES = [
    *"{}~=#\\%: \n", "\n\n", "::", "->", "####", "$CATEGORY: ", "//", "%50%", "%-100%", "#1:0.1", "1..2", "T", "[html]",
    "[markdown]", "word", "{{", "{%", "\\n", "\\{", "\\(", "\\)", "$$", "<b>", "*", "é",
]  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_as_gift_is_one_error_or_templates_and_refusals_that_add_up(tmp_path: Path, text: str) -> None:
    try:
        found = read(tmp_path, text)
    except QuestionFileError:
        return
    done = convert(found, CONCEPT, None)
    assert len(done.made) + len(done.refused) == len(found)
    for made in done.made:
        file = tmp_path / "one.yaml"
        file.write_text(made.text, encoding="utf-8")
        load_template(file)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["multichoice", "numerical", "shortanswer", "matching", "truefalse", "ordering", "essay", "cloze", "x"]),
    st.lists(st.sampled_from([*PIECES, "{1:SA:=a}", "{1:MC:=a~b}", "<p>", "<table><tr><td>", "<img>"]), max_size=12).map(
        "".join
    ),
    st.lists(st.tuples(st.text(string.printable, max_size=6), st.sampled_from([100, 50, 0, -100])), max_size=4),
)
def test_any_moodle_question_is_one_template_or_one_refusal(
    tmp_path: Path, kind: str, text: str, answers: list[tuple[str, float]]
) -> None:
    inside = "".join(xml_answer(clean_xml(word), weight, "Why.") for word, weight in answers)
    done = imported(tmp_path, xml(xml_question(kind, inside, clean_xml(text))), ".xml")
    assert len(done.made) + len(done.refused) == 1
    for made in done.made:
        file = tmp_path / "one.yaml"
        file.write_text(made.text, encoding="utf-8")
        load_template(file)


def clean_xml(text: str) -> str:
    return re.sub("[^\t\n -\x7e\x80-\ud7ff]", "", text).replace("]]>", "")
