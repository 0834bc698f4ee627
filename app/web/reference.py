"""The API's reference as a page of this server: each operation and each schema of `/openapi.json`, without anyone else's viewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from app.web.page import VisitDep

router = APIRouter()

_REF = "#/components/schemas/"
_BOUNDS = (
    ("minimum", "at least {}"),
    ("maximum", "at most {}"),
    ("minLength", "{} characters or more"),
    ("maxLength", "up to {} characters"),
    ("minItems", "{} or more"),
    ("maxItems", "up to {}"),
)


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of what a type is called; `schema` names the schema that it leads to, "" where it leads nowhere."""

    text: str
    schema: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a member of an object."""

    name: str
    where: str
    """`path`, `query`, `header`; "" of a member."""
    required: bool
    kind: tuple[Word, ...]
    bounds: str
    says: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation may answer."""

    status: str
    says: str
    kinds: tuple[tuple[str, tuple[Word, ...]], ...]
    """Media type and what is in it."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A method on a path."""

    id: str
    method: str
    path: str
    summary: str
    says: str
    fields: tuple[Field, ...]
    body: tuple[tuple[str, tuple[Word, ...]], ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """An object that goes over the wire."""

    name: str
    says: str
    kind: tuple[Word, ...]
    """Of what is no object with members."""
    fields: tuple[Field, ...]


def operations(document: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """Operations by their first tag, in the order of the document."""
    found: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            found.setdefault((operation.get("tags") or ["other"])[0], []).append(_operation(method, path, operation))
    return found


def _operation(method: str, path: str, found: Mapping[str, Any]) -> Operation:
    return Operation(
        id=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found.get("summary", ""),
        says=found.get("description", ""),
        fields=tuple(
            Field(
                each["name"],
                each["in"],
                each.get("required", False),
                kind(each.get("schema", {})),
                bounds(each.get("schema", {})),
                each.get("description", ""),
            )
            for each in found.get("parameters", ())
        ),
        body=_content(found.get("requestBody", {})),
        answers=tuple(
            Answer(status, each.get("description", ""), _content(each))
            for status, each in sorted(found.get("responses", {}).items())
        ),
    )


def _content(found: Mapping[str, Any]) -> tuple[tuple[str, tuple[Word, ...]], ...]:
    return tuple((media, kind(each.get("schema", {}))) for media, each in found.get("content", {}).items())


def schemas(document: Mapping[str, Any]) -> list[Schema]:
    """All schemas by name."""
    return [_schema(name, found) for name, found in sorted(document["components"]["schemas"].items())]


def _schema(name: str, found: Mapping[str, Any]) -> Schema:
    owed = found.get("required", ())
    fields = tuple(
        Field(member, "", member in owed, kind(each), bounds(each), each.get("description", ""))
        for member, each in found.get("properties", {}).items()
    )
    return Schema(name, found.get("description", ""), () if fields else kind(found), fields)


def kind(schema: Mapping[str, Any]) -> tuple[Word, ...]:
    """What a schema is, as words: `list of Turn or null`."""
    return tuple(_kind(schema))


def _kind(schema: Mapping[str, Any]) -> Iterator[Word]:
    named = str(schema.get("$ref", ""))
    several: Sequence[Mapping[str, Any]] = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or ()
    if named:
        yield Word(named.removeprefix(_REF), named.removeprefix(_REF))
    elif several:
        for number, each in enumerate(several):
            if number:
                yield Word(" or ")
            yield from _kind(each)
    elif "const" in schema:
        yield Word(f"“{schema['const']}”")
    elif "enum" in schema:
        yield Word(" | ".join(str(each) for each in schema["enum"]))
    elif schema.get("type") == "array":
        yield Word("list of ")
        yield from _kind(schema.get("items", {}))
    else:
        form = schema.get("format")
        yield Word(f"{schema.get('type', 'anything')}{f' ({form})' if form else ''}")


def bounds(schema: Mapping[str, Any]) -> str:
    """Limits and the default, in words."""
    found = [says.format(schema[name]) for name, says in _BOUNDS if name in schema]
    if schema.get("default") not in (None, "", [], {}):
        found.append(f"{schema['default']} by default")
    return ", ".join(found)


@router.get("/docs")
async def reference(visit: VisitDep) -> HTMLResponse:
    """Every operation and every schema."""
    document = await visit.api.get("/openapi.json")
    return await visit.show(
        "reference.html", about=document["info"], groups=operations(document), schemas=schemas(document)
    )


@router.get("/redoc")
async def elsewhere() -> Response:
    """Where other servers have a second viewer."""
    return RedirectResponse("/docs", 308)


@router.get("/robots.txt")
async def robots() -> PlainTextResponse:
    """Nothing here is for search engines."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
