"""Whether a result is the expected one: exact, close in its numbers, or the same items in any order."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any

_LARGEST = sys.float_info.max


def same(found: Any, expected: Any, compare: str, tolerance: float) -> bool:
    """Whether two plain values (numbers, texts, lists, mappings) agree.

    Args:
        found: What the code gave. A tuple counts as a list, since expectations come from YAML.
        expected: What it must give.
        compare: `equal`, `close` (numbers within `tolerance`, absolute or relative) or `same-items` (lists in any
            order, each item as often as in the other).
        tolerance: For `close`, and for the numbers inside `same-items`.
    """
    if compare == "same-items":
        return _same_items(found, expected, tolerance)
    return _agree(found, expected, tolerance if compare == "close" else 0.0)


def _agree(found: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, int) and isinstance(expected, int) and tolerance == 0:
        return found == expected
    if isinstance(found, int | float) and isinstance(expected, int | float):
        if max(abs(found), abs(expected)) > _LARGEST:  # an integer that no float can hold
            return found == expected
        if math.isnan(found) or math.isnan(expected):
            return math.isnan(found) and math.isnan(expected)
        return found == expected or math.isclose(found, expected, rel_tol=tolerance, abs_tol=tolerance)
    if isinstance(found, list | tuple) and isinstance(expected, list | tuple):
        return len(found) == len(expected) and all(
            _agree(one, other, tolerance) for one, other in zip(found, expected, strict=True)
        )
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        return found.keys() == expected.keys() and all(
            _agree(value, expected[key], tolerance) for key, value in found.items()
        )
    return type(found) is type(expected) and bool(found == expected)


def _same_items(found: Any, expected: Any, tolerance: float) -> bool:
    if not isinstance(found, list | tuple | set | frozenset) or not isinstance(expected, list | tuple):
        return False
    left = list(expected)
    for item in found:
        place = next((index for index, other in enumerate(left) if _agree(item, other, tolerance)), None)
        if place is None:
            return False
        del left[place]
    return not left
