"""Canvas: what its importer makes of an export, and that it gives the marks that quizgen gives.

A faithful small re-implementation of the importer and the grader (`canvas_importer`) reads the exported package.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, permutations
from pathlib import Path

import pytest
from canvas_answers import given
from canvas_importer import Imported, Quiz, grade, import_quiz, in_number_box
from qti_bank import AWKWARD, write_bank

from quizgen import load_bank
from quizgen.answers.base import Specimens
from quizgen.bank import Bank, Template, Variants
from quizgen.items import Arrange, ChooseMany, EnterNumber, Match
from quizgen.lms.base import Export, Loss, Options, Pool, Question
from quizgen.lms.export import UnsupportedError, export_quiz
from quizgen.lms.formats.qti12.canvas import FORMAT
from quizgen.lms.packing import in_memory
from quizgen.lms.plan import Sent, drawn
from quizgen.lms.registry import formats
from quizgen.quizzes import load_quiz
from quizgen.quizzes.codes import named_code
from quizgen.schemes import NumberBands

SECRET = b"canvas" * 6
SHIPPED = load_bank()
QUIZZES = Path(__file__).parents[2] / "question_bank" / "quizzes"
PLAIN = re.compile(r"-?\d+(\.\d+)?")


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_bank(tmp_path_factory.mktemp("canvas") / "bank")


@dataclass(frozen=True)
class Trial:
    """A question with what Canvas made of it, and what quizgen knows of it."""

    question: Question
    imported: Imported
    losses: tuple[Loss, ...]
    template: Template
    variants: Variants
    specimens: Mapping[str, Specimens]

    @property
    def exact(self) -> bool:
        return not any(loss.severity == "differs" for loss in self.losses)

    def ours(self, answers: Mapping[str, str]) -> float:
        """What quizgen gives, as a fraction of all points; what follows from wrong answers earns nothing here."""
        return self.template.mark(self.variants, 0, answers).fraction

    def theirs(self, answers: Mapping[str, str]) -> float:
        """What Canvas gives for the same."""
        return grade(self.imported, given(self.question, self.imported, answers))


def questions_of(bank: Bank, template: str, count: int) -> list[Question]:
    sent = [Sent(named_code(SECRET, f"{template}\x00{i}"), 0, template, i) for i in range(count)]
    return list(drawn(bank[template], 3.0, sent, SECRET, decimal_comma=False, hints=True))


def export_of(questions: list[Question]) -> Export:
    pool = Pool("qg-quiz-1", 1, "", "1. A pool", 3.0, len(questions), lambda: iter(questions))
    return Export("qg-quiz", "A quiz & <more>", None, False, True, (pool,))


def imported_quiz(questions: list[Question], options: Options | None = None) -> Quiz:
    return import_quiz(in_memory(FORMAT.files(export_of(questions), options or Options()), "zip"))


def trials(bank: Bank, template: str, count: int = 3) -> Iterator[Trial]:
    """What can be there of a template's variants."""
    losses = {question.ident: tuple(FORMAT.losses(question, Options())) for question in questions_of(bank, template, count)}
    kept = [
        question
        for question in questions_of(bank, template, count)
        if not any(loss.severity == "refused" for loss in losses[question.ident])
    ]
    if not kept:
        return
    by_ident = {one.migration_id: one for one in imported_quiz(kept).questions()}
    for question in kept:
        variants = bank[template].variants_at([question.ordinal], secret=SECRET)
        specimens = {
            answer.name: answer.specimens(keys, 0)
            for block in variants.blocks
            for answer, keys in bank[template].prepared(block)
        }
        found = by_ident[question.ident]
        yield Trial(question, found, losses[question.ident], bank[template], variants, specimens)


def responses(trial: Trial) -> Iterator[dict[str, str]]:
    """Right, partly right and wrong responses to each answer, in words that Canvas can be told."""
    right = {name: specimens.right[0] for name, specimens in trial.specimens.items()}
    yield right
    for asked in trial.question.asked:
        specimens = trial.specimens[asked.name]
        others = [*specimens.wrong[:2], *(typed for _, typed in specimens.mistakes)]
        others += list(everything(asked.interaction))
        for other in others:
            if not isinstance(asked.interaction, EnterNumber) or PLAIN.fullmatch(other):
                yield {**right, asked.name: other}


def everything(interaction: object) -> Iterator[str]:
    """Every response there is, for kinds of which partly right ones matter."""
    match interaction:
        case ChooseMany(options=options):
            labels = [option.label for option in options]
            for size in range(len(labels) + 1):
                yield from (" ".join(some) or "none" for some in combinations(labels, size))
        case Arrange(options=options) if len(options) <= 4:
            yield from (" ".join(order) for order in permutations(option.label for option in options))
        case Match(lefts=lefts, rights=rights) if len(rights) <= 4:
            for order in permutations([right.label for right in rights], len(lefts)):
                yield " ".join(f"{left.label}-{right}" for left, right in zip(lefts, order, strict=True))


def compare(trial: Trial) -> None:
    assert not trial.imported.problems
    if trial.imported.kind == "essay_question":
        return
    plain = all(one.scheme.follows is False for one in trial.question.asked if isinstance(one.scheme, NumberBands))
    for answers in responses(trial):
        ours, theirs = trial.ours(answers), trial.theirs(answers)
        if not trial.exact:
            continue
        if plain:
            assert theirs == pytest.approx(ours, abs=1e-9), (trial.question.template, answers)
        else:
            assert theirs <= ours + 1e-9, (trial.question.template, answers)
    right = {name: specimens.right[0] for name, specimens in trial.specimens.items()}
    assert trial.theirs(right) == 1
    for asked in trial.question.asked:
        if isinstance(asked.interaction, EnterNumber):
            assert trial.theirs({**right, asked.name: "about a third"}) < 1


def decimal(number: Fraction) -> str:
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"


def compare_bounds(trial: Trial) -> None:
    """A number is right in the closed interval and nowhere else, and as typed by who was asked for so many digits."""
    scheme = trial.question.asked[0].scheme
    assert isinstance(scheme, NumberBands)
    low, high = scheme.bands[0].low, scheme.bands[0].high
    step = Fraction(1, 10**9)
    for number, inside in ((low, True), (high, True), (low - step, False), (high + step, False)):
        typed = decimal(number)
        if len(typed.replace(".", "").lstrip("-0")) <= 15:
            assert grade(trial.imported, typed, boxed=False) == inside, (trial.question.template, typed)
    assert grade(trial.imported, scheme.typed) == 1


@pytest.mark.parametrize("id", sorted(SHIPPED))
def test_canvas_gives_quizgens_marks_for_every_template_of_the_bank(id: str) -> None:
    for trial in trials(SHIPPED, id, 2):
        compare(trial)
        if trial.imported.kind == "numerical_question":
            compare_bounds(trial)


KINDS = {
    "many-all-or-nothing": ("short_answer_question", "multiple_answers_question"),
    "many-every-decision-counts": ("multiple_dropdowns_question",),
    "many-percent-correct": ("multiple_answers_question",),
    "many-true": ("multiple_answers_question",),
    "order-all-or-nothing": ("short_answer_question",),
    "order-absolute-position": ("multiple_dropdowns_question",),
    "order-pairs": ("multiple_dropdowns_question",),
    "match-each-pair": ("matching_question",),
    "match-all-or-nothing": ("short_answer_question",),
    "choice": ("multiple_choice_question",),
    "numeric-zero": ("numerical_question",),
    "essay": ("essay_question",),
}


@pytest.mark.parametrize("id", sorted(KINDS))
def test_every_kind_has_the_question_type_that_marks_it_truly(bank: Bank, id: str) -> None:
    found = list(trials(bank, id, 12))
    assert found
    for trial in found:
        assert trial.exact
        assert trial.imported.kind in KINDS[id]
        compare(trial)


DIFFERENT = {
    "many-coverage": "Canvas takes off a right option's share",
    "many-all": "Canvas takes off a right option's share",
    "many-none": "Canvas takes off a right option's share",
    "order-relative-next": "Canvas marks each item in its right place",
    "order-longest-ordered-subset": "Canvas marks each item in its right place",
    "order-longest-contiguous-subset": "Canvas marks each item in its right place",
    "distribution-brier": "a share for each right probability",
    "numeric": "a number that earns part of the points earns none",
    "text": "a text that earns part of the points earns none",
    "text-strict": "capital and small letters for the same",
    "several": "the same share of the points",
    "several-with-distribution": "a share for each right probability",
}


@pytest.mark.parametrize("id", sorted(DIFFERENT))
def test_what_canvas_marks_otherwise_is_said(bank: Bank, id: str) -> None:
    found = list(trials(bank, id, 12))
    told = [loss.what for trial in found for loss in trial.losses if loss.severity == "differs"]
    assert any(DIFFERENT[id] in what for what in told)
    for trial in found:
        compare(trial)


def test_nothing_right_among_the_options_is_refused_unless_it_can_be_said(bank: Bank) -> None:
    seen = set()
    for rule in ("percent-correct", "all-or-nothing", "every-decision-counts"):
        for question in questions_of(bank, f"many-{rule}", 60):
            if not any(question.asked[0].scheme.right):  # type: ignore[union-attr] # it has options
                seen.add(rule)
                refused = any(loss.severity == "refused" for loss in FORMAT.losses(question, Options()))
                assert refused == (rule == "percent-correct")
    assert seen == {"percent-correct", "all-or-nothing", "every-decision-counts"}


def test_a_number_box_keeps_four_decimals_and_nothing_that_is_no_number() -> None:
    assert (in_number_box("0.00123"), in_number_box("1.05e-1"), in_number_box("1/3")) == ("0.0012", "0.105", "")


def numeric(text: str, folder: Path) -> Bank:
    bank = write_bank(folder / "bank")
    head = "title: A number\nconcept: trial\nlevel: apply\nminutes: 1\n"
    (folder / "bank" / "number.yaml").write_text(f"{head}{text}", encoding="utf-8")
    return load_bank(bank.folder)


SMALL = """draw: {p: {uniform: [0.00011, 0.00019], step: 0.00001}}
stem: "{{ p }}"
answer: {kind: numeric, value: p / 2, decimals: 6}
"""


def test_numbers_too_small_for_a_number_box_become_a_list_of_texts(tmp_path: Path) -> None:
    bank = numeric(SMALL, tmp_path)
    for trial in trials(bank, "number", 5):
        assert trial.imported.kind == "short_answer_question"
        typed = trial.specimens["answer"].right[0]
        assert typed.startswith("0.0000")
        for form in (typed, typed[1:], typed.replace(".", ","), f" {typed} "):
            assert grade(trial.imported, form) == 1
        assert grade(trial.imported, f"{typed}9") == 0


def test_what_cannot_be_listed_is_refused(tmp_path: Path) -> None:
    text = 'draw: {p: {uniform: [0.1, 0.9], step: 0.1}}\nstem: "{{ p }}"\nanswers:\n'
    last = "  b: {kind: numeric, value: p, decimals: 1}\n"
    wide = f"{text}  a: {{kind: numeric, value: p, decimals: 3, tolerance: {{abs: 0.05}}}}\n{last}"
    unrounded = f"{text}  a: {{kind: numeric, value: p, tolerance: {{abs: 0.05}}}}\n{last}"
    for place, (body, words) in enumerate(((wide, "too many numbers are right"), (unrounded, "no rounding is asked for"))):
        folder = tmp_path / str(place)
        folder.mkdir()
        bank = numeric(body, folder)
        (question,) = questions_of(bank, "number", 1)
        refused = [loss for loss in FORMAT.losses(question, Options()) if loss.severity == "refused"]
        assert len(refused) == 1
        assert words in refused[0].what
        assert refused[0].answer == "a"


def test_a_text_that_canvas_would_throw_away_is_refused(tmp_path: Path) -> None:
    stem = "$x^2$ " * 200
    answer = "answer: {kind: numeric, value: n, decimals: 0}\n"
    bank = numeric(f'draw: {{n: {{integer: [1, 9]}}}}\nstem: "{stem}{{{{ n }}}}"\n{answer}', tmp_path)
    (question,) = questions_of(bank, "number", 1)
    (refused,) = [loss for loss in FORMAT.losses(question, Options()) if loss.severity == "refused"]
    assert "--math latex" in refused.what
    assert imported_quiz([question]).groups[0].questions[0].problems == ["text too long"]
    assert not [loss for loss in FORMAT.losses(question, Options(math="latex")) if loss.severity == "refused"]
    assert not imported_quiz([question], Options(math="latex")).groups[0].questions[0].problems


def test_each_pool_is_a_group_that_draws_one_question_for_the_pools_points(bank: Bank) -> None:
    quiz = imported_quiz(questions_of(bank, "choice", 4))
    (group,) = quiz.groups
    assert (quiz.title, quiz.points) == ("A quiz & <more>", 3.0)
    assert (group.pick_count, group.points, len(group.questions)) == (1, 3.0, 4)
    assert {question.points for question in group.questions} == {3.0}


def test_feedback_and_worked_solution_arrive(bank: Bank) -> None:
    (question,) = questions_of(bank, "choice", 1)
    (imported,) = imported_quiz([question]).questions()
    assert imported.neutral_comments.startswith("<p>It is <math")
    scheme = question.asked[0].scheme
    for answer, verdict in zip(imported.answers, scheme.verdicts, strict=True):  # type: ignore[union-attr] # one option
        assert bool(answer.comments) == (question.told(verdict) is not None)
    assert any("<strong>Mistake" in answer.comments for answer in imported.answers)


@pytest.mark.parametrize("math", ["mathml", "latex"])
def test_awkward_words_arrive_as_they_are(bank: Bank, math: str) -> None:
    words = AWKWARD.replace("\\\\", "\\").strip()
    for question in questions_of(bank, "awkward", 1):
        (imported,) = imported_quiz([question], Options(math=math)).questions()  # type: ignore[arg-type] # one of two
        assert not imported.problems
        assert words in imported.shown
        shown = {html.unescape(answer.html) for answer in imported.answers}
        assert shown == {words, f"not {words}"}
        assert {answer.text for answer in imported.answers} == {one.replace("&amp;", "") for one in shown}
        said = [imported.neutral_comments, *(answer.comments for answer in imported.answers if answer.weight == 0)]
        assert [html.unescape(re.sub(r"<[^>]*>", "", one)).strip() for one in said] == [words, words]


def test_a_gaps_name_stands_in_no_other_place(tmp_path: Path) -> None:
    body = 'draw: {n: {integer: [2, 9]}}\nstem: "Let [a1] and [aa2] be {{ n }}."\nanswers:\n'
    bank = numeric(
        f"{body}  x: {{kind: numeric, value: n, decimals: 0}}\n  y: {{kind: numeric, value: 2 * n, decimals: 0}}\n", tmp_path
    )
    for trial in trials(bank, "number"):
        compare(trial)
        assert not {"a1", "aa2"} & set(trial.imported.blanks)


def test_the_shipped_quizzes_arrive_whole(tmp_path: Path) -> None:
    for file in sorted(QUIZZES.glob("*.yaml")):
        out = tmp_path / f"{file.stem}.zip"
        done = export_quiz(load_quiz(file), SHIPPED, FORMAT, out, variants=2, secret=SECRET, skip_unsupported=True)
        quiz = import_quiz(out.read_bytes())
        assert sum(len(group.questions) for group in quiz.groups) == done.questions
        assert len(quiz.groups) == done.pools
        assert not [problem for question in quiz.questions() for problem in question.problems]
        assert len({question.migration_id for question in quiz.questions()}) == done.questions
        assert all(question.name[-10:-1] in question.text for question in quiz.questions())


def test_the_same_export_is_the_same_byte_for_byte(bank: Bank) -> None:
    export = export_of(questions_of(bank, "choice", 3))
    assert in_memory(FORMAT.files(export, Options()), "zip") == in_memory(FORMAT.files(export, Options()), "zip")


def test_what_differs_is_written_only_on_request(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "quiz.yaml").write_text("title: A quiz\nitems: [{template: order-relative-next}]\n", encoding="utf-8")
    blueprint = load_quiz(tmp_path / "quiz.yaml")
    with pytest.raises(UnsupportedError, match="Canvas marks each item in its right place"):
        export_quiz(blueprint, bank, formats()["canvas"], tmp_path / "out.zip")
    done = export_quiz(blueprint, bank, formats()["canvas"], tmp_path / "out.zip", approximate=True, variants=2)
    assert done.questions == 2
