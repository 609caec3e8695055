"""What every kind of answer promises, held over the shipped bank, a small template of each kind, and a kind from outside."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

import numpy as np
import pytest
from numpy.typing import NDArray

import quizgen.items
from quizgen import extensions, load_bank
from quizgen.answers import Answer, AnswerSpec, Earlier, Mark, Reading, Specimens, UnreadableError, answer_kinds
from quizgen.answers.base import CORRECT, WRONG, Shared, Workshop
from quizgen.answers.base import Path as Where
from quizgen.answers.numbers import parse_number
from quizgen.bank import Bank, Template, Variants
from quizgen.errors import NumberError
from quizgen.items import (
    AnswerKey,
    EnterNumber,
    EnterText,
    Filled,
    Interaction,
    Item,
    KeyedItem,
    Worksheet,
    WriteFreely,
    plain,
)
from quizgen.rendering import worksheet
from quizgen.schemes import Texts, Verdict
from quizgen.variants.expressions import Expression
from quizgen.variants.sampler import Block
from quizgen.variants.streams import Words
from quizgen.variants.texts import plain_text

SECRET = b"contract"
COUNT = 40
COPIES = 12
INTERACTIONS = get_args(Interaction)

# One small template of each kind, with randomness, and with what its shipped relatives do not use.
SMALL = {
    "choice": """
draw: {p: {uniform: [0.05, 0.8], step: 0.05, avoid: [0.5, 0.55, 0.6]}}
stem: "A model gives the word probability {{ p }}."
answer:
  kind: choice
  choose: 3
  key: {value: surprisal(p), decimals: 3, unit: nats}
  distractors: [{value: 1 - p, mistake: m-one}, {value: "log2(1 / p)", mistake: m-two}, {value: 1 / p, feedback: "No."}]
""",
    "multiple": """
draw: {p: {distribution: 3, distinct: true}}
stem: "{{ p }}"
answer:
  kind: multiple
  credit: every-decision-counts
  min_true: 0
  options:
    - {text: "the first is over a half", true_when: "p[0] > 0.5", mistake: m-one}
    - {text: "the second is over a third", true_when: "p[1] > 1/3"}
    - {text: "the third is the largest", true_when: argmax(p) == 2, feedback: "Look again."}
""",
    "numeric": """
draw: {p: {uniform: [0.1, 0.9], step: 0.05, avoid: [0.5]}}
stem: "{{ p }}"
answer:
  kind: numeric
  value: surprisal(p)
  sigfigs: 3
  unit: nats
  accept_units: [bits, bans]
  wrong_form: 0.5
  mistakes: {m-one: 1 - p, m-two: {value: surprisal(1 - p), credit: 0.25}}
""",
    "text": """
cases: [{word: salt, other: thyme}, {word: thyme, other: thyme}]
draw: {p: {uniform: [0.6, 0.9], step: 0.05}}
stem: "{{ case.word }} has {{ p }}; {{ case.other }} has the rest."
answer:
  kind: text
  accept: ["{{ case.word }}", {text: "the {{ case.word }}", credit: 0.5}]
  mistakes: {m-one: ["{{ case.other }}"]}
""",
    "order": """
cases: [{words: [salt, thyme, concrete, laughter]}]
draw: {p: {distribution: 4, distinct: true}}
stem: "{{ p }}"
answer: {kind: order, items: case.words, by: p, credit: pairs, mistakes: {m-one: -p, m-two: "[1, 1, 1, 1]", m-three: p}}
""",
    "match": """
draw: {p: {uniform: [0.1, 0.4], step: 0.05}}
stem: "{{ p }}"
answer:
  kind: match
  choose: 3
  extra: ["0.99"]
  pairs:
    - {left: "it", right: "{{ p }}", mistake: m-one}
    - {left: "the rest", right: "{{ 1 - p }}"}
    - {left: "all", right: "1"}
    - {left: "twice", right: "{{ 2 * p }}", mistake: m-two}
""",
    "distribution": """
draw: {p: {distribution: 3, step: 0.05, min: 0.05, distinct: true}}
stem: "{{ p }}"
answer: {kind: distribution, value: p, over: '["a", "b", "c"]', rule: log, mistakes: {m-one: "[p[1], p[0], p[2]]", m-two: p}}
""",
    "essay": """
cases: [{word: salt}, {word: thyme}]
stem: "Explain."
answer: {kind: essay, words: 50, rubric: [{criterion: "names {{ case.word }}", points: 2}, {criterion: says why}]}
""",
    "several": """
draw: {p: {uniform: [0.1, 0.4], step: 0.05}, q: {uniform: [0.5, 0.9], step: 0.05}}
stem: "{{ p }} and {{ q }}: {{ answer.a }}, {{ answer.b }} and {{ answer.c }}"
answers:
  a: {kind: numeric, value: surprisal(p), decimals: 2, unit: nats}
  b: {kind: numeric, value: surprisal(q), decimals: 2, unit: nats}
  c:
    kind: numeric
    value: surprisal(p) - surprisal(q)
    decimals: 2
    tolerance: {abs: 0.01}
    follow_through: {value: given.a - given.b, credit: 0.5}
""",
    "parity": """
draw: {n: {integer: [1, 99]}}
stem: "{{ n }}"
answer: {kind: parity, value: n}
""",
}  # fmt: skip

HEAD = "title: A trial\nconcept: trial\nlevel: apply\nminutes: 1\n"
MISTAKE = "\n  title: A mistake\n  explanation: It is one.\n  concept: trial\n"
CONCEPTS = """course: A course
page: A page
concepts:
  - {id: trial, title: Trial, part: before, row: 1, requires: [], summary: A trial.}
"""


class ParitySpec(AnswerSpec):
    """Whether a number is odd: a kind as somebody else may write it."""

    kind: Literal["parity"] = "parity"
    value: str

    def compile(self, name: str, path: Where, shop: Workshop) -> Answer:
        return ParityAnswer(Shared(name, self.weight, None), shop.expression(self.value, (*path, "value")))


@dataclasses.dataclass(frozen=True)
class ParityAnswer(Answer):
    """The compiled kind from outside."""

    shared: Shared
    value: Expression

    def key_expressions(self) -> Iterable[Expression]:
        return [self.value]

    def prepare(self, block: Block, words: Words) -> NDArray[np.bool_]:
        return block.numbers(self.value) % 2 == 1

    def interaction(self, keys: NDArray[np.bool_], row: int) -> EnterText:
        return EnterText(plain("odd or even?"))

    def read(self, response: str, reading: Reading) -> bool:
        if response.strip() not in ("odd", "even"):
            raise UnreadableError("type odd or even")
        return response.strip() == "odd"

    def mark(
        self, keys: NDArray[np.bool_], rows: NDArray[np.int64], answers: Sequence[bool],
        given: Mapping[str, Sequence[Earlier | None]],
    ) -> list[Mark]:  # fmt: skip
        return [CORRECT if keys[row] == answer else WRONG for row, answer in zip(rows, answers, strict=True)]

    def key(self, keys: NDArray[np.bool_], row: int) -> AnswerKey:
        return AnswerKey(self.name, plain("odd" if keys[row] else "even"))

    def scheme(self, keys: NDArray[np.bool_], row: int) -> Texts:
        return Texts((("odd" if keys[row] else "even", Verdict(1.0)),), case_sensitive=False)

    def specimens(self, keys: NDArray[np.bool_], row: int) -> Specimens:
        right, wrong = ("odd", "even") if keys[row] else ("even", "odd")
        return Specimens((right, f" {right}"), (wrong,), ("maybe",))


class Outside(EntryPoint):
    """An entry point whose object stands in this file."""

    def load(self) -> type[AnswerSpec]:
        return ParitySpec


@pytest.fixture(scope="module", autouse=True)
def kind_from_outside() -> Iterator[None]:
    """Announces the kind `parity` as an installed package would."""
    points = [Outside("parity", "outside:ParitySpec", "quizgen.answers")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extensions, "entry_points", lambda group: [point for point in points if point.group == group])
        extensions.forget()
        yield
    extensions.forget()


@pytest.fixture(scope="module")
def small_bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    folder = tmp_path_factory.mktemp("bank")
    (folder / "concepts.yaml").write_text(CONCEPTS, encoding="utf-8")
    (folder / "mistakes.yaml").write_text(
        "".join(f"m-{number}:{MISTAKE}" for number in ("one", "two", "three")), encoding="utf-8"
    )
    for name, body in SMALL.items():
        (folder / f"{name}.yaml").write_text(HEAD + body, encoding="utf-8")
    return load_bank(folder)


@pytest.fixture(scope="module")
def shipped_bank() -> Bank:
    return load_bank()


SHIPPED = sorted(
    str(path.relative_to(root).with_suffix(""))
    for root in [Path(__file__).parents[2] / "question_bank"]
    for path in root.glob("*/*.yaml")
    if path.parent.name != "quizzes"
)


@dataclasses.dataclass(frozen=True)
class Trial:
    """A template with some of its variants, and the specimens of every answer for each of them."""

    template: Template
    variants: Variants
    copies: Variants
    """Each variant `COPIES` times, so that all its specimens are marked at once."""
    specimens: Mapping[str, Sequence[Specimens]]

    def marks(self, answer: str, responses: Sequence[tuple[int, str]], *, decimal_comma: bool = False) -> list[Mark]:
        """The marks of responses to one answer, each to the variant at its place."""
        column = [""] * (COUNT * COPIES)
        used = [0] * COUNT
        rows = []
        for place, text in responses:
            rows.append(place * COPIES + used[place])
            used[place] += 1
            column[rows[-1]] = text
        marks = self.template.mark_all(self.copies, {answer: column}, Reading(decimal_comma))[answer]
        return [marks[row] for row in rows]

    def of(self, part: str) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        """For each answer its specimens of a sort, each with the place of its variant."""
        for answer, specimens in self.specimens.items():
            found = [(place, text) for place, specimen in enumerate(specimens) for text in getattr(specimen, part)]
            if found:
                yield answer, found


def trial_of(template: Template) -> Trial:
    variants = template.variants(secret=SECRET, count=COUNT)
    found: dict[str, list[Any]] = {answer.name: [None] * COUNT for answer in template.answers}
    for block in variants.blocks:
        for answer, keys in template.prepared(block):
            for row, place in enumerate(block.rows.tolist()):
                found[answer.name][place] = answer.specimens(keys, row)
    copies = template.variants_at(np.repeat(np.arange(COUNT), COPIES), secret=SECRET)
    return Trial(template, variants, copies, found)


@pytest.fixture(scope="module", params=[*(f"small:{name}" for name in SMALL), *SHIPPED])
def trial(request: pytest.FixtureRequest, small_bank: Bank, shipped_bank: Bank) -> Trial:
    bank, _, name = request.param.partition(":")
    return trial_of(small_bank[name] if bank == "small" else shipped_bank[request.param])


def test_every_kind_has_a_template_here(small_bank: Bank) -> None:
    """A kind that is registered but not tried would escape this suite."""
    assert set(answer_kinds()) <= set(SMALL)


def test_what_is_right_earns_full_marks(trial: Trial) -> None:
    for answer, responses in trial.of("right"):
        for (_, text), mark in zip(responses, trial.marks(answer, responses), strict=True):
            assert (mark.outcome, mark.fraction, mark.mistake) == ("correct", 1.0, ""), (answer, text, mark)


def test_keys_are_arrays_and_each_of_them_earns_full_marks(trial: Trial) -> None:
    """Numbers are float64, anything else a text as it is typed; prose has no key that could be typed."""
    for answer in trial.specimens:
        keys = trial.variants.keys(answer)
        assert keys.shape == (COUNT,)
        if isinstance(kind(trial, answer), EnterNumber):
            assert keys.dtype == np.float64
        else:
            assert keys.dtype == object
            assert all(isinstance(key, str) for key in keys)
        if not isinstance(kind(trial, answer), WriteFreely):
            marks = [trial.template.mark(trial.variants, i, {answer: key}) for i, key in enumerate(keys[:5].tolist())]
            single = len(trial.template.answers) == 1
            for mark in marks:  # an unrounded key may be in the wrong form
                right = mark.outcome == "correct" or "the value is right" in mark.note
                assert right if single else mark.fraction > 0, (answer, keys[:5], mark)


def test_what_is_wrong_earns_less(trial: Trial) -> None:
    for answer, responses in trial.of("wrong"):
        for (_, text), mark in zip(responses, trial.marks(answer, responses), strict=True):
            assert mark.outcome in ("wrong", "partial"), (answer, text, mark)
            assert mark.fraction < 1


def test_every_answer_but_prose_has_something_right_and_something_wrong(trial: Trial) -> None:
    for answer, specimens in trial.specimens.items():
        for specimen in specimens:
            assert bool(specimen.right) == bool(specimen.wrong), answer
            assert specimen.unreadable or isinstance(kind(trial, answer), EnterText)


def kind(trial: Trial, answer: str) -> Interaction:
    return dict(trial.template.item(trial.variants, 0).interactions)[answer]


def test_what_cannot_be_read_is_invalid_with_a_reason(trial: Trial) -> None:
    for answer, responses in trial.of("unreadable"):
        for (_, text), mark in zip(responses, trial.marks(answer, responses), strict=True):
            assert (mark.outcome, mark.fraction) == ("invalid", 0), (answer, text, mark)
            assert len(mark.note) > 8


def test_a_mistake_is_diagnosed_as_itself_or_as_one_with_the_same_response(trial: Trial) -> None:
    """Of several mistakes that lead to one response the first is named; what is right by chance is no specimen."""
    for answer, specimens in trial.specimens.items():
        foreseen = [(place, *pair) for place, specimen in enumerate(specimens) for pair in specimen.mistakes]
        marks = trial.marks(answer, [(place, text) for place, _, text in foreseen]) if foreseen else []
        for (place, mistake, text), mark in zip(foreseen, marks, strict=True):
            named = dict(specimens[place].mistakes)
            assert mark.fraction < 1, (answer, text, mark)
            same = mark.mistake in named and alike(named[mark.mistake], text, trial, answer)
            assert mark.mistake == mistake or same, (answer, text, mark)


def alike(one: str, other: str, trial: Trial, answer: str) -> bool:
    """Whether two responses are one, or numbers that are one within the rounding asked for."""
    if one == other or not isinstance(kind(trial, answer), EnterNumber):
        return one == other
    a, b = float(parse_number(one)), float(parse_number(other))
    found = next(found for found in trial.template.answers if found.name == answer)
    return abs(a - b) <= 2.01 * float(found.accuracy.margins(np.array([max(a, b, key=abs)]))[0])  # type: ignore[attr-defined] # numeric


def test_every_mistake_of_the_shipped_bank_can_be_met(trial: Trial) -> None:
    """A mistake that never has a response of its own, in all the variants, would never be diagnosed."""
    if "/" not in trial.template.id:
        return
    for answer in trial.template.answers:
        met = {name for specimens in trial.specimens[answer.name] for name, _ in specimens.mistakes}
        foreseen = {name for name, path in answer.mistakes() if "mistakes" in path}
        assert foreseen <= met, (answer.name, foreseen - met)


def test_a_blank_response_is_blank(trial: Trial) -> None:
    for answer in trial.specimens:
        assert {mark.outcome for mark in trial.marks(answer, [(0, ""), (1, "  "), (2, "\n\t")])} == {"blank"}


def test_numbers_are_read_with_the_decimal_comma_where_the_quiz_says_so(trial: Trial) -> None:
    for answer, responses in trial.of("right"):
        swap = str.maketrans(".,", ",.") if isinstance(kind(trial, answer), EnterNumber) else {}
        swapped = [(place, text.translate(swap)) for place, text in responses]
        for (_, text), mark in zip(swapped, trial.marks(answer, swapped, decimal_comma=True), strict=True):
            assert mark.outcome == "correct", (answer, text, mark)


def test_what_a_student_meets_is_one_of_the_closed_set_of_interactions(trial: Trial) -> None:
    for item in trial.template.items(trial.variants):
        for _, interaction in item.interactions:
            assert type(interaction) in INTERACTIONS


def test_an_item_is_made_of_plain_data_without_a_key(trial: Trial) -> None:
    """Only what `items` offers to students may be reached from an item, down to texts and numbers."""
    forbidden = (AnswerKey, KeyedItem, Answer, Block, np.ndarray)
    allowed = {getattr(quizgen.items, name) for name in dir(quizgen.items) if isinstance(getattr(quizgen.items, name), type)}
    for item in trial.template.items(trial.variants)[:10]:
        stack: list[Any] = [item]
        while stack:
            part = stack.pop()
            assert not isinstance(part, forbidden)
            if dataclasses.is_dataclass(part) and not isinstance(part, type):
                assert type(part) in allowed
                stack.extend(getattr(part, field.name) for field in dataclasses.fields(part))
            elif isinstance(part, tuple):
                stack.extend(part)
            else:
                assert part is None or isinstance(part, str | int | float | bool)


def test_the_key_of_a_typed_answer_is_not_in_the_item(trial: Trial) -> None:
    """A number that the stem or an option shows anyway may be the key by chance; no other place may hold it."""
    for keyed in trial.template.keyed_items(trial.variants):
        item = keyed.item
        for (name, interaction), key in zip(item.interactions, keyed.keys, strict=True):
            if not isinstance(interaction, EnterNumber):
                continue
            shown = plain_text(key.shown).split(" ")[0].rstrip("%")
            if len(shown) < 4 or "." not in shown:
                continue
            given = [plain_text(text) for text in texts_of(item)]
            hidden = repr(item)
            for text in texts_of(item):
                hidden = hidden.replace(repr(text.values), "").replace(repr(text.text), "")
            for form in (shown, shown.replace(".", ","), shown.lstrip("-0")):
                # A longer number that an author wrote, such as 1.4427, holds 1.442 by chance.
                assert not re.search(rf"(?<![0-9.,]){re.escape(form)}(?![0-9])", hidden), (name, form)
            assert shown not in repr(item) or any(shown in text for text in given) or in_source(shown, item), (name, shown)


def texts_of(item: Item) -> Iterator[Filled]:
    yield item.stem
    yield from item.hints
    for _, interaction in item.interactions:
        if interaction.prompt:
            yield interaction.prompt
        for part in ("options", "lefts", "rights"):
            yield from (option.text for option in getattr(interaction, part, ()))


def in_source(shown: str, item: Item) -> bool:
    """Whether the text stands in the author's own source, which is the same for every variant."""
    return any(shown in repr(text.text) for text in texts_of(item))


def test_marks_do_not_depend_on_how_many_are_marked_or_in_which_order(trial: Trial) -> None:
    pools = {
        answer: [
            [*s.right, *s.wrong, *s.unreadable[:1], *(text for _, text in s.mistakes), ""] for s in specimens
        ]
        for answer, specimens in trial.specimens.items()
    }  # fmt: skip
    texts = {answer: [pool[i % len(pool)] for i, pool in enumerate(lists)] for answer, lists in pools.items()}
    together = trial.template.mark_all(trial.variants, texts, Reading())
    backwards = trial.variants.pick(range(COUNT - 1, -1, -1))
    reversed_ = trial.template.mark_all(backwards, {a: column[::-1] for a, column in texts.items()}, Reading())
    for answer, marks in together.items():
        assert reversed_[answer][::-1] == marks
    for i in range(0, COUNT, 7):
        one = trial.template.mark_all(trial.variants.pick([i]), {a: [column[i]] for a, column in texts.items()}, Reading())
        for answer, marks in together.items():
            assert one[answer] == [marks[i]]


def test_the_key_names_the_mistakes_that_can_be_met(trial: Trial) -> None:
    for place, keyed in enumerate(trial.template.keyed_items(trial.variants)):
        for key in keyed.keys:
            assert {name for name, _ in key.mistakes} >= {name for name, _ in trial.specimens[key.answer][place].mistakes}


def test_both_ends_of_the_band_that_a_student_is_told_are_accepted(trial: Trial) -> None:
    ends: dict[str, list[tuple[int, str]]] = {}
    for place, keyed in enumerate(trial.template.keyed_items(trial.variants)):
        for (name, interaction), key in zip(keyed.item.interactions, keyed.keys, strict=True):
            band = re.fullmatch(r"(\S+) to ([^\s%]+)(?: [^\d]*|%)?", key.accepted)
            if isinstance(interaction, EnterNumber) and key.accepted:
                assert band, key.accepted
                ends.setdefault(name, []).extend((place, end) for end in band.groups())
    for answer, responses in ends.items():
        for (_, end), mark in zip(responses, trial.marks(answer, responses), strict=True):
            assert mark.outcome == "correct" or "not given with" in mark.note, (end, mark)


def test_a_kind_from_outside_is_built_and_marked_like_a_built_in_one(small_bank: Bank) -> None:
    variants = small_bank["parity"].variants(secret=SECRET, count=3)
    for i, n in enumerate(variants["n"]):
        assert small_bank["parity"].mark(variants, i, {"answer": "odd" if n % 2 else "even"}).outcome == "correct"
        mark = small_bank["parity"].mark(variants, i, {"answer": "who knows"})
        assert (mark.outcome, mark.note) == ("invalid", "type odd or even")


def test_what_writes_a_students_file_takes_no_keyed_item() -> None:
    """The types hold it: a worksheet is made of items, and a keyed item is none."""
    assert not issubclass(KeyedItem, Item)
    assert get_type_hints(worksheet)["sheet"] is Worksheet
    reached = {Worksheet}
    pending = [Worksheet]
    while pending:
        for hint in get_type_hints(pending.pop()).values():
            for part in [hint, *get_args(hint), *(inner for arg in get_args(hint) for inner in get_args(arg))]:
                if dataclasses.is_dataclass(part) and isinstance(part, type) and part not in reached:
                    reached.add(part)
                    pending.append(part)
    assert Item in reached
    assert not reached & {KeyedItem, AnswerKey}


def test_a_rubric_may_speak_of_the_variant(small_bank: Bank) -> None:
    template = small_bank["essay"]
    variants = template.variants(secret=SECRET, count=20)
    for word, item in zip(variants["case.word"], template.items(variants), strict=True):
        ((_, interaction),) = item.interactions
        assert interaction.rubric == (f"names {word} (2 points)", "says why (1 point)")  # type: ignore[union-attr] # essay


@pytest.mark.parametrize("error", [UnreadableError, NumberError])
def test_the_reasons_for_not_reading_are_errors_of_ours(error: type[Exception]) -> None:
    assert issubclass(error, quizgen.errors.QuizgenError)
