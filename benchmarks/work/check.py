"""The check of the bank's templates, and the same variants merely drawn with their keys."""

from __future__ import annotations

from collections.abc import Callable

from quizgen.bank import load_bank
from quizgen.checking.run import Plan, check_all
from quizgen.checking.sweep import SECRET
from quizgen.checking.targets import targets


def checked(every: int, count: int) -> Callable[[], object]:
    """Checks each template of so many, on the cores that this process may use, and loads them."""
    wanted = targets(())[::every]
    return lambda: check_all(wanted, Plan(count))


def drawn(every: int, count: int) -> Callable[[], object]:
    """Draws the same variants and their keys, and loads the templates."""
    wanted = targets(())[::every]

    def run() -> None:
        bank = load_bank()
        for target in wanted:
            template = bank[target.id]
            for block in template.variants(secret=SECRET, count=count).blocks:
                template.prepared(block)

    return run


def templates(every: int) -> int:
    """How many templates that are."""
    return len(targets(())[::every])
