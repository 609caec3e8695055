"""Numbers as their author wrote them: ``0.50`` has two decimals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema


class WrittenFloat(float):
    """A number with a decimal point or exponent that remembers how it was written: ``0.50`` has two decimals."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> WrittenFloat:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # float's own gives a float
        return (self.text,)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # A plain `float` in a model drops the text; a field typed `int | WrittenFloat` keeps it.
        return core_schema.no_info_plain_validator_function(_written_float)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "number"}


def _written_float(value: Any) -> WrittenFloat:
    if isinstance(value, WrittenFloat):
        return value
    if isinstance(value, float):
        return WrittenFloat(repr(value))
    raise PydanticKnownError("float_type")


def written(number: object) -> str:
    """A number as it was written, or as Python writes it where it was computed: whole numbers without a point."""
    if isinstance(number, WrittenFloat):
        return number.text
    if isinstance(number, float) and number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    return str(number)


def written_decimals(number: object) -> int:
    """How many decimals a number has as its author wrote it: ``0.50`` has two, ``3`` none."""
    text = number.text if isinstance(number, WrittenFloat) else repr(number)
    mantissa, _, exponent = text.lower().partition("e")
    return max(len(mantissa.partition(".")[2]) - int(exponent or 0), 0)


def exact(number: object) -> Fraction:
    """The decimal number that was written, exactly. Its exponent must be small: 1e-999999999 would never end."""
    return Fraction(number.text if isinstance(number, WrittenFloat) else repr(number))
