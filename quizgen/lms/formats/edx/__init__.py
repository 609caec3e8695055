"""Open edX: a course in OLX, whose problems its own grader marks."""

from __future__ import annotations

from quizgen.lms.base import Format
from quizgen.lms.formats.edx.course import BLOCKS, course
from quizgen.lms.formats.edx.losses import losses

FORMAT = Format("edx", "Open edX (OLX)", ".tar.gz", "tar.gz", losses, course, dialects=BLOCKS, maths=("latex",))
"""Formulas are LaTeX: Open edX reads a ``math`` element of a problem as something of its own."""
