"""The expression language: Jinja's own, read by its parser and narrowed to what is listed here.

``and``, ``or``, ``not``, ``a if c else b``, comparisons and arithmetic become calls of the functions of `functions`, so
one expression serves one variant and an array of 100,000 alike. There are no loops, no attributes but those of the case,
of a data row and of what was typed, and no way to a Python object, for what is read never becomes Python; every list and text
has a bound.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias, cast

import numpy as np
from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer

from quizgen.errors import DistributionError, ExpressionError
from quizgen.spelling import suggest
from quizgen.variants.functions import FUNCTIONS
from quizgen.variants.operators import OPERATORS, definite
from quizgen.variants.values import MAX_NUMBER, MAX_TEXT, Value
from quizgen.variants.words import FORMATS

MAX_NODES = 600

MAX_DEPTH = 60
"""Levels of an expression: a sum of so many terms, or so many parentheses in one another."""

RESERVED = frozenset(
    {"case", "given", "answer", "table", "bullets", "numbered", "true", "false", "none", "True", "False", "None"}
    | {"and", "or", "not", "in", "is", "if", "else", "inf"}
)
"""Names that an author cannot give to a draw or let: they mean something in an expression."""

_BINARY: Mapping[type[nodes.BinExpr], str] = {
    nodes.Add: "add", nodes.Sub: "sub", nodes.Mul: "mul", nodes.Div: "div", nodes.FloorDiv: "floordiv",
    nodes.Mod: "mod", nodes.Pow: "pow", nodes.And: "and", nodes.Or: "or",
}  # fmt: skip
_UNARY: Mapping[type[nodes.UnaryExpr], str] = {nodes.Neg: "neg", nodes.Pos: "pos", nodes.Not: "not"}


environment = Environment(optimized=False, autoescape=False)
"""For its parser alone: what it reads is computed by quizgen's own functions, and by nothing else."""

Code: TypeAlias = Callable[[Mapping[str, Value], Mapping[str, Any]], Any]
"""What computes a value from those behind the names, and from the functions by their names."""

_FUNCTIONS: Mapping[str, Any] = {
    **{f"op_{name}": function for name, function in OPERATORS.items()},
    **{f"fn_{name}": function.call for name, function in FUNCTIONS.items()},
    **{f"show_{name}": function for name, function in FORMATS.items()},
}

_MAY_GROW = (
    *("op_add", "op_sub", "op_mul", "op_div", "op_floordiv", "op_mod", "op_pow"),
    *("fn_exp", "fn_sum", "fn_mean", "fn_prod", "fn_cumsum", "fn_dot"),
)
_STRICT: Mapping[str, Any] = {**_FUNCTIONS, **{name: definite(_FUNCTIONS[name]) for name in _MAY_GROW}}
"""The same, but that what is divided by zero or grows too large is undefined and not infinite."""


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A compiled expression. ``names`` are what it uses: ``p``, ``case.words``, ``given.loss_1``."""

    source: str
    node: nodes.Expr
    names: frozenset[str]

    def __call__(self, values: Mapping[str, Value], *, strict: bool = False) -> Value:
        """Its value; `ExpressionError` says what went wrong in the author's words.

        With ``strict`` only the logarithm of 0 is infinite: what is divided by zero or grows too large is NaN.
        """
        try:
            with np.errstate(all="ignore"):
                result: Value = _code(self.node)(values, _STRICT if strict else _FUNCTIONS)
                return result
        except (ExpressionError, DistributionError) as error:
            raise ExpressionError(f"in '{_short(self.source)}': {error}") from error
        except KeyError as error:
            raise ExpressionError(f"'{_short(self.source)}' cannot be computed: {error} has no value") from error
        except (ValueError, TypeError, IndexError, OverflowError, ZeroDivisionError, MemoryError) as error:
            raise ExpressionError(f"'{_short(self.source)}' cannot be computed: {error}") from error


@functools.lru_cache(maxsize=20_000)
def _code(node: nodes.Expr) -> Code:
    return _compiled(node)


def _short(source: str) -> str:
    return source if len(source) <= 80 else source[:77] + "…"


@functools.lru_cache(maxsize=20_000)
def parse(source: str) -> Expression:
    """The expression, checked for form; names are checked by who knows them (`unknown_names`).

    Raises:
        ExpressionError: not an expression of the language, or too large.
    """
    return from_node(source, parse_node(source))


def from_node(source: str, node: nodes.Expr) -> Expression:
    """The expression of an already parsed node."""
    _check_size(node)
    return Expression(source, node, frozenset(names_of(node)))


def parse_node(source: str) -> nodes.Expr:
    """Jinja's own tree of an expression; nothing is checked yet but its grammar."""
    if len(source) > MAX_TEXT:
        raise ExpressionError(f"an expression has at most {MAX_TEXT} characters")
    try:
        parser = Parser(environment, source, state="variable")
        node = parser.parse_expression()
        if not parser.stream.eos:
            raise ExpressionError(f"'{_short(source)}' goes on after its end, at '{parser.stream.current.value}'")
    except TemplateSyntaxError as error:
        raise ExpressionError(f"'{_short(source)}' is not an expression: {error.message}") from error
    except (RecursionError, ValueError) as error:
        raise ExpressionError(f"'{_short(source)}' is nested too deeply or holds too large a number") from error
    return cast("nodes.Expr", _Infinity().visit(node)) if "inf" in source else node


class _Infinity(NodeTransformer):
    """Reads the name ``inf`` as −log 0, so that whoever looks at an expression meets what it knows already."""

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802 # named as Jinja wants it
        if node.name != "inf":
            return node
        logarithm = nodes.Call(nodes.Name("log", "load", lineno=1), [nodes.Const(0)], [], None, None, lineno=1)
        return nodes.Neg(logarithm, lineno=1)


def _check_size(node: nodes.Node) -> None:
    stack = [(node, 1)]
    count = 0
    while stack:
        current, depth = stack.pop()
        count += 1
        if count > MAX_NODES or depth > MAX_DEPTH:
            raise ExpressionError("the expression is too long or too deeply nested; split it into several lets")
        stack.extend((child, depth + 1) for child in current.iter_child_nodes())


def names_of(node: nodes.Node) -> Iterator[str]:
    """Every name that an expression uses, with its field where it has one: ``p``, ``case.words``."""
    stack = [node]
    while stack:
        current = stack.pop()
        match current:
            case nodes.Getattr(node=nodes.Name(name=name), attr=attr):
                yield f"{name}.{attr}"
            case nodes.Name(name=name):
                yield name
            case nodes.Call(node=nodes.Name()):
                stack.extend(child for child in current.iter_child_nodes() if child is not current.node)
            case _:
                stack.extend(current.iter_child_nodes())


def _compiled(node: nodes.Expr) -> Code:
    """The node in terms of our functions alone."""
    if isinstance(node, nodes.Pow) and isinstance(node.left, nodes.Pow | nodes.Neg | nodes.Pos):
        raise ExpressionError("a power of a power, or of a negative number, can be read in two ways: put its base into a let")
    if isinstance(node, nodes.BinExpr) and type(node) in _BINARY:
        return _operator(_BINARY[type(node)], node.left, node.right)
    if isinstance(node, nodes.UnaryExpr) and type(node) in _UNARY:
        return _operator(_UNARY[type(node)], node.node)
    match node:
        case nodes.Const(value=int() | float() as value) if not abs(value) <= MAX_NUMBER:
            raise ExpressionError("a number is too large")
        case nodes.Const(value=bool() | int() | float() | str() as value):
            return lambda values, functions: value
        case nodes.Const():
            raise ExpressionError("'none' has no use in an expression")
        case nodes.Name(name=name):
            return lambda values, functions: values[name]
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr):
            field = f"{name}.{attr}"
            return lambda values, functions: values[field]
        case nodes.Getattr(attr=attr):
            raise ExpressionError(f".{attr} is not allowed here: only case.field, a data row's column and given.name are")
        case nodes.List(items=items) | nodes.Tuple(items=items):
            return _operator("list", *items)
        case nodes.Concat(nodes=parts):
            return _operator("concat", *parts)
        case nodes.Compare():
            return _comparison(node)
        case nodes.CondExpr(expr2=None):
            raise ExpressionError("'a if condition' needs an 'else'")
        case nodes.CondExpr(test=test, expr1=yes, expr2=no) if no is not None:
            if all(name.startswith("case.") for name in names_of(test)):
                decides, then, other = _operator("test", test), _compiled(yes), _compiled(no)
                return lambda values, functions: (then if decides(values, functions) else other)(values, functions)
            return _operator("select", test, yes, no)
        case nodes.Getitem(node=base, arg=nodes.Slice(start=start, stop=stop, step=None)):
            return _operator("part", base, start or nodes.Const(""), stop or nodes.Const(""))
        case nodes.Getitem(arg=nodes.Slice()):
            raise ExpressionError("a slice has no step: use sort, take or range")
        case nodes.Getitem(node=base, arg=index):
            return _operator("item", base, index)
        case nodes.Call():
            return _call(node)
        case nodes.Filter():
            return _filter(node)
        case nodes.Dict():
            raise ExpressionError("{…} belongs into table({…}) only")
    raise ExpressionError(f"'{type(node).__name__.lower()}' is not part of the expression language")


def _operator(name: str, *operands: nodes.Expr) -> Code:
    return _function(f"op_{name}", [_compiled(operand) for operand in operands])


def _function(name: str, args: Sequence[Code], options: Mapping[str, Code] = MappingProxyType({})) -> Code:
    """The code that calls a function with the values of its arguments."""
    if options:
        return lambda values, functions: functions[name](
            *(arg(values, functions) for arg in args),
            **{option: code(values, functions) for option, code in options.items()},
        )
    match args:  # the most frequent by themselves: this is done for each operator of each expression
        case [one]:
            return lambda values, functions: functions[name](one(values, functions))
        case [one, other]:
            return lambda values, functions: functions[name](one(values, functions), other(values, functions))
    return lambda values, functions: functions[name](*[arg(values, functions) for arg in args])


def _comparison(node: nodes.Compare) -> Code:
    """A chain ``a < b < c`` as ``a < b and b < c``."""
    left, steps = node.expr, []
    for operand in node.ops:
        steps.append(_operator(operand.op, left, operand.expr))
        left = operand.expr
    return functools.reduce(lambda a, b: _function("op_and", [a, b]), steps)


def _call(node: nodes.Call) -> Code:
    if not isinstance(node.node, nodes.Name) or node.dyn_args is not None or node.dyn_kwargs is not None:
        raise ExpressionError("only functions of the language can be called")
    name = node.node.name
    if name not in FUNCTIONS:
        if name in ("table", "bullets", "numbered"):
            raise ExpressionError(f"{name}(…) stands alone in a {{{{ }}}} of its own paragraph")
        raise ExpressionError(f"there is no function '{name}'{suggest(name, FUNCTIONS)}")
    _check_call(name, len(node.args), [keyword.key for keyword in node.kwargs])
    options = {keyword.key: _compiled(keyword.value) for keyword in node.kwargs}
    return _function(f"fn_{name}", [_compiled(arg) for arg in node.args], options)


def _check_call(name: str, count: int, keywords: list[str]) -> None:
    """Nothing, or `ExpressionError` where a function is given too few or too many values, or an option it has not."""
    function = FUNCTIONS[name]
    for keyword in keywords:
        if keyword not in function.options:
            has = suggest(keyword, function.options) or "; it has none"
            raise ExpressionError(f"{name}(…) has no option '{keyword}'{has}")
        if keywords.count(keyword) > 1:
            raise ExpressionError(f"the option '{keyword}' of {name}(…) is given twice")
    if count < function.least or (function.most is not None and count > function.most):
        wanted = f"{function.least}" if function.most == function.least else f"{function.least} to {function.most}"
        if function.most is None:
            wanted = f"{function.least} or more"
        options = f", and by name {', '.join(f'{option}=…' for option in function.options)}" if function.options else ""
        raise ExpressionError(f"{name}(…) takes {wanted} value{'s' if wanted != '1' else ''}{options}; here are {count}")


_FILTER_FUNCTIONS = ("abs", "upper", "lower", "capitalize", "a_an", "join", "round", "sum", "min", "max", "length")


def _filter(node: nodes.Filter) -> Code:
    if node.node is None or node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None:
        raise ExpressionError(f"'|{node.name}' is used wrongly")
    args = [_compiled(node.node), *map(_compiled, node.args)]
    if node.name in FORMATS:
        wanted = {"signed": (1,), "percent": (1, 2)}.get(node.name, (2,))
        if len(args) not in wanted:
            raise ExpressionError(f"'|{node.name}' is written like p|{node.name}{'' if wanted == (1,) else '(2)'}")
        return _function(f"show_{node.name}", args)
    if node.name in _FILTER_FUNCTIONS:
        name = "len" if node.name == "length" else node.name
        _check_call(name, len(args), [])
        return _function(f"fn_{name}", args)
    known = [*FORMATS, *_FILTER_FUNCTIONS]
    raise ExpressionError(f"there is no filter '|{node.name}'{suggest(node.name, known)}")


def check_form(expression: Expression) -> None:
    """Nothing, or `ExpressionError` where the expression holds what the language has not."""
    _code(expression.node)


def place_of_name(source: str, name: str) -> int:
    """Where a name stands first in a source, from 0."""
    found = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", source)
    return found.start() if found else 0
