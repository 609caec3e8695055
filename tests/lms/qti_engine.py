"""Response processing of QTI 2 by the standard's own words: NULL is kept apart, and base types that do not fit are refused."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Typed: TypeAlias = tuple[str, str, object] | None
"""Cardinality, base type and value (a tuple for containers); None for NULL."""


class ProcessingError(Exception):
    """The processing breaks a rule of the standard."""


def single(kind: str, text: str) -> Typed:
    """A typed or chosen value; what is no number is NULL where one is asked for."""
    text = text.strip() if kind == "float" else text
    if kind == "float":
        try:
            value = float(text)
        except ValueError:
            return None
        return ("single", "float", value) if math.isfinite(value) and "_" not in text else None
    return ("single", kind, text) if text else None


def local(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


@dataclass
class Engine:
    """One item: what is declared, and what its processing makes of responses."""

    root: ET.Element
    space: str = ""
    values: dict[str, Typed] = field(default_factory=dict)
    responses: dict[str, ET.Element] = field(default_factory=dict)
    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: bytes) -> Engine:
        root = ET.fromstring(raw)
        engine = cls(root, root.tag.partition("}")[0] + "}")
        for declared in root.iter(f"{engine.space}responseDeclaration"):
            engine.responses[declared.attrib["identifier"]] = declared
            engine.kinds[declared.attrib["identifier"]] = (declared.attrib["cardinality"], declared.attrib["baseType"])
        return engine

    def correct(self, name: str) -> Typed:
        """The declared correct response."""
        declared = self.responses[name]
        found = [node.text or "" for node in declared.findall(f"{self.space}correctResponse/{self.space}value")]
        cardinality, kind = self.kinds[name]
        if cardinality == "single":
            return single(kind, found[0]) if found else None
        return (cardinality, kind, tuple(found)) if found else None

    def run(self, responses: Mapping[str, object]) -> dict[str, object]:
        """The outcomes, by name; NULL as None."""
        self.values = dict.fromkeys(self.responses)
        for name, given in responses.items():
            cardinality, kind = self.kinds[name]
            if cardinality == "single":
                self.values[name] = single(kind, str(given))
            else:
                assert isinstance(given, Sequence)
                self.values[name] = (cardinality, kind, tuple(given)) if given else None
        outcomes = []
        for declared in self.root.iter(f"{self.space}outcomeDeclaration"):
            name, kind = declared.attrib["identifier"], declared.attrib["baseType"]
            default = declared.find(f"{self.space}defaultValue/{self.space}value")
            outcomes.append(name)
            self.kinds[name] = ("single", kind)
            self.values[name] = single(kind, default.text or "") if default is not None else None
        processing = self.root.find(f"{self.space}responseProcessing")
        if processing is not None and "template" in processing.attrib:
            assert processing.attrib["template"].endswith("/match_correct")
            right = self.values["RESPONSE"] is not None and self._same(self.values["RESPONSE"], self.correct("RESPONSE"))
            self.values["SCORE"] = ("single", "float", float(right))
        else:
            self._rules(processing if processing is not None else ())
        return {name: value[2] if (value := self.values[name]) else None for name in outcomes}

    def _rules(self, rules: Sequence[ET.Element] | ET.Element) -> None:
        for rule in rules:
            if local(rule) == "setOutcomeValue":
                name = rule.attrib["identifier"]
                value = self._value(rule[0])
                if value is not None and (value[0], value[1]) != self.kinds[name]:
                    raise ProcessingError(f"{name} is {self.kinds[name]}, set to {value}")
                self.values[name] = value
            else:
                self._condition(rule)

    def _condition(self, rule: ET.Element) -> None:
        for branch in rule:
            if local(branch) == "responseElse":
                return self._rules(list(branch))
            if self._value(branch[0]) == ("single", "boolean", True):
                return self._rules(list(branch)[1:])
        return None

    def _same(self, a: Typed, b: Typed) -> bool:
        assert a is not None
        assert b is not None
        if a[:2] != b[:2]:
            raise ProcessingError(f"{a} and {b} are of different types")
        if a[1] == "float":
            raise ProcessingError("floats are not to be matched")
        return sorted(a[2]) == sorted(b[2]) if a[0] == "multiple" else a[2] == b[2]  # type: ignore[call-overload] # a tuple

    def _value(self, node: ET.Element) -> Typed:
        name = local(node)
        match name:
            case "baseValue":
                kind, text = node.attrib["baseType"], node.text or ""
                return ("single", kind, float(text) if kind == "float" else int(text) if kind == "integer" else text)
            case "variable":
                return self.values[node.attrib["identifier"]]
            case "correct":
                return self.correct(node.attrib["identifier"])
            case "mapResponse":
                return self._mapped(node.attrib["identifier"])
            case "isNull":
                return ("single", "boolean", self._value(node[0]) is None)
            case "containerSize":
                container = self._value(node[0])
                return ("single", "integer", len(container[2]) if container else 0)  # type: ignore[arg-type] # a tuple
            case "and" | "or":
                return self._logic(name, [self._value(inner) for inner in node])
        operands = [self._value(inner) for inner in node]
        if None in operands:
            return None
        values = [operand for operand in operands if operand is not None]
        return self._operator(name, node, values)

    @staticmethod
    def _logic(name: str, operands: Sequence[Typed]) -> Typed:
        decisive = name == "or"
        if ("single", "boolean", decisive) in operands:
            return ("single", "boolean", decisive)
        return None if None in operands else ("single", "boolean", not decisive)

    def _operator(self, name: str, node: ET.Element, values: list[tuple[str, str, object]]) -> Typed:
        match name:
            case "not":
                return ("single", "boolean", not values[0][2])
            case "match":
                return ("single", "boolean", self._same(values[0], values[1]))
            case "stringMatch":
                a, b = (str(value[2]) for value in values)
                strict = node.attrib["caseSensitive"] == "true"
                return ("single", "boolean", a == b if strict else a.lower() == b.lower())
            case "member":
                if values[0][1] != values[1][1] or values[1][0] not in ("multiple", "ordered"):
                    raise ProcessingError(f"no member: {values}")
                return ("single", "boolean", values[0][2] in values[1][2])  # type: ignore[operator] # a tuple
            case "ordered":
                return ("ordered", values[0][1], tuple(value[2] for value in values))
            case "index":
                items = values[0][2]
                assert isinstance(items, tuple)
                place = int(node.attrib["n"])
                return ("single", values[0][1], items[place - 1]) if place <= len(items) and items[place - 1] else None
        if any(value[1] not in ("float", "integer") for value in values):
            raise ProcessingError(f"{name} of {values}")
        numbers = [value[2] for value in values]
        match name:
            case "gt" | "gte" | "lt" | "lte":
                a, b = numbers
                found = {"gt": a > b, "gte": a >= b, "lt": a < b, "lte": a <= b}[name]  # type: ignore[operator] # numbers
                return ("single", "boolean", found)
        kind = "float" if any(value[1] == "float" for value in values) or name == "divide" else "integer"
        return ("single", kind, _arithmetic(name, node, numbers))  # type: ignore[arg-type] # numbers

    def _mapped(self, name: str) -> Typed:
        mapping = self.responses[name].find(f"{self.space}mapping")
        assert mapping is not None
        points = {entry.attrib["mapKey"]: float(entry.attrib["mappedValue"]) for entry in mapping}
        given = self.values[name]
        chosen = given[2] if given else ()
        assert isinstance(chosen, tuple)
        result = sum(points.get(one, float(mapping.get("defaultValue", "0"))) for one in chosen)
        return ("single", "float", max(float(result), float(mapping.get("lowerBound", "-inf"))))


def _arithmetic(name: str, node: ET.Element, numbers: list[float]) -> float:
    match name:
        case "sum":
            return sum(numbers)
        case "product":
            return math.prod(numbers)
        case "subtract":
            return numbers[0] - numbers[1]
        case "divide":
            return numbers[0] / numbers[1]
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
        case "mathOperator":
            assert node.attrib["name"] == "ln"
            return math.log(numbers[0])
    raise ProcessingError(f"no operator {name}")
