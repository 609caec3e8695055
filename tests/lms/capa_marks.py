"""Marks responses with Open edX's own grader: run by a Python that has it, fed with lines of JSON, answering with such lines.

In: lists of ``{"xml", "ident", "answers"}``, answers by input (``2_1``). Out: for each ``{"score", "total"}``, with
``"invalid"`` where a response cannot be read, or ``"html"`` where ``{"xml", "ident", "show"}`` asks what a student sees.
"""

from __future__ import annotations

import gettext
import json
import logging
import sys
import warnings
from typing import Any
from unittest.mock import MagicMock

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import django  # noqa: E402 # warnings of what it imports are no concern here
from django.conf import settings  # noqa: E402

settings.configure(
    INSTALLED_APPS=["xblocks_contrib.problem.capa"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    STATIC_URL="/static/",
    USE_TZ=True,
)
django.setup()

from django.template.loader import get_template  # noqa: E402
from xblocks_contrib.problem.capa.capa_problem import LoncapaProblem, LoncapaSystem  # noqa: E402
from xblocks_contrib.problem.capa.responsetypes import StudentInputError  # noqa: E402

_SYSTEM = LoncapaSystem(
    ajax_url="/",
    anonymous_student_id="student",
    cache=None,
    can_execute_unsafe_code=lambda: False,
    get_python_lib_zip=lambda: None,
    DEBUG=False,
    i18n=gettext.NullTranslations(),
    render_template=lambda name, context: get_template(name).render(context),
    resources_fs=None,
    seed=1,
    xqueue=None,
)


def _answered(problem: LoncapaProblem, ident: str, answers: dict[str, Any]) -> dict[str, Any]:
    try:
        problem.grade_answers({f"{ident}_{name}": value for name, value in answers.items()})
    except StudentInputError as error:
        return {"invalid": str(error), "score": 0, "total": problem.get_max_score()}
    found = problem.calculate_score()
    messages = [problem.correct_map.get_msg(name) for name in problem.correct_map]
    return {
        "score": found["score"],
        "total": found["total"],
        "said": " ".join(messages),
        "state": problem.get_state(),
        "report": {
            name: [problem.find_question_label(name), problem.find_answer_text(name, value)]
            for name, value in problem.student_answers.items()
        },
    }


def _one(task: dict[str, Any]) -> dict[str, Any]:
    show = bool(task.get("show"))
    problem = LoncapaProblem(
        task["xml"], id=task["ident"], seed=1, capa_system=_SYSTEM, capa_block=MagicMock(), extract_tree=show
    )
    if show:
        return {"html": problem.get_html(), "shown": problem.get_question_answers()}
    return _answered(problem, task["ident"], task["answers"])


for line in sys.stdin:
    print(json.dumps([_one(task) for task in json.loads(line)]), flush=True)
