"""The sweeps that prove a template well posed; each check is one function of a module here."""

from collections.abc import Mapping

from quizgen.checking.base import SEVERITIES, Check, Figure, Finding, Severity, check
from quizgen.checking.sweep import Sweep
from quizgen.extensions import known

__all__ = ["SEVERITIES", "Check", "Figure", "Finding", "Severity", "Sweep", "check", "checks"]

BUILT_IN = {
    "uncomputable": "quizgen.checking.computable:uncomputable",
    "draw-acceptance": "quizgen.checking.draws:acceptance",
    "idle-condition": "quizgen.checking.draws:idle_condition",
    "idle-guard": "quizgen.checking.draws:idle_guard",
    "idle-draw": "quizgen.checking.draws:idle_draw",
    "pool-gap": "quizgen.checking.draws:pool_gap",
    "unreached": "quizgen.checking.reaching:unreached",
    "key-never-changes": "quizgen.checking.numeric_keys:never_changes",
    "tolerance-takes-zero": "quizgen.checking.tolerances:takes_zero",
    "tolerance-too-wide": "quizgen.checking.tolerances:too_wide",
    "key-coarser-than-asked": "quizgen.checking.tolerances:coarser",
    "sensible-rounding": "quizgen.checking.tolerances:sensible_rounding",
    "finer-than-shown": "quizgen.checking.tolerances:finer_than_shown",
    "idle-tolerance": "quizgen.checking.tolerances:idle_tolerance",
    "rounding-tie": "quizgen.checking.tolerances:rounding_tie",
    "infinite-key": "quizgen.checking.numeric_keys:infinite_key",
    "key-in-stem": "quizgen.checking.giveaways:key_in_stem",
    "mistake-like-key": "quizgen.checking.foreseen:mistake_like_key",
    "mistakes-alike": "quizgen.checking.foreseen:mistakes_alike",
    "equal-options": "quizgen.checking.options:equal_options",
    "option-near-key": "quizgen.checking.options:near_key",
    "glued-options": "quizgen.checking.options:glued_options",
    "probability-range": "quizgen.checking.probabilities:in_range",
    "table-sum": "quizgen.checking.probabilities:sums_to_one",
    "one-hot": "quizgen.checking.probabilities:one_hot",
    "gold-not-in-table": "quizgen.checking.probabilities:gold_not_in_table",
    "uniform-truth": "quizgen.checking.probabilities:uniform_truth",
    "tie": "quizgen.checking.ties:tie",
    "close-call": "quizgen.checking.ties:close_call",
    "shown-is-graded": "quizgen.checking.shown:shown_is_graded",
    "shown-in-full": "quizgen.checking.shown:shown_in_full",
    "self-grading": "quizgen.checking.self_grading:self_grading",
    "leak": "quizgen.checking.leaks:leak",
    "second-formula": "quizgen.checking.numeric_keys:second_formula",
    "weights": "quizgen.checking.composites:weights",
    "answer-place": "quizgen.checking.composites:answer_place",
    "follow-through-wrong": "quizgen.checking.composites:follow_through_wrong",
    "follow-through-idle": "quizgen.checking.composites:follow_through_idle",
    "guessable": "quizgen.checking.guessing:guessable",
    "key-position": "quizgen.checking.guessing:key_position",
    "capacity": "quizgen.checking.capacity:capacity",
    "no-variation": "quizgen.checking.capacity:no_variation",
    "fairness": "quizgen.checking.fairness:fairness",
    "uneven-variants": "quizgen.checking.fairness:uneven_variants",
    "incidental": "quizgen.checking.fairness:incidental",
    "minutes": "quizgen.checking.fairness:minutes",
    "all-of-the-above": "quizgen.checking.wording:all_of_the_above",
    "hidden-negative": "quizgen.checking.wording:hidden_negative",
    "option-length": "quizgen.checking.wording:option_length",
    "no-question": "quizgen.checking.wording:no_question",
    "rounding-not-told": "quizgen.checking.wording:rounding_not_told",
    "unit-not-told": "quizgen.checking.wording:unit_not_told",
    "rounding-contradicts": "quizgen.checking.contradictions:rounding_contradicts",
    "unit-contradicts": "quizgen.checking.contradictions:unit_contradicts",
    "long-sentence": "quizgen.checking.wording:long_sentence",
    "no-solution": "quizgen.checking.wording:no_solution",
    "no-hints": "quizgen.checking.wording:no_hints",
    "article": "quizgen.checking.slips:article",
    "doubled-word": "quizgen.checking.slips:doubled_word",
    "punctuation": "quizgen.checking.slips:punctuation",
    "empty-text": "quizgen.checking.slips:empty_text",
    "spelling": "quizgen.checking.spelling:spelling",
    "solution-shows-key": "quizgen.checking.solutions:solution_shows_key",
    "solution-shows-option": "quizgen.checking.solutions:solution_shows_option",
}
"""Every built-in check: its name, and where its function is."""


def checks() -> Mapping[str, Check]:
    """All checks by name, those of other packages among them."""
    return known("quizgen.checks", BUILT_IN)
