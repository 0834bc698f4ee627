"""Arithmetic of the corpus: sums over drawn numbers, slots and facts. Read from the syntax tree, never by `eval`."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from itertools import product

MAX_LENGTH = 300
MAX_POWER = 1000.0
MAX_COUNT = 1000
"""Largest argument of factorial and comb."""

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARE: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e}

CONDITIONS: Mapping[str, str] = {
    "few_positives_in_test": "test_patients * positive_share / 100 < 50",
    "file_size_off": "abs(file_size * 10 ** 9 * 8 / (params * bits) - 1) > 1 / 4",
    "full_training_exceeds_memory": "trained_percent == 100 and base_params * 16 > gpu_memory * 10 ** 9",
    "many_images_per_person": "images > 5 * people",
    "many_weights_per_image": "trained_params > 1000 * images",
    "weights_exceed_memory": "base_params * base_bits / 8 > gpu_memory * 10 ** 9",
}
"""Conditions of a chain's checks by name: comparisons over slots in their units (percent, bits, GB)."""


class ExpressionInvalid(ValueError):
    """An expression that cannot be read or computed; its text says why."""


def names_in(expression: str | float) -> frozenset[str]:
    """Names that a value must be given for.

    Raises:
        ExpressionInvalid: it is no expression.
    """
    if not isinstance(expression, str):
        return frozenset()
    tree = _parse(expression)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}
    return frozenset(names - set(CONSTANTS))


def evaluate(expression: str | float, values: Mapping[str, float] | None = None) -> float:
    """The number an expression comes to.

    Raises:
        ExpressionInvalid: it is no expression, a name has no value, or the result is no finite real number.
    """
    if not isinstance(expression, str):
        return float(expression)
    result = _compute(_parse(expression).body, expression, values or {})
    if not math.isfinite(result):
        raise ExpressionInvalid(f"'{expression}' is not a finite number")
    return result


def holds(condition: str, values: Mapping[str, float]) -> bool:
    """Whether a named condition or a comparison is true; False where one of its names has no value.

    Raises:
        ExpressionInvalid: it is neither, or it cannot be computed.
    """
    text = comparison(condition)
    return names_in(text) <= set(values) and _true(_parse(text).body, text, values)


def comparison(condition: str) -> str:
    """The comparison behind a condition's name, or the condition itself if it is one.

    Raises:
        ExpressionInvalid: it is neither.
    """
    text = CONDITIONS.get(condition.strip(), condition)
    if not _compares(_parse(text).body):
        raise ExpressionInvalid(f"'{condition}' is no comparison and none of: {', '.join(sorted(CONDITIONS))}")
    return text


def _compares(node: ast.expr) -> bool:
    match node:
        case ast.BoolOp(values=parts):
            return all(_compares(part) for part in parts)
        case ast.Compare(ops=signs):
            return all(type(sign) in _COMPARE for sign in signs)
        case _:
            return False


def _true(node: ast.expr, whole: str, values: Mapping[str, float]) -> bool:
    match node:
        case ast.BoolOp(op=joint, values=parts):
            sides = [_true(part, whole, values) for part in parts]
            return all(sides) if isinstance(joint, ast.And) else any(sides)
        case ast.Compare(left=left, ops=signs, comparators=rest):
            numbers = [_compute(side, whole, values) for side in (left, *rest)]
            pairs = zip(signs, numbers, numbers[1:], strict=False)
            return all(_COMPARE[type(sign)](one, other) for sign, one, other in pairs)
        case _:
            raise ExpressionInvalid(f"'{whole}' is no comparison")


def combinations(draw: Mapping[str, tuple[float, ...]]) -> Iterator[dict[str, float]]:
    """Every way in which the numbers can be drawn; one empty way where nothing is."""
    for chosen in product(*draw.values()):
        yield dict(zip(draw, chosen, strict=True))


def _parse(expression: str) -> ast.Expression:
    if len(expression) > MAX_LENGTH:
        raise ExpressionInvalid(f"an expression has at most {MAX_LENGTH} characters")
    try:
        return ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionInvalid(f"'{expression}' is no arithmetic expression") from error


def _compute(node: ast.expr, whole: str, values: Mapping[str, float]) -> float:
    try:
        return _number(node, whole, values)
    except ZeroDivisionError as error:
        raise ExpressionInvalid(f"'{whole}' divides by zero") from error
    except (OverflowError, ValueError) as error:
        if isinstance(error, ExpressionInvalid):
            raise
        raise ExpressionInvalid(f"'{whole}' cannot be computed: {error}") from error


def _number(node: ast.expr, whole: str, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            if name in values:
                return float(values[name])
            if name in CONSTANTS:
                return CONSTANTS[name]
            raise ExpressionInvalid(f"'{name}' in '{whole}' has no value")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand, whole, values)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _number(operand, whole, values)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_number(left, whole, values), _number(right, whole, values))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return float(_BINARY[type(op)](_number(left, whole, values), _number(right, whole, values)))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return _call(name, [_number(argument, whole, values) for argument in args])
        case _:
            pass
    raise ExpressionInvalid(
        f"'{whole}' may hold numbers, names, + - * / // % **, brackets and {', '.join(sorted(_FUNCTIONS))}"
    )


def _power(base: float, exponent: float) -> float:
    if abs(exponent) > MAX_POWER:
        raise ExpressionInvalid(f"an exponent is at most {MAX_POWER:g}")
    if base < 0 and not exponent.is_integer():
        raise ExpressionInvalid("a negative number has no real power with a fraction")
    return float(base**exponent)


def _count(value: float) -> int:
    if not value.is_integer() or not 0 <= value <= MAX_COUNT:
        raise ExpressionInvalid(f"{value:g} must be a whole number from 0 to {MAX_COUNT}")
    return int(value)


_FUNCTIONS: dict[str, tuple[tuple[int, int], Callable[..., float]]] = {
    "abs": ((1, 1), abs),
    "ceil": ((1, 1), math.ceil),
    "comb": ((2, 2), lambda n, k: float(math.comb(_count(n), _count(k)))),
    "exp": ((1, 1), math.exp),
    "factorial": ((1, 1), lambda n: float(math.factorial(_count(n)))),
    "floor": ((1, 1), math.floor),
    "log": ((1, 1), math.log),
    "log10": ((1, 1), math.log10),
    "log2": ((1, 1), math.log2),
    "max": ((2, 20), max),
    "min": ((2, 20), min),
    "round": ((1, 1), round),
    "sqrt": ((1, 1), math.sqrt),
}
"""Name to (least and most arguments, function)."""


def _call(name: str, arguments: list[float]) -> float:
    (least, most), function = _FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        raise ExpressionInvalid(f"{name} takes {least if least == most else f'{least} to {most}'} numbers")
    return float(function(*arguments))
