"""GIFT: what is right and wrong there is right and wrong in the template; what the template cannot hold is told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from reading_samples import asked, fraction, imported, only, read, reason, shown_options, template

from quizgen.errors import QuestionFileError
from quizgen.importing import Question
from quizgen.importing.gift import categories
from quizgen.importing.questions import Choice, Free, Number, Pairs, Refused, Several, Typed


def test_the_option_with_an_equals_sign_is_right_and_the_others_are_wrong(tmp_path: Path) -> None:
    made = template(tmp_path, "::Unit:: In which unit is $$\\log_2$$ measured? {~nats =bits ~bans}")
    labels = shown_options(made)
    assert made.title == "Unit"
    assert {word: fraction(made, answer=label) for word, label in labels.items()} == {"nats": 0, "bits": 1, "bans": 0}


def test_feedback_of_an_option_is_said_to_who_chooses_it(tmp_path: Path) -> None:
    from quizgen.variants.texts import plain_text

    made = template(tmp_path, "Which unit has $$\\ln$$? {=nats#Yes. ~bits#That is the binary one.}")
    labels = shown_options(made)
    said = made.mark(made.variants(secret=b"import"), 0, {"answer": labels["bits"]}).feedback
    assert said is not None
    assert plain_text(said) == "That is the binary one."


def test_weights_without_a_right_answer_mean_that_several_may_be_ticked(tmp_path: Path) -> None:
    made = template(tmp_path, "Which are units? {~%50%nats ~%50%bits ~%-50%metre ~%-50%litre}")
    labels = shown_options(made)
    both = f"{labels['nats']} {labels['bits']}"
    assert fraction(made, answer=both) == 1
    assert fraction(made, answer=labels["nats"]) == 0.5
    assert fraction(made, answer=f"{labels['nats']} {labels['metre']}") == 0
    assert fraction(made, answer=" ".join(labels.values())) == 0


@pytest.mark.parametrize(
    ("weights", "credit"),
    [
        ("~%50%a ~%50%b ~c ~d", "none"),
        ("~%50%a ~%50%b ~%-100%c ~%-100%d", "all"),
        ("~%50%a ~%50%b ~%-50%c", "percent-correct"),
        ("~%50%a ~%50%b ~%-33.33333%c ~%-33.33333%d ~%-33.33333%e", "false"),
        ("~%100%a ~%-50%b", "false2"),
    ],
)
def test_a_rule_of_credit_follows_from_weights(weights: str, credit: str, tmp_path: Path) -> None:
    made = only(tmp_path, f"Which? {{{weights}}}")
    several = made.answers[0].asked
    assert isinstance(several, Several)
    assert several.credit == credit
    assert made.lost == ()


def test_weights_that_no_rule_gives_are_told(tmp_path: Path) -> None:
    (lost,) = only(tmp_path, "Which? {~%70%a ~%30%b ~%-10%c}").lost
    assert "70 %, 30 %, -10 %" in lost


def test_partial_credit_of_a_single_choice_is_told(tmp_path: Path) -> None:
    (lost,) = only(tmp_path, "Which? {=a ~%50%b ~c}").lost
    assert "50 %" in lost
    assert "b" in lost


@pytest.mark.parametrize(
    ("given", "right", "wrong"),
    [
        ("#1822", ["1822", "1822.0"], ["1821", "1822.5"]),
        ("#3.14", ["3.14"], ["3.141", "3.139"]),
        ("#3.1415:0.0005", ["3.141", "3.142", "3.1415"], ["3.1409", "3.1421"]),
        ("#3.141..3.142", ["3.141", "3.142"], ["3.1409", "3.1421"]),
        ("#-2..-1", ["-2", "-1", "-1.5"], ["-0.9", "1.5"]),
        ("#1e-3:1e-4", ["0.001", "0.0011"], ["0.0012"]),
        ("# =0.25:0.01 #good", ["0.25", "0.26"], ["0.27"]),
        ("#0", ["0"], ["0.4"]),
    ],
)
def test_numbers_are_right_within_their_tolerance(given: str, right: list[str], wrong: list[str], tmp_path: Path) -> None:
    made = template(tmp_path, f"How much? {{{given}}}")
    assert [fraction(made, answer=typed) for typed in right] == [1] * len(right)
    assert [fraction(made, answer=typed) for typed in wrong] == [0] * len(wrong)


def test_another_number_that_earns_a_part_is_foreseen_with_its_feedback(tmp_path: Path) -> None:
    made = template(tmp_path, "When? {#=1822 =%50%1823#Close. =%0%1900}")
    mark = made.mark(made.variants(secret=b"import"), 0, {"answer": "1823"})
    assert mark.fraction == 0.5
    assert made.mistakes[mark.mistake].explanation == "Close."
    assert fraction(made, answer="1900") == 0


def test_a_wider_band_of_half_marks_and_feedback_for_anything_else_are_told(tmp_path: Path) -> None:
    made = only(tmp_path, "When? {#=1822:0 =%50%1822:2 ~#Completely wrong}")
    number = made.answers[0].asked
    assert isinstance(number, Number)
    assert (number.value, number.tolerance, number.wrong) == (Decimal(1822), Decimal(0), ())
    assert sorted(made.lost) == sorted(made.lost, key=str)
    assert any("1822 ± 2" in lost for lost in made.lost)
    assert any("Completely wrong" in lost for lost in made.lost)


@pytest.mark.parametrize("given", ["#", "#3,14", "#abc", "#1:x", "#5..1", "#nan", "#inf", "#1e9999"])
def test_what_is_no_number_is_refused(given: str, tmp_path: Path) -> None:
    assert reason(tmp_path, f"How much? {{{given}}}")


def test_short_answers_take_any_of_their_texts_with_their_weights(tmp_path: Path) -> None:
    made = template(tmp_path, "Who? {=no one =nobody =%50%someone =%0%Grant#He is not.}")
    given = {"No one": 1, " nobody ": 1, "someone": 0.5, "Grant": 0, "x": 0}
    assert {typed: fraction(made, answer=typed) for typed in given} == given
    mark = made.mark(made.variants(secret=b"import"), 0, {"answer": "grant"})
    assert made.mistakes[mark.mistake].explanation == "He is not."


def test_a_star_that_stands_for_any_letters_is_told_and_an_escaped_one_is_a_star(tmp_path: Path) -> None:
    made = only(tmp_path, r"Who? {=a\\*b =ab* =%0%*#No.}")
    typed = made.answers[0].asked
    assert isinstance(typed, Typed)
    assert [one.text for one in typed.accepted] == ["a*b"]
    assert len(made.lost) == 2
    assert reason(tmp_path, "Who? {=ab*}") == "no text without * earns the whole mark"


@pytest.mark.parametrize(
    "text", ["a*b", "{{ x }}", "$5 and $6", "`x`", "<b>", "H(p, q)", "a\\b", 'say "it"', "_x_", "{% if %}"]
)
def test_a_typed_answer_is_compared_as_it_is_written(text: str, tmp_path: Path) -> None:
    written = "".join(f"\\{sign}" if sign in "\\~=#{}:" else sign for sign in text.replace("*", r"\*"))
    made = template(tmp_path, f"Type it: {{={written}}}")
    assert fraction(made, answer=text) == 1
    assert fraction(made, answer=f"{text}x") == 0


@pytest.mark.parametrize(
    ("given", "right", "said"),
    [
        ("T", "True", ("", "")),
        ("TRUE", "True", ("", "")),
        ("F#Wrong!#Well done.", "False", ("Wrong!", "Well done.")),
        ("FALSE", "False", ("", "")),
        ("T#Wrong!", "True", ("", "Wrong!")),
    ],
)
def test_true_and_false_stand_in_that_order_with_feedback_for_wrong_then_right(
    given: str, right: str, said: tuple[str, str], tmp_path: Path
) -> None:
    choice = asked(tmp_path, f"Is it so? {{{given}}}")
    assert isinstance(choice, Choice)
    assert [option.text for option in choice.options] == ["True", "False"]
    assert [option.text for option in choice.options if option.right] == [right]
    assert tuple(option.feedback for option in choice.options) == said
    made = template(tmp_path, f"Is it so? {{{given}}}")
    assert shown_options(made) == {"True": "A", "False": "B"}
    assert fraction(made, answer="A") == (right == "True")


def test_pairs_are_matched_and_a_right_without_a_left_matches_nothing(tmp_path: Path) -> None:
    pairs = asked(tmp_path, "Join. {=Canada -> Ottawa =Italy->Rome = -> Lima}")
    assert isinstance(pairs, Pairs)
    assert pairs.pairs == (("Canada", "Ottawa"), ("Italy", "Rome"))
    assert pairs.extra == ("Lima",)
    made = template(tmp_path, "Join. {=Canada -> Ottawa =Italy->Rome = -> Lima}")
    ((_, interaction),) = made.item(made.variants(secret=b"import"), 0).interactions
    from quizgen.items import Match
    from quizgen.variants.texts import plain_text

    assert isinstance(interaction, Match)
    label = {plain_text(option.text): option.label for option in (*interaction.lefts, *interaction.rights)}
    assert fraction(made, answer=f"{label['Canada']}-{label['Ottawa']} {label['Italy']}-{label['Rome']}") == 1
    assert fraction(made, answer=f"{label['Canada']}-{label['Rome']} {label['Italy']}-{label['Ottawa']}") == 0


def test_an_empty_answer_asks_for_prose(tmp_path: Path) -> None:
    assert isinstance(asked(tmp_path, "Tell of your week. {}"), Free)
    made = only(tmp_path, "Tell of your week. {####Thank you.}")
    assert isinstance(made.answers[0].asked, Free)
    assert made.solution == "Thank you."


def test_a_missing_word_becomes_a_place_in_the_stem(tmp_path: Path) -> None:
    made = only(tmp_path, "Two plus {=two =2} equals four.")
    assert made.stem == "Two plus {{ answer.gap }} equals four."
    loaded = template(tmp_path, "Two plus {=two =2} equals four.")
    assert (fraction(loaded, gap="2"), fraction(loaded, gap="3")) == (1, 0)
    assert "\\_" in only(tmp_path, "Grant is {~buried =entombed} here.").stem


def test_escaped_signs_are_signs_and_a_backslash_n_ends_a_line(tmp_path: Path) -> None:
    made = only(tmp_path, r"::a\:\:b:: Is \{x\} \= 5\: \#1\\2 \~?\nYes? {=\= yes ~no \# \} 1}")
    assert made.title == "a::b"
    assert made.stem == "Is {x} = 5: #1\\\\2 \\~?\\\nYes?"
    choice = made.answers[0].asked
    assert isinstance(choice, Choice)
    assert [option.text for option in choice.options] == ["\\= yes", "no # } 1"]


def test_comments_are_passed_over_but_for_their_tags(tmp_path: Path) -> None:
    made = only(tmp_path, "// question: 1 [id:x] [tag:loss] [tag:week 1]\nHow\n// not this {\nmuch? {\n=a\n//~z\n~b}")
    assert made.tags == ("loss", "week 1")
    assert made.stem == "How much?"
    assert isinstance(made.answers[0].asked, Choice)
    assert len(made.answers[0].asked.options) == 2


def test_a_category_is_a_tag_of_what_follows_and_no_question(tmp_path: Path) -> None:
    found = read(tmp_path, "A? {=x ~y}\n\n$CATEGORY: $course$/top/Week 1/A//B\n\nB? {=x ~y}\n\n$CATEGORY: C\nD? {=x ~y}")
    assert [question.tags for question in found if isinstance(question, Question)] == [(), ("Week 1", "A/B"), ("C",)]
    assert categories("top/ a / b//c /") == ("a", "b/c")


def test_a_text_states_its_form_before_it(tmp_path: Path) -> None:
    assert only(tmp_path, "[markdown]Is **this** `it`? {=a ~b}").stem == "Is **this** `it`?"
    assert only(tmp_path, "[html]<p>Is <b>this</b> it?</p> {=a ~b}").stem == "Is **this** it?"
    assert only(tmp_path, "[plain]Is <b>this</b> it? {=a ~b}").stem == r"Is \<b>this\</b> it?"
    assert only(tmp_path, "Is **this** it?\nOr that? {=a ~b}").stem == r"Is \*\*this\*\* it? Or that?"
    choice = asked(tmp_path, "[html]Is it? {=[markdown]**a** ~<i>b</i>}")
    assert isinstance(choice, Choice)
    assert [option.text for option in choice.options] == ["**a**", "*b*"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Which? {=a}{=b}", "several answers"),
        ("{=a ~b}", "no text"),
        ("Which? {~a ~b}", "no option earns anything"),
        ("Which? {=a =b}x{}", "several answers"),
        ("Which? {=a ~ }", "too few"),
        ("Which? {=a ~A}", "right and wrong"),
        ("Join. {=a -> 1 =b -> 1}", "not two pairs"),
        ("Join. {=a -> 1 =b}", "no ->"),
    ],
)
def test_what_makes_no_template_is_refused_with_its_reason(text: str, why: str, tmp_path: Path) -> None:
    assert why in reason(tmp_path, text)


def test_options_that_look_alike_are_offered_once_and_that_is_told(tmp_path: Path) -> None:
    made = only(tmp_path, "Which? {=a ~b ~B ~c}")
    assert isinstance(made.answers[0].asked, Choice)
    assert len(made.answers[0].asked.options) == 3
    assert "twice" in made.lost[0]


def test_where_several_options_are_right_each_student_meets_one_of_them(tmp_path: Path) -> None:
    text = "Which is a unit? {=nats =bits ~metre ~litre}"
    assert "2 options are right" in only(tmp_path, text).lost[0]
    made = template(tmp_path, text)
    variants = made.variants(secret=b"import", count=50)
    for i, item in enumerate(made.items(variants)):
        ((_, interaction),) = item.interactions
        assert len(interaction.options) == 3  # type: ignore[union-attr]
        right = [made.mark(variants, i, {"answer": label}).fraction for label in "ABC"]
        assert sum(right) == 1


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("One? {=a ~b}\n\nTwo? {=a ~b\n\nThree? {=a ~b}\n", ":3:6:", "no } before the next blank line"),
        ("One? =a ~b}\n", ":1:11:", "no { before it"),
        ("One? {=a {x} ~b}\n", ":1:10:", "a { inside the answers"),
        ("One\\: \\= 1? {=a\n\n", ":1:13:", "no }"),
    ],
)
def test_a_brace_without_its_partner_is_told_with_line_and_column_and_the_rest_is_carried(
    text: str, place: str, what: str, tmp_path: Path
) -> None:
    found = read(tmp_path, f"{text}\n\nLast? {{=a ~b}}\n")
    (refused,) = [one for one in found if isinstance(one, Refused)]
    assert f"{refused.origin}:".endswith(place)
    assert what in refused.reason
    assert [one.title for one in found if one is not refused][-1] == "Last?"


def test_text_without_answers_is_refused_and_a_file_of_nothing_else_cannot_be_read(tmp_path: Path) -> None:
    first, _ = read(tmp_path, "Read this first.\n\nThen? {=a ~b}")
    assert isinstance(first, Refused)
    assert "it asks nothing" in first.reason
    with pytest.raises(QuestionFileError, match="no questions in this file: in GIFT answers stand in braces"):
        read(tmp_path, "hello\n\n// a comment\n\nthere")


def test_a_whole_file_comes_to_templates_and_refusals_question_by_question(tmp_path: Path) -> None:
    text = "\n\n".join(
        ["A? {=x ~y}", "B? {T}", "C? {#4}", "D? {=x}", "E? {=a->1 =b->2}", "F? {}", "G", "H? {~a ~b}", "I? {~%100%a ~b}"]
    )
    done = imported(tmp_path, text)
    assert len(done.made) == 7
    assert [refused.title for refused in done.refused] == ["G", "H? _____"]
    assert [made.name for made in done.made] == list("abcdefi")
    assert not done.whole
