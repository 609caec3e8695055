"""R/exams: the static parts of an exercise make a template; what R computes is named, or refuses where it is the key."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_samples import asked, fraction, only, read, reason, shown_options, template

from quizgen.errors import QuestionFileError
from quizgen.importing.questions import Choice, Free, Several


def exercise(meta: str, question: str = "Which?", listed: str = "", solution: str = "", said: str = "", head: str = "") -> str:
    def section(name: str, text: str, line: str) -> str:
        return f"{name}\n{line * len(name)}\n{text}\n\n"

    return (
        head
        + section("Question", question, "=")
        + (section("Answerlist", listed, "-") if listed else "")
        + (section("Solution", solution, "=") if solution else "")
        + (section("Answerlist", said, "-") if said else "")
        + section("Meta-information", meta, "=")
    )


CITIES = "* Basel\n* Bern,\n  the *seat*\n* Geneva"
CHUNK = "```{r data generation, echo = FALSE}\nx <- 1 # Question\n```\n"


def test_a_single_choice_has_its_key_by_the_bits_of_its_solution(tmp_path: Path) -> None:
    text = exercise(
        "exname: Swiss Capital\nextype: schoice\nexsolution: 010\nexshuffle: TRUE\nexsection: geo/ch",
        "What is the seat of **Switzerland** $x_1$?", CITIES, "It is Bern.", "* False\n* True. Since 1848.\n* Wrong.",
    )  # fmt: skip
    question = only(tmp_path, text, ".Rmd")
    assert (question.title, question.solution, question.tags, question.lost) == (
        "Swiss Capital", "It is Bern.", ("geo", "ch"), (),
    )  # fmt: skip
    choice = question.answers[0].asked
    assert isinstance(choice, Choice)
    assert [(option.text, option.feedback) for option in choice.options] == [
        ("Basel", ""), ("Bern, the *seat*", "True. Since 1848."), ("Geneva", ""),
    ]  # fmt: skip
    made = template(tmp_path, text, ".Rmd")
    labels = shown_options(made)
    assert fraction(made, answer=labels["Bern, the *seat*"]) == 1
    assert fraction(made, answer=labels["Basel"]) == 0


@pytest.mark.parametrize(
    ("shuffle", "shuffled", "shown"), [("", False, 3), ("FALSE", False, 3), ("TRUE", True, 3), ("2", True, 2)]
)
def test_answers_are_shuffled_or_drawn_as_exshuffle_says(shuffle: str, shuffled: bool, shown: int, tmp_path: Path) -> None:
    meta = f"extype: schoice\nexsolution: 010\nexshuffle: {shuffle}"
    choice = asked(tmp_path, exercise(meta, listed=CITIES), ".Rmd")
    assert isinstance(choice, Choice)
    assert (choice.shuffled, choice.shown) == (shuffled, shown)


def test_several_choices_may_have_none_that_is_right(tmp_path: Path) -> None:
    several = asked(tmp_path, exercise("extype: mchoice\nexsolution: 101", listed=CITIES), ".Rmd")
    assert isinstance(several, Several)
    assert [option.right for option in several.options] == [True, False, True]
    made = template(tmp_path, exercise("extype: mchoice\nexsolution: 000", listed=CITIES), ".Rmd")
    assert fraction(made, answer="none") == 1


def test_numbers_and_strings_mark_as_they_did(tmp_path: Path) -> None:
    made = template(tmp_path, exercise("extype: num\nexsolution: 3.5\nextol: 0.01"), ".md")
    assert [fraction(made, answer=typed) for typed in ("3.5", "3.51", "3.52")] == [1, 1, 0]
    made = template(tmp_path, exercise("extype: string\nexsolution: OLS*"), ".md")
    assert [fraction(made, answer=typed) for typed in ("OLS*", "ols*", "OLSx")] == [1, 0, 0]
    assert isinstance(asked(tmp_path, exercise("extype: string\nexsolution: nil\nexstringtype: essay"), ".md"), Free)


def test_parts_of_a_cloze_take_their_items_of_the_list_in_turn(tmp_path: Path) -> None:
    text = exercise(
        "extype: cloze\nexclozetype: string|mchoice|num\nexsolution: OLS|01|3.5\nextol: 0.01",
        "Theory: ##ANSWER1##\n\nAnd ##ANSWER2##", "* \n* independent\n* zero mean\n* The slope $b$",
    )  # fmt: skip
    question = only(tmp_path, text, ".Rmd")
    assert question.stem == (
        "Theory: {{ answer.gap_1 }}\n\nAnd {{ answer.gap_2 }}\n\n- The slope $b$ {{ answer.gap_3 }}"
    )  # fmt: skip
    made = template(tmp_path, text, ".Rmd")
    zero = shown_options(made, "gap_2")["zero mean"]
    assert fraction(made, gap_1="OLS", gap_2=zero, gap_3="3.5") == 1
    assert fraction(made, gap_1="OLS", gap_2=zero, gap_3="4") == pytest.approx(2 / 3)


def test_chunks_and_inline_code_of_r_are_named(tmp_path: Path) -> None:
    text = exercise(
        "extype: num\nexsolution: 3\nexextra[a,b]: TRUE", "Of `r n` draws and `code`?\n\n```\nx {{ y }}\n```", head=CHUNK
    )
    question = only(tmp_path, text, ".Rmd")
    assert question.lost == ("the R chunk data generation", "what R computes: `r n`", "the meta-information exextra[a,b]")
    assert "`r n`" in question.stem
    assert 'x {{ "{" }}{ y }}' in question.stem


@pytest.mark.parametrize(
    ("meta", "listed", "why"),
    [
        ("extype: num\nexsolution: `r x`", "", "R computes its solution: `r x`"),
        ("extype: schoice\nexsolution: 01", CITIES, "for each of 3 answers"),
        ("extype: schoice\nexsolution: 110", CITIES.replace("Geneva", "bASEL"), "right and wrong"),
        ("extype: schoice\nexsolution: 111", CITIES, "no wrong option"),
        ("extype: num\nexsolution: 3,5", "", "not both numbers"),
        ("extype: file\nexsolution: nil", "", "of type “file”"),
        ("exsolution: 1", "", "of type"),
        ("extype: cloze\nexclozetype: num\nexsolution: 1|2", "", "do not go with the 2 parts"),
        ("extype: cloze\nexclozetype: num|file\nexsolution: 1|nil", "", "gap_2: exercises of type “file”"),
    ],
)
def test_what_makes_no_template_is_refused_with_its_reason(meta: str, listed: str, why: str, tmp_path: Path) -> None:
    assert why in reason(tmp_path, exercise(meta, listed=listed), ".Rmd")


def test_headings_may_be_written_with_hashes(tmp_path: Path) -> None:
    text = "# Question\nWhich?\n\n## Answerlist\n* a\n* b\n\n# Meta-information\nextype: schoice\nexsolution: 10\n"
    choice = asked(tmp_path, text, ".rmd")
    assert isinstance(choice, Choice)
    assert [option.right for option in choice.options] == [True, False]


def test_markdown_that_is_no_exercise_is_an_error(tmp_path: Path) -> None:
    for text in ("# A page\n\nSome words.", "Question\n========\nWhich?\n"):
        with pytest.raises(QuestionFileError, match="this is no R/exams exercise"):
            read(tmp_path, text, ".md")
