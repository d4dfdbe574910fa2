"""What a schema means for Python: its annotations, its codec and the lines that decode it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from .document import component, resolve

Kind: TypeAlias = Literal[
    "any", "string", "integer", "boolean", "integer_or_string", "money", "number", "decimal", "date", "moment",
    "local_date_time", "local_date_minute", "id", "binary", "enum", "model", "list", "map",
]  # fmt: skip
_READ: dict[str, str] = {
    "any": "Any",
    "string": "str",
    "integer": "int",
    "boolean": "bool",
    "integer_or_string": "int | str",
    "money": "Decimal",
    "number": "Decimal",
    "decimal": "Decimal",
    "date": "datetime.date",
    "moment": "datetime.datetime",
    "local_date_time": "str",
    "local_date_minute": "str",
    "id": "str",
    "binary": "bytes",
}
_WRITE: dict[str, str] = _READ | {
    "money": "Decimal | int | str",
    "number": "Decimal | int | str",
    "decimal": "Decimal | int | str",
    "date": "datetime.date | str",
    "moment": "datetime.datetime | str",
    "local_date_time": "datetime.datetime | str",
    "local_date_minute": "datetime.datetime | str",
    "binary": "FileInput",
}
_CODEC: dict[str, str] = {
    "any": "ANY",
    "string": "STRING",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
    "integer_or_string": "INTEGER_OR_STRING",
    "money": "MONEY",
    "number": "NUMBER",
    "decimal": "DECIMAL",
    "date": "DATE",
    "moment": "MOMENT",
    "local_date_time": "LOCAL_DATE_TIME",
    "local_date_minute": "LOCAL_DATE_MINUTE",
    "binary": "BINARY",
}
STRING_FORMATS: dict[str, Kind] = {
    "decimal": "money",
    "date": "date",
    "date-time": "moment",
    "local-date-time": "local_date_time",
    "local-date-minute": "local_date_minute",
    "binary": "binary",
}
"""Formats that make another type of a text; any other is a limit that only the API checks."""

# When the fast decoder gives up on `v`, and what it makes of it.
_ODD: dict[str, str] = {
    "string": "type(v) is not str",
    "id": "type(v) is not str",
    "local_date_time": "type(v) is not str",
    "local_date_minute": "type(v) is not str",
    "integer": "type(v) is not int",
    "boolean": "type(v) is not bool",
    "integer_or_string": "type(v) is not str and type(v) is not int",
    "number": "not is_number(v)",
    "decimal": "not is_number(v)",
    # Python also takes 20240429 and 2024-W18-1, but no date with a dash there that is not written like 2024-04-29.
    "date": 'v[7] != "-"',
    "moment": "not is_moment(v)",
}
_FAST: dict[str, str] = {
    "money": "amount_of(v)",
    "number": "Decimal(v)",
    "decimal": "Decimal(v)",
    "date": "date_of(v)",
    "moment": "moment_of(v)",
}


@dataclass(frozen=True)
class Named:
    """The class that a component becomes."""

    name: str
    module: str
    is_enum: bool
    base: str = "str"
    in_circle: frozenset[str] = field(default_factory=frozenset)
    """Components that refer back to this one, itself included where it does."""

    @property
    def fast_name(self) -> str:
        """What its fast decoder is called where it is used."""
        return f"fast_{self.module}"


@dataclass(frozen=True)
class Shape:
    """A schema, seen from Python."""

    kind: Kind
    nullable: bool = False
    named: Named | None = None
    component: str | None = None
    item: Shape | None = None
    prefixes: tuple[str, ...] = ()
    most: int | None = None
    """How many items a list may have."""
    repeats: bool = False
    """Whether it is a text of which there are few different ones."""

    def read_type(self) -> str:
        """Annotation of an attribute in an answer."""
        return self._null(self._read())

    def write_type(self) -> str:
        """Annotation of an argument."""
        return self._null(self._write())

    def _null(self, annotation: str) -> str:
        return f"{annotation} | None" if self.nullable and annotation != "Any" else annotation

    def _read(self) -> str:
        if self.kind == "enum" and self.named:
            return f"{self.named.name} | {self.named.base}"
        if self.kind == "model" and self.named:
            return self.named.name
        if self.kind == "list" and self.item:
            return f"list[{self.item.read_type()}]"
        if self.kind == "map" and self.item:
            return f"dict[str, {self.item.read_type()}]"
        return _READ[self.kind]

    def _write(self) -> str:
        if self.kind == "model" and self.named:
            return f"{self.named.name} | {self.named.name}Dict"
        if self.kind == "list" and self.item:
            return f"Sequence[{self.item.write_type()}]"
        if self.kind == "map" and self.item:
            return f"Mapping[str, {self.item.write_type()}]"
        return self._read() if self.kind in ("enum", "model") else _WRITE[self.kind]

    def codec(self, owner: str | None = None, *, written: bool = False) -> str:
        """Expression for the codec; nullability of a field or argument itself is not the codec's business.

        Args:
            owner: Component whose class body holds the expression; a class that refers back to it is named late.
            written: Whether IDs are checked, as they are on the way out.
        """
        if self.kind == "id":
            return f"IdOf({', '.join(repr(prefix) for prefix in self.prefixes)})" if written else "STRING"
        if self.kind == "enum" and self.named:
            return f"EnumOf({self.named.name})"
        if self.kind == "model" and self.named:
            late = owner is not None and owner in self.named.in_circle
            return f"ModelOf(lambda: {self.named.name})" if late else f"ModelOf({self.named.name})"
        if self.item and self.kind in ("list", "map"):
            inner = self.item.nullable_codec(owner, written=written)
            most = f", most={self.most}" if written and self.most is not None else ""
            return f"ListOf({inner}{most})" if self.kind == "list" else f"MapOf({inner})"
        return _CODEC[self.kind]

    def nullable_codec(self, owner: str | None = None, *, written: bool = False) -> str:
        """The same for what is no field or argument of its own."""
        codec = self.codec(owner, written=written)
        return f"Nullable({codec})" if self.nullable and self.kind != "any" else codec

    def classes(self) -> list[Named]:
        """The classes that the expressions above name."""
        return ([self.named] if self.named else []) + (self.item.classes() if self.item else [])

    @property
    def is_fast(self) -> bool:
        """Whether `fast` can decode it; models with other fields are left to the slow decoder."""
        return self.kind not in ("map", "binary")

    def fast(self, source: str, target: str, owner: str | None = None) -> list[str]:
        """Lines that check a value and assign it; they raise `Odd` where the slow decoder has to look.

        Args:
            source: Where the value comes from.
            target: What is assigned to.
            owner: Component whose class holds the lines; the decoder of one that refers back to it is found late.
        """
        read = f"v = {source}"
        if self.kind == "any":
            return [f"{target} = {read}", *(() if self.nullable else ("if v is None:", "    raise Odd"))]
        test, value = self._fast_test(), self._fast_value(owner)
        if not self.nullable and not test:
            return [f"{target} = {value.replace('(v)', f'({source})')}"]
        if test and value == "v":
            odd = f"v is not None and {_grouped(test)}" if self.nullable else test
            return [f"{target} = {read}", f"if {odd}:", "    raise Odd"]
        lines = [f"if {test}:", "    raise Odd"] if test else []
        if self.kind == "list" and self.item and self.item.kind in ("string", "id"):
            lines += ["for m in v:", "    if type(m) is not str:", "        raise Odd"]
        lines.append(f"{target} = {value}")
        if not self.nullable:
            return [read, *lines]
        return [read, "if v is None:", f"    {target} = None", "else:", *(f"    {line}" for line in lines)]

    def _fast_test(self) -> str:
        """A condition under which `v` is odd."""
        if self.kind == "enum" and self.named:
            return f"v not in {self.named.name}_BY_VALUE or type(v) is not {self.named.base}"
        if self.kind == "list" and self.item:
            simple = self.item.kind in ("string", "id", "model") and not self.item.nullable
            # Rare kinds of items are left to the slow decoder.
            return "type(v) is not list" if simple else "type(v) is not list or v"
        return _ODD.get(self.kind, "")

    def _fast_value(self, owner: str | None) -> str:
        """What `v` becomes."""
        if self.kind == "enum" and self.named:
            return f"{self.named.name}_BY_VALUE[v]"
        if self.kind == "model" and self.named:
            late = owner is not None and owner in self.named.in_circle
            return f"{self.named.name}._fast(v)" if late else f"{self.named.fast_name}(v)"
        if self.kind == "list" and self.item:
            if self.item.kind == "model" and not self.item.nullable:
                return f"[{self.item._fast_value(owner).replace('(v)', '(m)')} for m in v]"
            # Made from a tuple, a list has no room to spare.
            return "list(tuple(map(share, v)))" if self.item.repeats else "v[:]"
        if self.repeats:
            return "share(v)"
        return _FAST.get(self.kind, "v")


def _grouped(test: str) -> str:
    return f"({test})" if " or " in test or " and " in test else test


class Shapes:
    """Finds the shape of any schema of one document."""

    def __init__(self, document: dict[str, Any], named: dict[str, Named]) -> None:
        self.document = document
        self.named = named
        self._open: list[str] = []

    def of(self, schema: Any) -> Shape:
        """The shape of a schema; what has no plain meaning in Python is `Any`."""
        if not isinstance(schema, dict):
            return Shape("any", nullable=True)
        if "$ref" in schema:
            name = component(schema["$ref"]) or ""
            named = self.named.get(name)
            if named is None:
                return self._alias(schema)
            return Shape("enum" if named.is_enum else "model", named=named, component=name)
        for key in ("oneOf", "anyOf"):
            if key in schema:
                return self._union(schema[key])
        if len(schema.get("allOf", [])) == 1 and not schema.get("properties"):
            return self.of(schema["allOf"][0])
        kinds = schema.get("type")
        if isinstance(kinds, list):
            return self._several(schema, kinds)
        return self._simple(schema, kinds)

    def _alias(self, schema: dict[str, Any]) -> Shape:
        """What a reference to something without a class stands for; one that holds itself could go on for ever."""
        if schema["$ref"] in self._open:
            return Shape("any", nullable=True)
        self._open.append(schema["$ref"])
        try:
            return self.of(resolve(self.document, schema))
        finally:
            self._open.pop()

    def _union(self, members: list[Any]) -> Shape:
        rest = [member for member in members if member.get("type") != "null"]
        shapes = [self.of(member) for member in rest]
        shape = shapes[0] if len(rest) == 1 else Shape("any")
        return replace(shape, nullable=len(rest) < len(members) or any(member.nullable for member in shapes))

    def _several(self, schema: dict[str, Any], kinds: list[str]) -> Shape:
        rest = [kind for kind in kinds if kind != "null"]
        if set(rest) == {"integer", "string"}:
            shape = Shape("integer_or_string")
        elif set(rest) == {"number", "string"}:
            shape = self._simple(schema, "number")
        else:
            shape = self._simple(schema, rest[0]) if len(rest) == 1 else Shape("any")
        return replace(shape, nullable="null" in kinds)

    def _simple(self, schema: dict[str, Any], kind: str | None) -> Shape:
        if kind == "string":
            if "x-id-prefixes" in schema:
                return Shape("id", prefixes=tuple(schema["x-id-prefixes"]), repeats="x-repeats" in schema)
            return Shape(STRING_FORMATS.get(schema.get("format", ""), "string"), repeats="x-repeats" in schema)
        if kind == "number":
            return Shape("number" if schema.get("format") == "decimal" else "decimal")
        if kind == "integer":
            return Shape("integer")
        if kind == "boolean":
            return Shape("boolean")
        if kind == "array":
            most = schema.get("maxItems")
            return Shape("list", item=self.of(schema.get("items")), most=int(most) if most is not None else None)
        if kind == "object":
            extra = schema.get("additionalProperties")
            return Shape("map", item=self.of(extra if isinstance(extra, dict) else None))
        # A schema without a type allows null too.
        return Shape("any", nullable=True)
