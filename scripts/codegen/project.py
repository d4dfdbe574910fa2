"""openapi-python-client as a library: it reads the document, names the classes and renders our templates.

Written for openapi-python-client 0.29.1, whose programmatic use is not covered by its versioning: look at `Project`
again before the pin is raised.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.properties import Class

from .prepare import ContractError, merged
from .shapes import Named
from .view import View
from .words import wrap

if TYPE_CHECKING:
    from .names import Resource

_PAGE_ENVELOPE = "x-page-envelope"


class ClientProject(Project):
    """Writes models, enums and resources with templates that are given our view of the document."""

    view: View

    def build(self) -> Sequence[GeneratorError]:
        """Writes the package; the folder is replaced as a whole."""
        shutil.rmtree(self.package_dir, ignore_errors=True)
        (self.package_dir / "models").mkdir(parents=True)
        (self.package_dir / "resources").mkdir()
        self.env.globals.update(view=self.view, wrap=wrap)
        self.env.filters["py"] = repr
        self._write("__init__.py", "package_init.py.jinja")
        self._write_models()
        self._write_resources()
        return self._get_errors()

    def _write(self, name: str, template: str, **context: Any) -> None:
        text = self.env.get_template(template).render(**context)
        (self.package_dir / name).write_text(text, encoding="utf-8")

    def _write_models(self) -> None:
        exported: list[tuple[str, str]] = []
        for component, named in self.view.named.items():
            if named.is_enum:
                self._write(f"models/{named.module}.py", f"{named.base}_enum.py.jinja", **self.view.enum(component))
                exported.append((named.name, named.module))
                continue
            model = self.view.model(component)
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
    config = _config(config_path, output)
    data = GeneratorData.from_dict(document, config=config)
    if isinstance(data, GeneratorError):
        raise ContractError(f"the generator refuses the document: {data.header} {data.detail or ''}")
    named = _named(document, config)
    _compare(document, data, named)
    project = ClientProject(openapi=data, config=config, custom_template_path=templates)
    project.view = View(document, resources, named)
    return project


def _config(path: Path, output: Path) -> Config:
    from .overlay import load_yaml

    unknown = set(load_yaml(path)) - set(ConfigFile.model_fields)
    if unknown:
        raise ContractError(f"{path.name}: the generator does not know {', '.join(sorted(unknown))}")
    return Config.from_sources(
        ConfigFile.load_from_path(path),
        MetaType.NONE,
        Path("contract.json"),
        "utf-8",
        overwrite=True,
        output_path=output,
    )


def _named(document: dict[str, Any], config: Config) -> dict[str, Named]:
    """The class of every component that becomes one, by the component's name."""
    schemas: dict[str, dict[str, Any]] = document["components"]["schemas"]
    circles = _circles(schemas)
    result: dict[str, Named] = {}
    for name, schema in schemas.items():
        if schema.get(_PAGE_ENVELOPE) or not _becomes_class(document, schema):
            continue
        class_info = Class.from_string(string=name, config=config)
        if any(class_info.name == other.name for other in result.values()):
            raise ContractError(f"{name}: two components become the class {class_info.name}")
        base = "int" if schema.get("type") == "integer" else "str"
        result[name] = Named(
            str(class_info.name), str(class_info.module_name), "enum" in schema, base, frozenset(circles.get(name, ()))
        )
    return result


def _becomes_class(document: dict[str, Any], schema: dict[str, Any]) -> bool:
    if "enum" in schema:
        return True
    flat = merged(document, schema)
    return flat.get("type") == "object" or "properties" in flat


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
    own = [node["$ref"].rsplit("/", 1)[-1]] if isinstance(node.get("$ref"), str) else []
    return own + [name for member in node.values() for name in _references(member)]


def _compare(document: dict[str, Any], data: GeneratorData, named: dict[str, Named]) -> None:
    """Nothing of the document may be lost: the generator drops what it can't parse, and sometimes says nothing."""
    errors = [error for tag in data.endpoint_collections_by_tag.values() for error in tag.parse_errors] + list(
        data.errors
    )
    if errors:
        told = "; ".join(f"{error.header or ''} {error.detail or ''}".strip() for error in errors)
        raise ContractError(f"the generator can't parse all of the document: {told}")
    operations = sum(len(item.keys() & _METHODS) for item in document["paths"].values())
    endpoints = {
        (tag, endpoint.name) for tag, found in data.endpoint_collections_by_tag.items() for endpoint in found.endpoints
    }
    if len(endpoints) != operations:
        raise ContractError(f"the document holds {operations} operations, the generator kept {len(endpoints)}")
    models = {str(model.class_info.name) for model in data.models}
    enums = {str(enum.class_info.name) for enum in data.enums}
    for component, class_ in named.items():
        if class_.name not in (enums if class_.is_enum else models):
            raise ContractError(f"the generator lost the component {component}")


_METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}
