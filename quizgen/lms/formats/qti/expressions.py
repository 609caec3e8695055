"""Response processing in short: variables, values, conditions and what is set."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from fractions import Fraction
from typing import TypeAlias

from quizgen.lms.formats.qti.tree import Element, element

Case: TypeAlias = tuple[Element, tuple[Element, ...]]
"""A condition and the rules that are followed where it is the first that holds."""

_EXACT = Context(prec=1000)
_LONG = 25


def decimal(value: Fraction) -> str:
    """A finite decimal number as it is written in XML, exactly.

    >>> decimal(Fraction(21, 200)), decimal(Fraction(1, 10**40))
    ('0.105', '1E-40')
    """
    exact = _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(_EXACT)
    plain = f"{exact:f}"
    return plain if len(plain) < _LONG else str(exact)


def variable(name: str) -> Element:
    """The value of a variable."""
    return element("variable", identifier=name)


def base(kind: str, value: str) -> Element:
    """A value of a base type."""
    return element("baseValue", value, baseType=kind)


def label(value: str) -> Element:
    """An identifier as a value."""
    return base("identifier", value)


def size(value: int) -> Element:
    """A number of things as a value, to compare with the size of a container."""
    return base("integer", str(value))


def number(value: Fraction | float) -> Element:
    """A number as a value: exactly where it is a finite decimal one, else as the nearest double.

    Whole numbers are written as floats too, since standards-conforming engines do not mix the two.
    """
    return base("float", decimal(value) if isinstance(value, Fraction) else repr(value))


def op(name: str, /, *operands: Element, **attributes: str | bool) -> Element:
    """An operator with its operands."""
    return element(name, *operands, **attributes)


def total(operands: Iterable[Element]) -> Element:
    """The sum."""
    return op("sum", *operands)


def both(*conditions: Element) -> Element:
    """Whether all hold."""
    return conditions[0] if len(conditions) == 1 else op("and", *conditions)


def either(*conditions: Element) -> Element:
    """Whether one holds."""
    return conditions[0] if len(conditions) == 1 else op("or", *conditions)


def within(value: Element, low: Fraction, high: Fraction) -> Element:
    """Whether a number lies between two bounds, both included."""
    return both(op("gte", value, number(low)), op("lte", value, number(high)))


def is_correct(response: str) -> Element:
    """Whether a response is the declared correct one."""
    return op("match", variable(response), element("correct", identifier=response))


def assign(name: str, value: Element) -> Element:
    """The rule that sets an outcome."""
    return element("setOutcomeValue", value, identifier=name)


def increase(name: str) -> Element:
    """The rule that adds one to an outcome."""
    return assign(name, total([variable(name), number(1)]))


def cases(*branches: Case, otherwise: tuple[Element, ...] = ()) -> Element:
    """The rules of the first branch whose condition holds."""
    kinds = ["responseIf", *["responseElseIf"] * (len(branches) - 1)]
    parts = [element(kind, condition, *rules) for kind, (condition, rules) in zip(kinds, branches, strict=True)]
    return element("responseCondition", *parts, *([element("responseElse", *otherwise)] if otherwise else []))


def outcome(name: str, kind: str, default: str = "", **attributes: str | float | bool) -> Element:
    """The declaration of an outcome."""
    values = [element("defaultValue", element("value", default))] if default else []
    return element("outcomeDeclaration", *values, identifier=name, cardinality="single", baseType=kind, **attributes)


def response(name: str, cardinality: str, kind: str, correct: Iterable[str], *more: Element) -> Element:
    """The declaration of a response with what is right."""
    values = [element("value", value) for value in correct]
    right = [element("correctResponse", *values)] if values else []
    return element("responseDeclaration", *right, *more, identifier=name, cardinality=cardinality, baseType=kind)
