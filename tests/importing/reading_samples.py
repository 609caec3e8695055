"""What the tests of importing share: reading a text as a file of some format, and the templates that come of it."""

from __future__ import annotations

from pathlib import Path

from quizgen.bank import Template, load_template
from quizgen.importing import Import, Question, Refused, convert, read_questions
from quizgen.importing.questions import Asked

CONCEPT = "calculating-cross-entropy-loss"


def read(folder: Path, text: str | bytes, ending: str = ".gift") -> list[Question | Refused]:
    """The questions of a file with this text."""
    file = folder / f"questions{ending}"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_questions(file)


def only(folder: Path, text: str | bytes, ending: str = ".gift") -> Question:
    """The one question of a file, which is carried."""
    (question,) = read(folder, text, ending)
    assert isinstance(question, Question), question
    return question


def asked(folder: Path, text: str | bytes, ending: str = ".gift") -> Asked:
    """What the one question of a file asks."""
    (answer,) = only(folder, text, ending).answers
    return answer.asked


def reason(folder: Path, text: str | bytes, ending: str = ".gift") -> str:
    """Why the one question of a file is refused."""
    (refused,) = read(folder, text, ending)
    assert isinstance(refused, Refused), refused
    return refused.reason


def imported(folder: Path, text: str | bytes, ending: str = ".gift", concept: str = CONCEPT) -> Import:
    """What comes of a file."""
    return convert(read(folder, text, ending), concept, None)


def template(folder: Path, text: str | bytes, ending: str = ".gift", concept: str = CONCEPT) -> Template:
    """The template of the one question of a file, loaded from its own file."""
    done = imported(folder, text, ending, concept)
    assert not done.refused, done.refused
    (made,) = done.made
    file = folder / f"{made.name}.yaml"
    file.write_text(made.text, encoding="utf-8")
    return load_template(file)


def fraction(template: Template, **responses: str) -> float:
    """What these responses earn in the first variant."""
    return template.mark(template.variants(secret=b"import"), 0, responses).fraction


def shown_options(template: Template, name: str = "answer") -> dict[str, str]:
    """The words of the options of the first variant, each with its label."""
    from quizgen.variants.texts import plain_text

    interactions = dict(template.item(template.variants(secret=b"import"), 0).interactions)
    return {plain_text(option.text): option.label for option in interactions[name].options}  # type: ignore[union-attr]


def xml(*questions: str) -> str:
    """A Moodle XML file with these questions."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(questions) + "\n</quiz>\n"


def xml_question(kind: str, inside: str, text: str = "Which?", name: str = "A name") -> str:
    """A question of Moodle XML with its name and text."""
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>{inside}</question>'
    )


def xml_answer(text: str, fraction: float, feedback: str = "", more: str = "") -> str:
    """An answer of Moodle XML."""
    said = f'<feedback format="html"><text>{feedback}</text></feedback>' if feedback else ""
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{said}{more}</answer>'
