"""What a student can know from the displayed numbers, so that no key depends on anything else.

A value is *seen* when it is displayed with all its digits, or follows from what is: ``gold`` follows from
``words[gold]`` where the words are known, ``p`` from ``1 - p``. What is displayed rounded does not tell what it comes
from, and what only decides a comparison does not tell the numbers compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise

from jinja2 import nodes

from quizgen.answers import Answer
from quizgen.variants.expressions import Expression, names_of
from quizgen.variants.kinds import kind_of
from quizgen.variants.texts import Compiled
from quizgen.variants.values import REAL, TEXT, TRUTH, Grid, Kind

_INVERTIBLE = frozenset({"exp", "log", "ln", "log2", "log10", "sqrt", "sigmoid", "surprisal", "cumsum", "one_hot"})
"""Functions whose value tells their first argument."""

_SPREADING = frozenset({"concat", "join", "lower", "upper", "capitalize", "a_an"})
"""Functions that show each of their arguments."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What a key depends on: a ``draw`` that is not seen, a value seen ``rounded`` only, or a let ``secretly`` rounded.

    ``name`` is empty for a value that has none.
    """

    name: str
    why: str


@dataclass(slots=True)
class Sight:
    """What is seen of a template's names, in a case in which they are of these kinds.

    ``lets`` has the expression behind each let; ``rounding`` the lets that round their value.
    """

    kinds: Mapping[str, Kind]
    lets: Mapping[str, Expression]
    rounding: frozenset[str]
    lengths: Mapping[str, int]
    counts: Mapping[str, int]
    """How many values a name can have, where that is known."""
    apart: Callable[[nodes.Expr], bool]
    """Whether no two entries of a vector look alike, in any variant."""
    exact: dict[str, tuple[nodes.Node, frozenset[str]]] = field(default_factory=dict)
    """What is displayed with all its digits, by its structure, with the names in it."""
    rounded: set[str] = field(default_factory=set)
    """The structure of what is displayed rounded."""
    seen: set[str] = field(default_factory=set)

    def look(self, shown: Compiled | Expression) -> None:
        """Takes in a text, or a value that is displayed."""
        if isinstance(shown, Expression):
            self._show(shown.node)
            return
        glued = {repr(part.node) for pair in shown.glued if self._numbers(pair) for part in pair}
        for expression in shown.always_displays:
            if repr(expression.node) not in glued:
                self._show(expression.node)
        certain = dict(self.exact)
        for expression in shown.displays:  # what only some branches show tells nothing where it is not shown
            self._show(expression.node)
        self.exact = certain
        for expression in shown.conditions:
            self._decide(expression.node)

    def _numbers(self, parts: Iterable[Expression]) -> bool:
        """Whether all are numbers: without a word or mark between them nobody can tell where one ends."""
        return all(kind_of(part.node, self.kinds) != TEXT for part in parts)

    def hear(self, text: Compiled) -> None:
        """Takes in what an option claims: the numbers that it speaks of are known, but what it concludes may be wrong."""
        for expression in (*text.displays, *text.conditions):
            if not any(self._concludes(name) for name in expression.names):
                self._add(expression.node)

    def _concludes(self, name: str) -> bool:
        """Whether a let rests on a comparison."""
        if name not in self.lets:
            return False
        whole = nodes.Output([self.lets[name].node])  # find_all looks below a node only
        return any(True for _ in whole.find_all((nodes.Compare, nodes.CondExpr))) or any(
            self._concludes(used) for used in self.lets[name].names
        )

    def conclude(self) -> None:
        """Works out what follows from all that was taken in."""
        self._follow()

    def unseen(self, key: Expression, asked: Set[str] = frozenset()) -> frozenset[Unseen]:
        """What a key depends on although the student cannot know it.

        A rounding let in ``asked`` may be the key itself, for the student is asked to round it so.
        """
        node: nodes.Expr = key.node
        if isinstance(node, nodes.Name) and node.name in asked:
            node = self.lets[node.name].node
        return frozenset(self._missing(node, set()))

    def _show(self, node: nodes.Expr) -> None:
        """A value is displayed."""
        match node:
            case nodes.List(items=items) | nodes.Tuple(items=items):
                self._show_all(items)
            case nodes.Concat(nodes=parts):
                numeric = [kind_of(part, self.kinds) != TEXT for part in parts]
                if any(both == (True, True) for both in pairwise(numeric)):  # nobody can tell where one ends
                    self._add(node)
                else:
                    self._show_all(parts)
            case nodes.CondExpr(test=test, expr1=yes, expr2=no) if no is not None and kind_of(node, self.kinds) == TEXT:
                self._decide(test)
                self._show_all([yes, no])
            case nodes.Filter(node=inner, name="fixed" | "sig" | "percent" as form, args=args) if inner is not None:
                if self._coarsens(form, inner, args):
                    self.rounded.add(repr(inner))
                else:
                    self._show(inner)
            case nodes.Filter(node=inner, name="signed") if inner is not None:
                self._show(inner)
            case nodes.Filter(node=inner, name=name, args=args) if inner is not None and name in _SPREADING:
                self._show_all([inner, *args])
            case nodes.Call(node=nodes.Name(name=name), args=args) if name in _SPREADING:
                self._show_all(args)
            case nodes.Call(node=nodes.Name(name="take"), args=[nodes.List(items=items), index]):
                if self._length(index) >= len(items):  # all of them, in another order
                    self._show_all(items)
                self._add(node)
            case _:
                self._add(node)

    def _add(self, node: nodes.Node) -> None:
        self.exact.setdefault(repr(node), (node, frozenset(names_of(node))))

    def _show_all(self, parts: Iterable[nodes.Expr]) -> None:
        for part in parts:
            self._show(part)

    def _coarsens(self, form: str, inner: nodes.Expr, args: list[nodes.Expr]) -> bool:
        """Whether a format shows fewer digits than the number has."""
        if not args:
            return False
        kind, count = kind_of(inner, self.kinds), args[0]
        if not isinstance(kind, Grid) or not isinstance(count, nodes.Const) or form == "sig":
            return True
        return int(count.value) + (2 if form == "percent" else 0) < kind.decimals

    def _decide(self, test: nodes.Expr) -> None:
        """The truth of a condition is seen."""
        self._add(test.node if isinstance(test, nodes.Not) else test)

    def _follow(self) -> None:
        """Adds what follows from what is seen, until nothing more does."""
        grew = True
        while grew:
            before = len(self.seen), len(self.exact)
            self._count_comparisons()
            for node, names in list(self.exact.values()):
                unknown = {name for name in names if not self._known(name)}
                if len(unknown) == 1 and self._tells(node, name := unknown.pop()):
                    self.seen.add(name)
                    self._open(name)
            self._count_entries()
            grew = before != (len(self.seen), len(self.exact))

    def _known(self, name: str) -> bool:
        return name in self.seen or name.startswith("case.")

    def _open(self, name: str) -> None:
        """A let that is seen with all its digits is the value of its expression."""
        if name in self.lets and name not in self.rounding and self.kinds.get(name, REAL) != REAL:
            self._show(self.lets[name].node)

    def _count_comparisons(self) -> None:
        """A name is seen when it was compared with all its values but one."""
        compared: dict[str, set[str]] = {}
        for node, _ in self.exact.values():
            match node:
                case nodes.Compare(expr=left, ops=[nodes.Operand(op="eq" | "ne" | "in" | "notin", expr=right)]):
                    for side, other in ((left, right), (right, left)):
                        if isinstance(side, nodes.Name | nodes.Getattr) and all(map(self._known, names_of(other))):
                            compared.setdefault(next(names_of(side)), set()).add(repr(other))
                case nodes.Name(name=truth) if self.kinds.get(truth) == TRUTH:
                    compared.setdefault(str(truth), set()).add("")
        for name, others in compared.items():
            discrete = self.kinds.get(name, REAL) in (TEXT, TRUTH, Grid(0))
            if name not in self.seen and discrete and self.counts.get(name, 2) <= len(others) + 1:
                self.seen.add(name)
                self._open(name)

    def _count_entries(self) -> None:
        """A vector is seen when each of its entries is."""
        entries: dict[str, set[int]] = {}
        for node, _ in self.exact.values():
            match node:
                case nodes.Getitem(node=nodes.Name(name=name), arg=nodes.Const(value=int() as index)):
                    entries.setdefault(name, set()).add(index)
                case nodes.Getitem(node=nodes.Name(name=name), arg=nodes.Neg(node=nodes.Const(value=int() as index))):
                    entries.setdefault(name, set()).add(self.lengths.get(name, 0) - index)
        for name, found in entries.items():
            if name not in self.seen and len(found) == self.lengths.get(name):
                self.seen.add(name)
                self._open(name)

    def _tells(self, node: nodes.Node, name: str) -> bool:
        """Whether the value of an expression tells that of the only name in it that is not known."""
        if not any(used == name for used in names_of(node)):
            return True
        match node:
            case nodes.Name() | nodes.Getattr():
                return True
            case nodes.Compare(expr=left, ops=[nodes.Operand(op="eq" | "ne", expr=right)]):
                # A let or an entry compared: how many values it has is not known, so two are taken for granted.
                side = left if any(used == name for used in names_of(left)) else right
                other = right if side is left else left
                discrete = kind_of(side, self.kinds) in (TEXT, TRUTH, Grid(0))
                bare = isinstance(side, nodes.Name | nodes.Getattr)
                return discrete and not bare and not any(used == name for used in names_of(other)) and self._tells(side, name)
            case nodes.Add() | nodes.Sub() | nodes.Mul() | nodes.Div() | nodes.Concat() | nodes.List() | nodes.Neg():
                return all(self._tells(child, name) for child in node.iter_child_nodes())
            case nodes.Pow(left=left, right=right):
                return self._tells(left, name) and not any(used == name for used in names_of(right))
            case nodes.CondExpr(test=test, expr1=yes, expr2=no) if no is not None:
                return not any(used == name for used in names_of(test)) and self._tells(yes, name) and self._tells(no, name)
            case nodes.Getitem(node=base, arg=index) | nodes.Call(node=nodes.Name(name="take"), args=[base, index]):
                if any(used == name for used in names_of(index)):
                    own = any(used == name for used in names_of(base))
                    return not own and self.apart(base) and self._tells(index, name)
                return self._length(index) >= self._length(base) > 0 and self._tells(base, name)
            case nodes.Call(node=nodes.Name(name=function), args=[first, *_]) if function in _INVERTIBLE | _SPREADING:
                return self._tells(first, name)
        return False

    def _length(self, node: nodes.Expr) -> int:
        """How many entries a vector has that stands under a name; 0 for anything else."""
        return self.lengths.get(next(iter(names_of(node)), ""), 0) if isinstance(node, nodes.Name | nodes.Getattr) else 0

    def _missing(self, node: nodes.Node, done: set[str]) -> Iterator[Unseen]:
        structure = repr(node)
        if structure in self.rounded:
            yield Unseen(next(names_of(node)) if isinstance(node, nodes.Name | nodes.Getattr) else "", "rounded")
            return
        if structure in self.exact:
            return
        match node:
            case nodes.Name() | nodes.Getattr():
                (name,) = names_of(node)
                if name not in done and not self._known(name):
                    done.add(name)
                    yield from self._missing_name(name, done)
            case nodes.Call(node=nodes.Name(name="len")) | nodes.Filter(name="length"):
                return
            case nodes.Call(args=args, kwargs=options):
                for child in (*args, *options):
                    yield from self._missing(child, done)
            case _:
                for inner in node.iter_child_nodes():
                    yield from self._missing(inner, done)

    def _missing_name(self, name: str, done: set[str]) -> Iterator[Unseen]:
        if name in self.lets:
            if name in self.rounding:
                yield Unseen(name, "secretly")
            yield from self._missing(self.lets[name].node, done)
        elif not name.startswith("given."):
            yield Unseen(name, "draw")


def hidden_in_keys(
    stem: Compiled, answers: Sequence[Answer], sight: Sight, asked: Callable[[Answer], Set[str]]
) -> Iterator[tuple[Answer, str]]:
    """Answers whose keys do not follow from what the student sees, each with a message.

    ``asked`` gives the rounding lets that round no more than an answer asks for.
    """
    sight.look(stem)
    for answer in answers:
        for text in answer.shown():
            sight.look(text)
        for text in answer.claims():
            sight.hear(text)
    sight.conclude()
    for answer in answers:
        found = {unseen for key in answer.key_expressions() for unseen in sight.unseen(key, asked(answer))}
        for unseen in sorted(found, key=lambda unseen: (unseen.name, unseen.why)):
            yield answer, _message(unseen)


def _message(unseen: Unseen) -> str:
    name = f"'{unseen.name}'"
    match unseen.why:
        case "rounded" if unseen.name:
            return (
                f"the key depends on {name}, which the student sees only rounded: "
                f"round it in let, {unseen.name}: {{value: …, decimals: …}}"
            )
        case "rounded":
            return "the key depends on a value that the student sees only rounded: round it in let"
        case "secretly":
            return f"the key depends on {name} rounded, but the student does not see that: show it, or do not round it in let"
    return f"the key depends on the draw {name}, which does not follow from what the student sees"
