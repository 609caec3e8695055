"""Learning management systems: quizzes go there (one module per format), and what comes back from there is read."""

from quizgen.lms.export import Exported, export_quiz

__all__ = ["Exported", "export_quiz"]
