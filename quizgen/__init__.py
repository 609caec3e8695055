"""quizgen: auto-graded exercises and quizzes from YAML templates, for courses on language models.

The names below are stable; each is imported when it is first used, so importing quizgen is cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quizgen import entropy
    from quizgen.bank import Bank, Template, Variants, load_bank, load_template
    from quizgen.quizzes import load_quiz

__version__ = "0.1.0"

__all__ = ["Bank", "Template", "Variants", "__version__", "entropy", "load_bank", "load_quiz", "load_template"]

_HOMES = {
    "Bank": "quizgen.bank",
    "Template": "quizgen.bank",
    "Variants": "quizgen.bank",
    "load_bank": "quizgen.bank",
    "load_template": "quizgen.bank",
    "load_quiz": "quizgen.quizzes",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "entropy":
        return import_module("quizgen.entropy")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'quizgen' has no attribute {name!r}")
