"""A template as its author is writing it: loaded anew whenever a file is saved, and checked over a few variants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Condition, Event

from quizgen.bank import Template, load_bank
from quizgen.bank.bank import CONCEPTS, MISTAKES
from quizgen.bank.source import Document, read_with_extends
from quizgen.checking.run import Found, Plan, Report, Target, check_template
from quizgen.checking.targets import targets
from quizgen.errors import BankError, Problem, ProblemsError, QuizgenError

CHECKED = 300
"""Variants that are checked after each change: few, so that it is quick."""

PERIOD = 0.3
"""Seconds between two looks at the files."""

SUFFIXES = (".yaml", ".yml", ".csv", ".json")

_MOST_NEIGHBOURS = 500


@dataclass(frozen=True, slots=True)
class State:
    """What is known of the template. ``version`` grows with every change of its files, ``news`` with all that is to be told.

    ``template`` is the last that could be loaded; where the files are wrong now, ``problems`` say why. ``report`` is None
    while it is not checked yet.
    """

    version: int = 0
    news: int = 0
    template: Template | None = None
    document: Document | None = None
    problems: tuple[Problem, ...] = ()
    report: Report | None = None


@dataclass(slots=True)
class Bench:
    """Watches the files of one template; `state` is safe to read from any thread."""

    target: Target
    state: State = field(default_factory=State)
    _seen: object = None
    _news: Condition = field(default_factory=Condition)
    _ended: Event = field(default_factory=Event)

    def look(self) -> bool:
        """Whether a file has changed since the last look; the template is loaded anew then."""
        files = self._files()
        seen = _stamps(files)
        if seen == self._seen:
            return False
        self._load()
        # What it is made of may be known only now; what was known before may have been saved again while it was read.
        now = self._files()
        self._seen = frozenset(stamp for stamp in seen if stamp[0] in now) | _stamps(now - files)
        return True

    def check(self) -> None:
        """Checks the template that is there now, unless its files are wrong or change meanwhile."""
        state = self.state
        if state.problems or state.template is None or state.document is None:
            return
        report = _checked(state.template, state.document)
        with self._news:
            if self.state.version == state.version:
                self._tell(replace(state, report=report))

    def follow(self) -> None:
        """Looks and checks again and again until `end`."""
        while not self._ended.is_set():
            if self.look():
                self.check()
            self._ended.wait(PERIOD)

    def wait(self, after: int, seconds: float) -> State:
        """The state as soon as its news are another than ``after``, or when the time is up."""
        with self._news:
            self._news.wait_for(lambda: self.state.news != after or self._ended.is_set(), seconds)
            return self.state

    def end(self) -> None:
        """Ends `follow`, and every `wait`."""
        self._ended.set()
        with self._news:
            self._news.notify_all()

    def _load(self) -> None:
        state = replace(self.state, version=self.state.version + 1, report=None, problems=())
        try:
            bank = load_bank(self.target.folder)
            template = bank.load(self.target.id, self.target.file)
            document = read_with_extends(self.target.file, bank.folder, name=str(self.target.file))
            state = replace(state, template=template, document=document)
        except ProblemsError as error:
            state = replace(state, problems=error.problems)
        except QuizgenError as error:
            state = replace(state, problems=(Problem(str(self.target.file), 0, 1, str(error)),))
        with self._news:
            self._tell(state)

    def _tell(self, state: State) -> None:
        self.state = replace(state, news=self.state.news + 1)
        self._news.notify_all()

    def _files(self) -> set[Path]:
        """The files on which the template may depend: its own, those beside it, what it was made of, what is wrong."""
        folder, file = self.target.folder, self.target.file
        neighbours = [path for path in _listed(file.parent) if path.suffix in SUFFIXES][:_MOST_NEIGHBOURS]
        made_of = [folder / name for name, _ in self.state.template.sources] if self.state.template else []
        wrong = [Path(problem.file) for problem in self.state.problems]
        return {file, folder / CONCEPTS, folder / MISTAKES, *neighbours, *made_of, *wrong}


def target_of(word: str, folder: str | Path | None = None) -> Target:
    """The one template that a person names, by a file, which may be wrong still, or by its id in a bank.

    Raises:
        BankError: there is none, or it is not one.
    """
    found = targets([word], folder)
    if len(found) != 1:
        raise BankError.at(word, f"this is {len(found)} templates; one at a time can be watched")
    if found[0].problems:  # of a quiz or a bank: a template that is wrong shows its own on the page
        raise BankError(found[0].problems)
    return found[0]


def _checked(template: Template, document: Document) -> Report:
    """The report, or that a check failed: the page must not stop because of it."""
    try:
        return check_template(template, document, Plan(CHECKED))
    except Exception as error:  # a fault in a check, which may be another package's, is no reason to end the watching
        place = Problem(document.name, 0, 1, f"the check failed: {type(error).__name__}: {error}")
        return Report(template.id, 0, (Found("failed", "error", place),))


def _listed(folder: Path) -> Iterable[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # it was moved away
        return ()


def _stamps(files: Iterable[Path]) -> frozenset[tuple[Path, int, int]]:
    """When each file was changed last, and its size; those that are not there are left out."""
    found = set()
    for file in files:
        try:
            facts = file.stat()
        except (OSError, ValueError):  # ValueError: a NUL in a name
            continue
        found.add((file, facts.st_mtime_ns, facts.st_size))
    return frozenset(found)
