"""Quizzes for classes: quiz files, class lists, who gets what, worksheets, and the manifest of a build."""

from quizgen.quizzes.blueprint import Blueprint
from quizgen.quizzes.blueprint import load_blueprint as load_quiz
from quizgen.quizzes.build import Built, build_quiz
from quizgen.quizzes.manifest import Manifest, read_manifest
from quizgen.quizzes.roster import Roster, read_roster

__all__ = ["Blueprint", "Built", "Manifest", "Roster", "build_quiz", "load_quiz", "read_manifest", "read_roster"]
