"""Reports for people: findings by template, each with the command that shows it, then what was measured, and a count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quizgen.checking.formats import Style, command_of, counted
from quizgen.checking.run import Found, Report

_COLOURS = {"error": "31", "warning": "33", "note": "36", "quiet": "2", "bold": "1"}


def write(reports: Sequence[Report], style: Style) -> str:
    """The findings by template, and a last line that counts them."""
    lines = [line for report in reports for line in _template(report, style)]
    return "\n".join([*lines, _summary(reports, style)])


def _template(report: Report, style: Style) -> Iterator[str]:
    told = [found for found in report.found if not found.waived]
    if not told and not (style.figures and report.figures):
        return
    yield _coloured(report.template, "bold", style)
    for found in told:
        yield from _finding(report, found, style)
    if style.figures:
        yield from (_coloured(f"  {figure.name}: {figure.value}", "quiet", style) for figure in report.figures)
    yield ""


def _finding(report: Report, found: Found, style: Style) -> Iterator[str]:
    name = f"[{_coloured(found.severity, found.severity, style)}: {found.check}]"
    yield f"{style.place(found)}: {_one_line(found.place.message)} {name}"
    command = command_of(report, found)
    if command:
        yield _coloured(f"    {command}", "quiet", style)
    if style.debug and found.traceback:
        yield from (f"    {line}" for line in found.traceback.rstrip().splitlines())


def _summary(reports: Sequence[Report], style: Style) -> str:
    counts = counted(reports)
    waived = counts.pop("waived")
    said = [_coloured(f"{count} {name}{'s' if count != 1 else ''}", name, style) for name, count in counts.items() if count]
    templates = f"{len(reports)} template{'s' if len(reports) != 1 else ''}"
    variants = sum(report.variants for report in reports)
    words = f"{templates}, {variants:,} variant{'s' if variants != 1 else ''}: {', '.join(said) or 'nothing found'}"
    return words + (f", {waived} waived" if waived else "")


def _one_line(text: str) -> str:
    """The text without line ends and other characters that steer a terminal; a template's words may hold any."""
    return "".join(c if c.isprintable() else " " for c in text)


def _coloured(text: str, name: str, style: Style) -> str:
    return f"\033[{_COLOURS[name]}m{text}\033[0m" if style.colour else text
