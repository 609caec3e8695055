"""From submissions to marks: readers, marking, policies, gradebook, feedback, summary."""

from quizgen.grading.grade import Graded, grade
from quizgen.grading.layout import Layout
from quizgen.grading.reading import Submissions, read_submissions

__all__ = ["Graded", "Layout", "Submissions", "grade", "read_submissions"]
