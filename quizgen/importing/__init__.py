"""Questions of other systems as templates: GIFT, Moodle XML and the Markdown format of R/exams.

A format is one module that gives `Question`s, with what is lost of each, and `Refused`, with why.
"""

from quizgen.importing.importing import FORMATS, Import, Made, bank_of, convert, read_questions
from quizgen.importing.questions import Question, Refused
from quizgen.importing.writing import put_all

__all__ = ["FORMATS", "Import", "Made", "Question", "Refused", "bank_of", "convert", "put_all", "read_questions"]
