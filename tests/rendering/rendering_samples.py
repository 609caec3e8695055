"""A worksheet made by hand that holds every interaction, and a small reader of templates for tests of rendering."""

from __future__ import annotations

import re
from dataclasses import replace

from quizgen.items import (
    MARK_BASE,
    AnswerKey,
    Arrange,
    ChooseMany,
    ChooseOne,
    EnterNumber,
    EnterText,
    Entry,
    FeedbackEntry,
    FeedbackPage,
    FeedbackPart,
    Filled,
    Interaction,
    Item,
    KeyedItem,
    Listing,
    Match,
    Number,
    Option,
    Place,
    Section,
    Shown,
    StateDistribution,
    Table,
    Tag,
    Text,
    Worksheet,
    WriteFreely,
    plain,
)
from quizgen.rendering.gallery import Exhibit, Room, Shot, Told

_TAG = re.compile(r"\{\{(.*?)\}\}|\{%\s*(\w+)(.*?)%\}", re.DOTALL)


def text(source: str, *, inline: bool = False) -> Text:
    """The text of a template's source, its tags replaced by marks."""
    tags: list[Tag] = []

    def mark(match: re.Match[str]) -> str:
        line = source.count("\n", 0, match.start()) + 1
        column = match.start() - source.rfind("\n", 0, match.start())
        kind = match[2] or "value"
        tags.append(Tag(kind, (match[1] or match[3] or "").strip(), line, column))  # type: ignore[arg-type]
        return chr(MARK_BASE + len(tags) - 1)

    return Text(_TAG.sub(mark, source), tuple(tags), inline)


def filled(source: str, *values: Shown, inline: bool = False) -> Filled:
    """The source with one value for each tag that needs one."""
    made = text(source, inline=inline)
    supply = iter(values)
    return Filled(made, tuple(None if tag.kind in {"else", "endif"} else next(supply) for tag in made.tags))


def line(source: str, *values: Shown) -> Filled:
    """A text of one line."""
    return filled(source, *values, inline=True)


def options(*texts: str, numbers: bool = False) -> tuple[Option, ...]:
    """Options labelled A, B, … or 1, 2, …."""
    return tuple(
        Option(str(index + 1) if numbers else chr(ord("A") + index), line(source)) for index, source in enumerate(texts)
    )


WORDS = ("salt", "thyme", "concrete", "laughter")
P = (Number("0.65"), Number("0.30"), Number("0.03"), Number("0.02"))
Q = (Number("0.20"), Number("0.15"), Number("0.35"), Number("0.30"))

CHOOSE_ONE = ChooseOne(
    None,
    options(
        "Model A has the lower loss, since $-\\ln 0.65 < -\\ln 0.20$.",
        "Model B has the lower loss, because its *largest* probability went to `concrete`.",
        "Both losses are equal.",
        "The losses cannot be compared without the length of the text.",
    ),
)
CHOOSE_MANY = ChooseMany(
    line("Which statements are true of $H(p, q)$?"),
    options("It is never smaller than $H(p)$.", "It is symmetric in $p$ and $q$.", "It is zero for every one-hot $p$."),
    "every decision counts: one third of the points for each statement treated rightly",
)

ITEMS = (
    Item(
        "Which model suits the kitchen?",
        filled(
            'A chef writes "add a pinch of …". Two models give:\n\n{{ table(x) }}\n\nThe next word was **{{ w }}**. '
            "Which statement is best supported?",
            Table(("Word", "Model A", "Model B"), (WORDS, P, Q)),
            "salt",
        ),
        (("answer", CHOOSE_ONE),),
        (line("Which probability did each model give to the word that came?"), line("The loss is $-\\ln$ of it.")),
    ),
    Item(
        "Total loss of a sequence",
        filled(
            "A model reads the tokens below, with the probabilities it gave to each.\n\n{{ table(x) }}\n\n"
            "Their total is {{ answer.total }}, so the perplexity is {{ answer.perplexity }}, which is "
            "{{ answer.verdict }} that of a die.\n\n$$\nL = -\\sum_{t=1}^{ {{ n }} } \\log_2 q(y_t \\mid y_{<t})\n$$",
            Table(
                ("Token", "Probability", "Loss"),
                (("The", "sun"), (Number("0.75"), Number("0.15")), (Place("loss_1"), Place("loss_2"))),
            ),
            Place("total"),
            Place("perplexity"),
            Place("verdict"),
            Number("2"),
        ),
        (
            ("loss_1", EnterNumber(None, "3 decimals", "bits")),
            ("loss_2", EnterNumber(None, "3 decimals", "bits")),
            ("total", EnterNumber(line("Total loss"), "3 decimals", "bits")),
            ("perplexity", EnterNumber(line("Perplexity"), "2 decimals", "")),
            ("verdict", ChooseOne(line("Comparison"), options("below", "equal to", "above"))),
        ),
    ),
    Item(
        "Cross-entropy and entropy",
        filled("For two distributions $p$ and $q$ over the same words:"),
        (("answer", CHOOSE_MANY),),
    ),
    Item(
        "Order by loss",
        filled("The same word came after four contexts. A model gave it these probabilities."),
        (
            (
                "answer",
                Arrange(
                    line("Put the contexts in order of loss, the smallest first."),
                    options("$q = 0.40$", "$q = 0.05$", "$q = 0.92$", "$q = 0.61$"),
                    "all or nothing",
                ),
            ),
        ),
    ),
    Item(
        "Name the quantities",
        filled("Join each formula to its name."),
        (
            (
                "answer",
                Match(
                    None,
                    options("$-\\log q(x)$", "$-\\sum_i p_i \\log q_i$", "$\\exp(\\mathrm{NLL}/T)$", numbers=True),
                    options("perplexity", "surprisal", "cross-entropy", "entropy"),
                    "each pair counts",
                ),
            ),
        ),
    ),
    Item(
        "How sure are you?",
        filled("A coin of unknown bias fell heads in {{ k }} of {{ n }} throws.", Number("7"), Number("10")),
        (
            (
                "answer",
                StateDistribution(
                    line("Your distribution for the next throw"),
                    options("heads", "tails", "on its edge"),
                    "2 decimals",
                    "Brier score, rescaled: full points only for the truth, none for a uniform guess or worse",
                ),
            ),
        ),
    ),
    Item(
        "A word for it",
        filled("What is the name of $\\frac{1}{T}\\sum_t -\\ln q_t$, exponentiated?"),
        (("answer", EnterText(None)),),
    ),
    Item(
        "In nats",
        filled("The correct label got $q = {{ q }}$. What is the loss?", Number("0.90")),
        (("answer", EnterNumber(None, "3 decimals", "nats")),),
    ),
    Item(
        "Explain",
        filled("Two models have the same accuracy, yet {{ name }} has the higher loss.", "model *B*"),
        (
            (
                "answer",
                WriteFreely(
                    line("Explain how this can be."),
                    150,
                    ("names a confident miss (2 points)", "relates it to the logarithm (1 point)"),
                ),
            ),
        ),
    ),
)


def sheet(**changes: object) -> Worksheet:
    """A worksheet of two sections with every interaction."""
    entries = tuple(
        Entry(f"q{number}", number, 2.5 if number == 2 else 1.0, f"K{number}-7Q", item) for number, item in enumerate(ITEMS, 1)
    )
    base: dict[str, object] = {
        "title": "Cross-entropy, week 3",
        "instructions": filled("Round only at the end. Use **natural** logarithms unless told otherwise."),
        "due": "2026-12-01 18:00 UTC",
        "student": "s1047",
        "name": "Zoë O’Connor-Ñandú",
        "build": "2026w48",
        "code": "7KQ4-MX2P",
        "sections": (Section("Losses", entries[:5]), Section("Judgement", entries[5:])),
    }
    return Worksheet(**{**base, **changes})  # type: ignore[arg-type]


def single(stem: Filled, *interactions: tuple[str, Interaction], **changes: object) -> Worksheet:
    """A worksheet of one item in one section without a title."""
    item = Item("One item", stem, interactions)
    return sheet(sections=(Section("", (Entry("q1", 1, 1.0, "AB-1", item),)),), **changes)


def keyed() -> dict[str, KeyedItem]:
    """Keys for the entries of `sheet` by field."""
    shown = {
        "q1": (AnswerKey("answer", CHOOSE_ONE.options[0].text, "A", (("picks-larger-loss", CHOOSE_ONE.options[1].text),)),),
        "q3": (AnswerKey("answer", plain("A")),),
        "q2": (
            AnswerKey("loss_1", line("{{ x }}", Number("0.415")), "0.4145 to 0.4155", ()),
            AnswerKey("loss_2", line("{{ x }}", Number("2.737")), "2.7365 to 2.7375", ()),
        ),
        "q9": (AnswerKey("answer", plain("Marked by a person: names a confident miss (2 points)")),),
        "q8": (
            AnswerKey(
                "answer",
                line("{{ x }}", Number("0.105")),
                "from 0.1045 to 0.1055",
                (("used-log10", line("{{ x }}", Number("0.046"))),),
            ),
        ),
    }
    solution = filled("The loss is $-\\ln {{ q }} = {{ l }}$ nats.", Number("0.90"), Number("0.105"))
    return {
        f"q{number}": KeyedItem(item, shown.get(f"q{number}", ()), solution if number == 8 else None)
        for number, item in enumerate(ITEMS, 1)
    }


def gallery_rooms() -> tuple[Room, ...]:
    """Two concepts: a template with every interaction among its variants, and a broken one."""
    made = keyed()
    shots = tuple(
        Shot(
            40 + place, replace(made[f"q{place + 1}"], solution=made["q8"].solution), (Told("B", line("Look again & again.")),)
        )
        for place in range(len(made))
    )
    mistakes = (Told("used-log10", filled("The loss in nats uses $\\ln$, not $\\log_{10}$.")),)
    good = Exhibit("kitchen/one", "Which model suits the kitchen?", ("choice", "numeric"), "apply", 2.5, shots, mistakes)
    broken = Exhibit("b/<i>two", "b/<i>two", (), "", 0.0, problems=("a.yaml:1:2: <b> is wrong", "a.yaml:3:4: so is this"))
    return Room("Kitchens", "One sentence.", (good,)), Room("Of no concept of this course", "", (broken,))


def feedback_page(**changes: object) -> FeedbackPage:
    """Feedback with every outcome."""
    made = sheet()
    entries = {entry.field: entry for section in made.sections for entry in section.entries}

    def part(answer: str, typed: str, outcome: str, points: float, key: str, *said: Filled) -> FeedbackPart:
        return FeedbackPart(answer, typed, outcome, points, plain(key) if key else None, "", said)

    loss = FeedbackPart(
        "answer",
        "0,046",
        "wrong",
        0.0,
        line("{{ x }}", Number("0.105")),
        "from 0.1045 to 0.1055",
        (filled("The loss in nats uses $\\ln$, not $\\log_{10}$."),),
    )
    choice = FeedbackPart("answer", "a", "correct", 1.0, CHOOSE_ONE.options[0].text, "A", ())
    rows = (
        FeedbackEntry(entries["q1"], 1.0, (choice,), None),
        FeedbackEntry(
            entries["q2"],
            1.0,
            (
                part("loss_1", "0.415", "correct", 0.5, "0.415"),
                part("loss_2", "2.7 <b>bits</b>", "invalid", 0.0, "2.737"),
                part("total", "", "blank", 0.0, "3.152"),
            ),
            None,
        ),
        FeedbackEntry(entries["q3"], 0.67, (part("answer", "A B", "partial", 0.67, "A"),), None),
        FeedbackEntry(entries["q8"], 0.0, (loss,), keyed()["q8"].solution),
        FeedbackEntry(entries["q9"], 0.0, (part("answer", "One *confident* miss.", "manual", 0.0, ""),), None),
    )
    base: dict[str, object] = {
        "worksheet": made,
        "earned": 2.67,
        "possible": 10.5,
        "entries": rows,
        "notes": ("Handed in 2 hours late.",),
    }
    return FeedbackPage(**{**base, **changes})  # type: ignore[arg-type]


BULLETS = Listing(("one", "two"))
