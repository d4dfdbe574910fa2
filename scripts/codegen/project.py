"""openapi-python-client as a library: it reads the document, names the classes and renders our templates.

Written for openapi-python-client 0.29.1, whose programmatic use is not covered by its versioning: look at `Project`
again before the pin is raised.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.properties import Class

from .document import ContractError, component, is_json, merged, operations, resolve
from .shapes import Named
from .view import View
from .words import clean, wrap

if TYPE_CHECKING:
    from .names import Resource

_PAGE_ENVELOPE = "x-page-envelope"
# Names that the generated modules import; a class of such a name would take their place.
_TAKEN = frozenset(
    (  # noqa: SIM905 - one quoted word a line would fill the screen
        "Any APIResponse Argument AsyncPager ClassVar DataOf Decimal EnumOf Field FileInput Final IdOf IntEnum ListOf "
        "MapOf Mapping Model ModelOf NotRequired Nullable Odd Operation Page PageOf PathParameter RawResources "
        "Resource Resources Self Sequence StrEnum TypedDict Unset"
    ).split(" ")
)


class ClientProject(Project):
    """Writes models, enums and resources with templates that are given our view of the document."""

    view: View

    def build(self) -> Sequence[GeneratorError]:
        """Writes the package; the folder is replaced as a whole."""
        shutil.rmtree(self.package_dir, ignore_errors=True)
        (self.package_dir / "models").mkdir(parents=True)
        (self.package_dir / "resources").mkdir()
        self.env.globals.update(view=self.view, wrap=wrap)
        self.env.filters.update(py=repr, words=clean)
        self._write("__init__.py", "package_init.py.jinja")
        self._write_models()
        self._write_resources()
        return self._get_errors()

    def _write(self, name: str, template: str, **context: Any) -> None:
        text = self.env.get_template(template).render(**context)
        (self.package_dir / name).write_text(text, encoding="utf-8")

    def _write_models(self) -> None:
        exported: list[tuple[str, str]] = []
        for name, named in self.view.named.items():
            if named.is_enum:
                self._write(f"models/{named.module}.py", f"{named.base}_enum.py.jinja", **self.view.enum(name))
                exported.append((named.name, named.module))
                continue
            model = self.view.model(name)
            self._write(f"models/{named.module}.py", "model.py.jinja", model=model)
            exported.append((named.name, named.module))
            if model.given:
                exported.append((f"{named.name}Dict", named.module))
        self._write("models/__init__.py", "models_init.py.jinja", exported=sorted(exported))

    def _write_resources(self) -> None:
        for resource in self.view.resources:
            self._write(f"resources/{resource.attribute}.py", "endpoint_init.py.jinja", resource=resource)
        self._write("resources/__init__.py", "api_init.py.jinja", resources=self.view.resources)


def make_project(
    document: dict[str, Any], resources: list[Resource], config_path: Path, templates: Path, output: Path
) -> ClientProject:
    """Parses the document; anything that the generator lost on the way is an error.

    Raises:
        ContractError: The generator can't take the document, or took less of it than it holds.
    """
    config = _config(config_path, document, output)
    try:
        data = GeneratorData.from_dict(document, config=config)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ContractError(f"the generator fails on the document: {error!r}") from error
    if isinstance(data, GeneratorError):
        raise ContractError(f"the generator refuses the document: {data.header} {data.detail or ''}")
    named = _named(document, resources, config)
    _compare(document, data, named, config)
    project = ClientProject(openapi=data, config=config, custom_template_path=templates)
    project.view = View(document, resources, named)
    return project


def _config(path: Path, document: dict[str, Any], output: Path) -> Config:
    from .overlay import load_yaml

    unknown = set(load_yaml(path)) - set(ConfigFile.model_fields)
    if unknown:
        raise ContractError(f"{path.name}: the generator does not know {', '.join(sorted(unknown))}")
    file = ConfigFile.load_from_path(path)
    # A body that is neither JSON nor text is bytes to us; without this the generator would drop the answer.
    others = {kind for kind in _answer_types(document) if not is_json(kind) and not kind.startswith("text/")}
    known = file.content_type_overrides or {}
    file.content_type_overrides = dict.fromkeys(sorted(others), "application/octet-stream") | known
    return Config.from_sources(
        file,
        MetaType.NONE,
        Path("contract.json"),
        "utf-8",
        overwrite=True,
        output_path=output,
    )


def _answer_types(document: dict[str, Any]) -> Iterator[str]:
    for _, _, operation in operations(document):
        for response in operation["responses"].values():
            yield from resolve(document, response).get("content", {})


def _named(document: dict[str, Any], resources: list[Resource], config: Config) -> dict[str, Named]:
    """The class of every component that becomes one, by the component's name."""
    schemas: dict[str, dict[str, Any]] = document["components"]["schemas"]
    circles = _circles(schemas)
    taken = _TAKEN | {name for resource in resources for name in resource.class_names}
    result: dict[str, Named] = {}
    for name, schema in schemas.items():
        if schema.get(_PAGE_ENVELOPE) or not _becomes_class(document, schema):
            continue
        class_info = Class.from_string(string=name, config=config)
        class_name, module = str(class_info.name), str(class_info.module_name)
        if class_name in taken:
            class_name, module = f"{class_name}Model", f"{module}_model"
        if any(class_name in (other.name, f"{other.name}Dict") or module == other.module for other in result.values()):
            raise ContractError(f"{name}: another component becomes the class {class_name} of {module}.py too")
        base = "int" if schema.get("type") == "integer" else "str"
        result[name] = Named(class_name, module, "enum" in schema, base, frozenset(circles.get(name, ())))
    return result


def _becomes_class(document: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Whether it has values or fields; an object without any is a mapping."""
    return "enum" in schema or bool(merged(document, schema).get("properties"))


def _circles(schemas: dict[str, Any]) -> dict[str, set[str]]:
    """For each component, those that it reaches and that reach it."""
    direct = {name: set(_references(schema)) for name, schema in schemas.items()}
    reached: dict[str, set[str]] = {}
    for name in schemas:
        found: set[str] = set()
        todo = list(direct[name])
        while todo:
            other = todo.pop()
            if other not in found:
                found.add(other)
                todo.extend(direct.get(other, ()))
        reached[name] = found
    return {name: {other for other in found if name in reached.get(other, ())} for name, found in reached.items()}


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for member in node for name in _references(member)]
    if not isinstance(node, dict):
        return []
    own = component(node.get("$ref"))
    return ([own] if own else []) + [name for member in node.values() for name in _references(member)]


def _compare(document: dict[str, Any], data: GeneratorData, named: dict[str, Named], config: Config) -> None:
    """Nothing of the document may be lost: the generator drops what it can't parse, and sometimes says nothing."""
    errors = [error for tag in data.endpoint_collections_by_tag.values() for error in tag.parse_errors] + list(
        data.errors
    )
    if errors:
        # The generator shows its wrapped texts as objects at an address.
        told = re.sub(
            r"<[^<>]* object at 0x[0-9a-f]+>", "...", "; ".join(f"{e.header} {e.detail or ''}" for e in errors)
        )
        raise ContractError(f"the generator can't parse all of the document: {told}")
    count = len(list(operations(document)))
    endpoints = {
        (tag, endpoint.name) for tag, found in data.endpoint_collections_by_tag.items() for endpoint in found.endpoints
    }
    if len(endpoints) != count:
        raise ContractError(f"the document holds {count} operations, the generator kept {len(endpoints)}")
    models = {str(model.class_info.name) for model in data.models}
    enums = {str(enum.class_info.name) for enum in data.enums}
    for name, class_ in named.items():
        if Class.from_string(string=name, config=config).name not in (enums if class_.is_enum else models):
            raise ContractError(f"the generator lost the component {name}")
