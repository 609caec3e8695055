"""Packages of QTI 2.1, 2.2 and 3: one item for each question, and a test that selects one of each pool."""

from quizgen.lms.base import Format
from quizgen.lms.formats.qti.losses import losses
from quizgen.lms.formats.qti.package import files
from quizgen.lms.formats.qti.versions import V3, V21, V22, Version


def _format(version: Version) -> Format:
    return Format(version.name, f"{version.title} package", ".zip", "zip", losses, files(version))


QTI21, QTI22, QTI3 = _format(V21), _format(V22), _format(V3)

__all__ = ["QTI3", "QTI21", "QTI22"]
