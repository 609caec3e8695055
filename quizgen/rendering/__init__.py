"""What students and instructors read: texts compiled once, values put in for each variant, and whole pages.

`fragment` puts one text into a flavour; `worksheet`, `feedback`, `key_sheet` and `class_index` write pages;
`check_text` says what is wrong with a text before anyone reads it.
"""

from __future__ import annotations

from quizgen.rendering.feedback import feedback
from quizgen.rendering.flavours import FLAVOURS, check_text, fragment
from quizgen.rendering.index import ClassIndex, ClassRow, class_index
from quizgen.rendering.keys import key_sheet
from quizgen.rendering.worksheets import worksheet

__all__ = [
    "FLAVOURS",
    "ClassIndex",
    "ClassRow",
    "check_text",
    "class_index",
    "feedback",
    "fragment",
    "key_sheet",
    "worksheet",
]
