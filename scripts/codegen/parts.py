"""The models, arguments, methods and resources that the templates write down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .names import Method, Resource
    from .shapes import Named, Shape

# Facts of the document that no caller notices.
_INFERRED_FOR_US = frozenset({"description", "operationId", "schema name", "summary"})


@dataclass(frozen=True)
class FieldView:
    """One field of a model."""

    name: str
    wire: str
    shape: Shape
    required: bool
    shown: bool
    critical: bool
    doc: str
    parts: tuple[FieldView, ...] = ()
    """The fields of an object that is read in place, see `View._parts`."""

    @property
    def optional(self) -> bool:
        return self.shape.nullable or not self.required

    @property
    def read_type(self) -> str:
        plain = self.shape.read_type()
        return plain if plain == "Any" or not self.optional or self.shape.nullable else f"{plain} | None"

    def fast(self, owner: str) -> list[str]:
        """Lines that read it, see `Shape.fast`; one that need not be there leaves its slot empty."""
        lines = self._read(f"raw[{self.wire!r}]", f"self.{self.name}", owner)
        if self.required:
            return lines
        return [f"if {self.wire!r} in raw:", "    known += 1", *(f"    {line}" for line in lines)]

    def _read(self, source: str, target: str, owner: str) -> list[str]:
        named = self.shape.named
        if named is None or not self.parts:
            return self.shape.fast(source, target, owner)
        raw, made = f"raw_{named.module}", f"new_{named.module}"
        return [
            f"{raw} = {source}",
            f"if type({raw}) is not dict or len({raw}) != {len(self.parts)}:",
            "    raise Odd",
            f"{target} = {made} = new({named.name})",
            *(line for p in self.parts for line in p._read(f"{raw}[{p.wire!r}]", f"{made}.{p.name}", owner)),
        ]

    def classes(self) -> Iterator[Named]:
        """The classes that reading it takes."""
        yield from self.shape.classes()
        for part in self.parts:
            yield from part.classes()


@dataclass(frozen=True)
class ModelView:
    """One class of answers, of arguments, or of both."""

    component: str
    named: Named
    doc: str
    fields: list[FieldView]
    answered: bool
    given: bool

    @property
    def is_fast(self) -> bool:
        """Whether a straight-line decoder is written."""
        return self.answered and all(f.shape.is_fast for f in self.fields)

    def imports(self) -> list[Named]:
        """The other generated classes that this module needs."""
        found = {named.name: named for f in self.fields for named in f.shape.classes() if named.name != self.named.name}
        return [found[name] for name in sorted(found)]

    def inner(self) -> list[Named]:
        """Those that it needs besides, to read what is inside of its parts."""
        found = {named.name: named for f in self.fields for named in f.classes()} if self.is_fast else {}
        others = found.keys() - {named.name for named in self.imports()} - {self.named.name}
        return [found[name] for name in sorted(others)]

    @property
    def always(self) -> int:
        """How many fields each answer has."""
        return sum(f.required for f in self.fields)

    def fast(self) -> list[str]:
        """Lines that read every field."""
        return [line for f in self.fields for line in f.fast(self.component)]

    def fast_parts(self) -> list[Named]:
        """The classes whose fast decoders are called by that of this one."""
        lines = self.fast() if self.is_fast else []
        return [n for n in self.imports() if any(f"{n.fast_name}(" in line for line in lines)]


@dataclass(frozen=True)
class ArgumentView:
    """One argument of a method."""

    name: str
    wire: str
    shape: Shape
    required: bool
    doc: str

    @property
    def annotation(self) -> str:
        return self.shape.write_type() + ("" if self.required else " | Unset")


@dataclass(frozen=True)
class MethodView:
    """One method of a resource."""

    method: Method
    operation_id: str
    http_method: str
    path: str
    resource: str
    summary: str
    description: str
    dutch: str | None
    path_parameters: list[ArgumentView]
    query: list[ArgumentView]
    body: list[ArgumentView]
    encoding: str | None
    has_change: bool
    form: str
    result: Shape
    statuses: list[str]
    documented: str
    inferred: list[str]
    answer: str
    docs: str | None

    @property
    def name(self) -> str:
        return self.method.name

    @property
    def constant(self) -> str:
        return f"_{self.method.name.upper()}"

    @property
    def arguments(self) -> list[ArgumentView]:
        """Keyword arguments, required ones first."""
        every = self.query + self.body
        return [a for a in every if a.required] + [a for a in every if not a.required]

    @property
    def title(self) -> str:
        """The first line of the docstring, findable by the vendor's own words."""
        return f"{self.summary.rstrip('.')} ({self.dutch})." if self.dutch else self.summary

    @property
    def told_inferred(self) -> list[str]:
        """What of the inferred facts matters to a caller."""
        return [what for what in self.inferred if what not in _INFERRED_FOR_US]

    @property
    def checks_ids(self) -> bool:
        """Whether an argument is an ID."""
        shapes = [a.shape.item or a.shape for a in self.query + self.body]
        return bool(self.path_parameters) or any(shape.prefixes for shape in shapes)

    @property
    def told_answer(self) -> str:
        """What the method returns, in words."""
        if self.form in ("page", "single_page"):
            return "A pager: `await` it for the first page, `async for` every object, or `.collect()` a list."
        return "" if self.form == "none" else self.answer

    @property
    def returns(self) -> str:
        """Annotation of what the method gives: `form` is page, single_page, data, model or nothing."""
        plain = self.result.read_type()
        if self.form in ("page", "single_page"):
            return f"AsyncPager[{plain}]"
        if self.form == "data":
            return f"builtins.list[{plain}]"
        return {"none": "None", "bytes": "bytes"}.get(self.form, plain.replace("list[", "builtins.list["))

    @property
    def content(self) -> str:
        """Annotation of what one answer holds."""
        return f"Page[{self.result.read_type()}]" if self.form in ("page", "single_page") else self.returns

    @property
    def reader(self) -> str:
        """Expression for the codec of the whole answer."""
        codec = self.result.nullable_codec()
        return {
            "page": f"PageOf({codec})",
            "single_page": f"PageOf({codec}, single=True)",
            "data": f"DataOf({codec})",
            "none": "NOTHING",
            "bytes": "CONTENT",
        }.get(self.form, codec)

    def classes(self) -> Iterator[Named]:
        yield from self.result.classes()
        for argument in self.query + self.body:
            yield from argument.shape.classes()


@dataclass
class ResourceView:
    """One resource with its methods."""

    resource: Resource
    methods: list[MethodView] = field(default_factory=list)

    @property
    def attribute(self) -> str:
        return self.resource.attribute

    @property
    def class_name(self) -> str:
        return self.resource.class_name

    @property
    def classes(self) -> list[Named]:
        found = {named.name: named for method in self.methods for named in method.classes()}
        return [found[name] for name in sorted(found)]

    @property
    def dicts(self) -> set[str]:
        """Classes that arguments also take as a dict."""
        arguments = [argument for method in self.methods for argument in method.query + method.body]
        return {named.name for a in arguments for named in a.shape.classes() if not named.is_enum}
