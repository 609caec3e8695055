"""What kind of value an expression gives, worked out from its form: how many decimals it has exactly, if any."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import nodes

from quizgen.variants.values import MAX_DECIMALS, REAL, TEXT, TRUTH, Grid, Kind, join_kinds, keeps_grid
from quizgen.variants.written import written_decimals

_WHOLE = {"argmax", "argmin", "argsort", "rank", "len", "count", "index", "range", "one_hot", "floor", "ceil"}
_KEEPING = {"abs", "min", "max", "sum", "sort", "cumsum", "concat", "repeat", "take", "dot"}
_TEXTS = {"a_an", "plural", "join", "lower", "upper", "capitalize"}


def kind_of(node: nodes.Expr, names: Mapping[str, Kind]) -> Kind:
    """The kind of the expression's value, given its names' kinds. Unknown names are REAL (they are reported elsewhere)."""

    def kind(child: nodes.Expr) -> Kind:
        return kind_of(child, names)

    match node:
        case nodes.Const(value=bool()):
            return TRUTH
        case nodes.Const(value=str()):
            return TEXT
        case nodes.Const(value=value):
            decimals = written_decimals(value)
            return _grid(decimals) if keeps_grid(value, decimals) else REAL
        case nodes.Name(name=name):
            return names.get(name, REAL)
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr):
            return names.get(f"{name}.{attr}", REAL)
        case nodes.And() | nodes.Or() | nodes.Not() | nodes.Compare():
            return TRUTH
        case nodes.Concat():
            return TEXT
        case nodes.Add(left=left, right=right) | nodes.Sub(left=left, right=right) | nodes.Mod(left=left, right=right):
            return _combined(kind(left), kind(right), max)
        case nodes.Mul(left=left, right=right):
            return _combined(kind(left), kind(right), int.__add__)
        case nodes.Pow(left=left, right=nodes.Const(value=int() as power)) if 0 <= power <= 6:
            base = _as_grid(kind(left))
            return _grid(base.decimals * power) if base else REAL
        case nodes.Pow(left=left, right=right) if kind(left) == Grid(0) and is_natural(kind(right)):
            return Grid(0)
        case nodes.FloorDiv():
            return Grid(0)
        case nodes.Neg(node=inner) | nodes.Pos(node=inner):
            grid = _as_grid(kind(inner))
            return Grid(grid.decimals) if grid else REAL
        case nodes.CondExpr(expr1=yes, expr2=no) if no is not None:
            return join_kinds([kind(yes), kind(no)])
        case nodes.List(items=items) | nodes.Tuple(items=items):
            return join_kinds([kind(child) for child in items]) if items else REAL
        case nodes.Getitem(node=base):
            return kind(base)
        case nodes.Call(node=nodes.Name(name=name), args=args):
            return _call_kind(name, args, kind)
        case nodes.Filter(node=inner, name=name, args=args) if inner is not None:
            if name in ("fixed", "sig", "percent", "signed"):
                return TEXT
            return _call_kind("len" if name == "length" else name, [inner, *args], kind)
    return REAL


def _call_kind(name: str, args: list[nodes.Expr], kind: Callable[[nodes.Expr], Kind]) -> Kind:
    if name in _WHOLE:
        return Grid(0)
    if name in _TEXTS:
        return TEXT
    if name in ("any", "all"):
        return TRUTH
    if name == "round":
        digits = args[1] if len(args) > 1 else nodes.Const(0)
        return _grid(digits.value) if isinstance(digits, nodes.Const) and isinstance(digits.value, int) else REAL
    if name == "dot" and len(args) == 2:
        return _combined(kind(args[0]), kind(args[1]), int.__add__)
    if name in ("take", "repeat") and args:
        return kind(args[0])
    if name in _KEEPING and args:
        joined = join_kinds([kind(child) for child in args])
        return Grid(0) if joined == TRUTH else joined
    return REAL


def is_natural(kind: Kind) -> bool:
    """Whether the numbers are known to be whole and not negative."""
    return isinstance(kind, Grid) and kind.natural


def _as_grid(kind: Kind) -> Grid | None:
    if kind == TRUTH:
        return Grid(0)
    return kind if isinstance(kind, Grid) else None


def _combined(left: Kind, right: Kind, decimals: Callable[[int, int], int]) -> Kind:
    a, b = _as_grid(left), _as_grid(right)
    return _grid(decimals(a.decimals, b.decimals)) if a and b else REAL


def _grid(decimals: int) -> Kind:
    return Grid(decimals) if 0 <= decimals <= MAX_DECIMALS else REAL
