"""The shapes of a prompt's inputs, and the proof that foreign words leave a template only through the fence. Pure.

The proof walks the template's syntax tree with shapes in place of values. It is kept small by allowing little:
output, `if` and `for`; no `set`, macros, calls, includes or imports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from jinja2 import nodes

Kind = Literal["str", "int", "float", "bool", "untrusted"]
_KINDS: tuple[str, ...] = get_args(Kind)
_COUNTS = frozenset({"length", "count"})
_ONE_OF = frozenset({"first", "last"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. `untrusted` is a string."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class ListOf:
    """Any number of values of one shape."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Record:
    """Named values: at run time a mapping with exactly these keys."""

    fields: Mapping[str, Shape]


Shape = Scalar | ListOf | Record
_FOREIGN = Scalar("untrusted")
_OWN = Scalar("str")
_NUMBERS_OF_A_LOOP = ("index", "index0", "revindex", "revindex0", "length", "depth", "depth0")
_LOOP = Record(
    {name: Scalar("int") for name in _NUMBERS_OF_A_LOOP} | {name: Scalar("bool") for name in ("first", "last")}
)
"""What a template may read of Jinja's `loop`, which also has the values before and after."""


class ShapeWrong(ValueError):
    """A declaration, a template or a value that does not hold. The text says what and where."""


def parse_shape(declared: object, name: str) -> Shape:
    """The shape that the front-matter declares; raises `ShapeWrong`."""
    if isinstance(declared, str):
        if declared in _KINDS:
            return Scalar(cast(Kind, declared))
        if declared.startswith("list[") and declared.endswith("]"):
            return ListOf(parse_shape(declared[5:-1], name))
    if isinstance(declared, list) and len(declared) == 1:
        return ListOf(parse_shape(declared[0], name))
    if isinstance(declared, dict) and declared and all(isinstance(key, str) for key in declared):
        # Jinja looks for an attribute first: `turn.items` would be the mapping's own method.
        if taken := sorted(key for key in declared if hasattr(dict, key)):
            raise ShapeWrong(f"'{name}' has fields that mappings have a method for: {', '.join(taken)}")
        return Record({key: parse_shape(shape, f"{name}.{key}") for key, shape in declared.items()})
    raise ShapeWrong(f"'{name}' has no known shape: {declared!r}. Known: {', '.join(_KINDS)}, list[...], a mapping")


def fits(value: object, shape: Shape, name: str) -> None:
    """Returns where the value has the shape; raises `ShapeWrong` without repeating the value."""
    match shape:
        case ListOf(of):
            if not isinstance(value, Sequence) or isinstance(value, str | bytes):
                raise ShapeWrong(f"'{name}' must be a list, not {type(value).__name__}")
            for place, one in enumerate(value):
                fits(one, of, f"{name}[{place}]")
        case Record(fields):
            if not isinstance(value, Mapping) or set(value) != set(fields):
                raise ShapeWrong(f"'{name}' must be a mapping with exactly {', '.join(sorted(fields))}")
            for key, one in fields.items():
                fits(value[key], one, f"{name}.{key}")
        case Scalar(kind):
            if not _is(value, kind):
                raise ShapeWrong(f"'{name}' must be {kind}, not {type(value).__name__}")


def _is(value: object, kind: Kind) -> bool:
    match kind:
        case "str" | "untrusted":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float":
            return isinstance(value, int | float) and not isinstance(value, bool)


def check_template(template: nodes.Template, inputs: Mapping[str, Shape]) -> frozenset[str]:
    """The names of the inputs used; raises `ShapeWrong` where foreign words could come out without a fence."""
    proof = _Proof()
    proof.statements(template.body, inputs)
    return frozenset(proof.used & set(inputs))


class _Proof:
    def __init__(self) -> None:
        self.used: set[str] = set()

    def statements(self, body: Sequence[nodes.Node], scope: Mapping[str, Shape]) -> None:
        for node in body:
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        self._output(part, scope)
                case nodes.If():
                    self._shape(node.test, scope)
                    self.statements(node.body, scope)
                    self.statements(node.elif_, scope)
                    self.statements(node.else_, scope)
                case nodes.For(target=nodes.Name(name=str(name)), recursive=False):
                    each = self._shape(node.iter, scope)
                    if not isinstance(each, ListOf):
                        raise ShapeWrong(f"line {node.lineno}: 'for' needs a list")
                    inner = {**scope, name: each.of, "loop": _LOOP}
                    if node.test is not None:
                        self._shape(node.test, inner)
                    self.statements(node.body, inner)
                    self.statements(node.else_, scope)
                case _:
                    raise ShapeWrong(f"line {node.lineno}: '{type(node).__name__.lower()}' is not allowed in a prompt")

    def _output(self, node: nodes.Expr, scope: Mapping[str, Shape]) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        shape = self._shape(node, scope)
        if not isinstance(shape, Scalar):
            raise ShapeWrong(f"line {node.lineno}: a list or a mapping cannot be put out as a whole")
        if shape == _FOREIGN:
            raise ShapeWrong(f"line {node.lineno}: untrusted text must go through the filter 'fence', as the last step")

    def _shape(self, node: nodes.Node, scope: Mapping[str, Shape]) -> Shape:
        if isinstance(node, nodes.Filter | nodes.Mod) and any(
            inner.name == "fence" for inner in node.find_all(nodes.Filter)
        ):
            raise ShapeWrong(f"line {node.lineno}: nothing changes a text behind its fence: 'fence' is the last step")
        match node:
            case nodes.Const():
                return _OWN
            case nodes.Name(name=name):
                if name not in scope:
                    raise ShapeWrong(f"line {node.lineno}: '{name}' is used and not declared under inputs")
                self.used.add(name)
                return scope[name]
            case nodes.Getattr(attr=field):
                return self._field(node, self._shape(node.node, scope), field)
            case nodes.Getitem(arg=nodes.Const(value=field)):
                return self._field(node, self._shape(node.node, scope), field)
            case nodes.Filter():
                return self._filter(node, scope)
            case nodes.Test() | nodes.Compare() | nodes.Not():
                self._mixed(node, scope)
                return _OWN
            case nodes.And() | nodes.Or() | nodes.CondExpr() | nodes.Concat() | nodes.BinExpr() | nodes.UnaryExpr():
                return self._mixed(node, scope)
            case _:
                raise ShapeWrong(f"line {node.lineno}: '{type(node).__name__.lower()}' is not allowed in a prompt")

    def _field(self, node: nodes.Expr, shape: Shape, field: object) -> Shape:
        if isinstance(shape, Record) and field in shape.fields:
            return shape.fields[str(field)]
        if isinstance(shape, ListOf) and isinstance(field, int):
            return shape.of
        # Of a string of ours any part is ours.
        if shape == _OWN:
            return _OWN
        raise ShapeWrong(f"line {node.lineno}: there is no '{field}' in it")

    def _filter(self, node: nodes.Filter, scope: Mapping[str, Shape]) -> Shape:
        if node.node is None or node.dyn_args is not None or node.dyn_kwargs is not None:
            raise ShapeWrong(f"line {node.lineno}: this form of a filter is not allowed in a prompt")
        if node.name == "fence":
            if not all(isinstance(arg, nodes.Const) for arg in node.args) or node.kwargs:
                raise ShapeWrong(f"line {node.lineno}: the label of a fence is a plain string")
            if not isinstance(self._shape(node.node, scope), Scalar):
                raise ShapeWrong(f"line {node.lineno}: a fence goes around a string: join a list first")
            return _OWN
        inside = self._shape(node.node, scope)
        mixed = self._mixed(node, scope)
        if node.name in _COUNTS:
            return _OWN
        if node.name in _ONE_OF and isinstance(inside, ListOf):
            return inside.of
        return mixed

    def _mixed(self, node: nodes.Node, scope: Mapping[str, Shape]) -> Shape:
        """Foreign as soon as one of the parts is, or has foreign words anywhere inside."""
        shapes = [self._shape(part, scope) for part in _parts(node)]
        # By the filter `attr` anything of it could be had.
        if any(shape is _LOOP for shape in shapes):
            raise ShapeWrong("of 'loop' only a field can be used, as in 'loop.index'")
        return _FOREIGN if any(_foreign(shape) for shape in shapes) else _OWN


def _parts(node: nodes.Node) -> list[nodes.Node]:
    parts: list[nodes.Node] = []
    for child in node.iter_child_nodes():
        # An operand of a comparison and a keyword argument only wrap the expression.
        match child:
            case nodes.Operand():
                parts.append(child.expr)
            case nodes.Keyword():
                parts.append(child.value)
            case _:
                parts.append(child)
    return parts


def _foreign(shape: Shape) -> bool:
    match shape:
        case ListOf(of):
            return _foreign(of)
        case Record(fields):
            return any(_foreign(one) for one in fields.values())
        case Scalar():
            return shape == _FOREIGN
