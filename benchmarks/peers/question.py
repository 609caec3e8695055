"""The question's numbers and words, drawn with nothing but Python, for peers whose questions are written out one by one."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

CASES = (
    ("The lighthouse keeper lit the", ("lamp", "fire", "candle", "stove", "signal")),
    ("Every evening the bats leave the", ("cave", "tower", "forest", "attic", "mine")),
    ("The engineer tightened the last", ("bolt", "screw", "cable", "strap", "valve")),
    ("My aunt in Hanoi sells", ("noodles", "flowers", "books", "tea", "shoes")),
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of the question; ``parts`` are thousandths."""

    context: str
    words: tuple[str, ...]
    gold: int
    parts: tuple[int, ...]

    @property
    def loss(self) -> float:
        """The key."""
        return -math.log(self.parts[self.gold] / 1000)

    @property
    def prompt(self) -> str:
        """The question in Markdown."""
        rows = "\n".join(
            f"| {word} | {int(i == self.gold)} | {part / 1000:.3f} |"
            for i, (word, part) in enumerate(zip(self.words, self.parts, strict=True))
        )
        return (
            f"A language model reads *{self.context} …* and predicts the next token. The table shows the gold-standard "
            "distribution at this position and the distribution of the model; the vocabulary has only these five tokens.\n\n"
            f"| Token | Gold | Model |\n|-------|------|-------|\n{rows}\n\n"
            "What is the cross-entropy loss at this position, in nats, with 3 decimals?\n"
        )


def variants(count: int, seed: int = 1) -> Iterator[Variant]:
    """So many variants, in which the numbers differ from each other and the gold one is not too small."""
    chance = random.Random(seed)
    while count:
        context, words = chance.choice(CASES)
        gold = chance.randrange(5)
        edges = sorted(chance.sample(range(1, 1000), 4))
        parts = tuple(b - a for a, b in zip([0, *edges], [*edges, 1000], strict=True))
        if len(set(parts)) == 5 and min(parts) >= 30 and max(parts) <= 700 and parts[gold] >= 50:
            count -= 1
            yield Variant(context, words, gold, parts)
