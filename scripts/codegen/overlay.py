"""Apply an OpenAPI Overlay, and refuse one whose actions miss their target."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import yaml
from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.ext.parser import parse
from oas_patch.overlay import apply_overlay

SUPPORTED_VERSIONS = ("1.0.", "1.1.")
OPERATIONS = ("update", "remove", "copy")

# What oas-patch raises on an action that does not fit its target.
_MISFITS = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class OverlayError(Exception):
    """The overlay is malformed, or one of its actions cannot be carried out."""


class Loader(yaml.SafeLoader):
    """YAML as JSON knows it: text keys, no key twice, and text wherever JSON has no such value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Read a mapping; `200:` and `on:` stay the text that stands there."""
        self.flatten_mapping(node)
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise OverlayError(f"a key that is not plain text{key_node.start_mark}")
            if key_node.value in mapping:
                raise OverlayError(f"the key {key_node.value!r} stands twice{key_node.start_mark}")
            mapping[key_node.value] = self.construct_object(value_node, deep=deep)
        return mapping


# By YAML 1.1, which the library knows, an unquoted NO is false, 14:30 is 870, 010 is 8, and a date is an object.
Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _starts in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("int", r"-?(?:0|[1-9][0-9]*)", [*"-0123456789"]),
    ("float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", [*"-0123456789"]),
    # No numbers of JSON, but nobody means a text by them.
    ("float", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", [*"-+."]),
    ("merge", r"<<", ["<"]),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _starts)


def read_json(text: str) -> Any:
    """The object that a text of JSON holds; None where it is something else, which YAML may still read.

    Not every JSON is YAML to the library: it takes no tab, and no two halves of a character for a whole one.

    Raises:
        OverlayError: A key stands twice.
    """
    if not text.lstrip().startswith("{"):
        return None
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError:
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise OverlayError(f"the key {twice!r:.60} stands twice in an object that begins with {names[0]!r:.60}")
    return members


def load_yaml(path: str | Path) -> dict[str, Any]:
    """Read a YAML (or JSON) file whose root is an object.

    Raises:
        OverlayError: The file is not YAML, holds a key twice, or is not an object.
    """
    text = Path(path).read_text(encoding="utf-8")
    try:
        document = read_json(text)
        if document is None:
            document = yaml.load(text, Loader=Loader)  # noqa: S506 - a subclass of SafeLoader
    except (yaml.YAMLError, OverlayError) as error:
        raise OverlayError(f"{path}: {error}") from error
    if not isinstance(document, dict):
        raise OverlayError(f"{path}: the root is not an object")
    return document


def apply(document: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of the document with every action of the overlay carried out.

    Args:
        document: An OpenAPI document; it is left as it is.
        overlay: An OpenAPI Overlay, version 1.0 or 1.1.

    Returns:
        The corrected document, in which no two places share an object.

    Raises:
        OverlayError: The overlay is malformed, or actions match nothing or do not fit; all of them are named.
    """
    check_shape(overlay)
    problems: list[str] = []
    result = cast("dict[str, Any]", unshared(document))
    for action in overlay["actions"]:
        problem = carry_out(result, action)
        if problem:
            problems.append(f"{action['target']} ({' '.join(action['description'].split())}): {problem}")
    if problems:
        raise OverlayError(_listed("actions of the overlay cannot be carried out", problems))
    return result


def check_shape(overlay: Mapping[str, Any]) -> None:
    """Refuse an overlay that is none.

    Raises:
        OverlayError: With every problem.
    """
    problems = list(_shape_problems(overlay))
    if problems:
        raise OverlayError(_listed("the overlay is malformed", problems))


def _listed(headline: str, problems: Iterable[str]) -> str:
    return "\n".join([f"{headline}:", *(f"  - {problem}" for problem in problems)])


def _shape_problems(overlay: Mapping[str, Any]) -> Iterable[str]:
    version = overlay.get("overlay")
    if not isinstance(version, str) or not version.startswith(SUPPORTED_VERSIONS):
        yield f"version {version!r} is neither 1.0.x nor 1.1.x"
    info = overlay.get("info")
    if not isinstance(info, dict) or not all(isinstance(info.get(key), str) for key in ("title", "version")):
        yield "info lacks a title or a version"
    for key in overlay.keys() - {"overlay", "info", "extends", "actions"}:
        if not key.startswith("x-"):
            yield f"unknown field {key!r}"
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        yield "actions is not a list with at least one action"
        return
    for number, action in enumerate(actions, start=1):
        if not isinstance(action, dict):
            yield f"action {number} is not an object"
            continue
        for problem in _action_problems(action, copy_allowed=str(version).startswith("1.1.")):
            yield f"action {number} ({action.get('target')}): {problem}"


def _action_problems(action: Mapping[str, Any], *, copy_allowed: bool) -> Iterable[str]:
    target, description = action.get("target"), action.get("description")
    if not isinstance(target, str) or not target.startswith("$"):
        yield "its target is not a JSONPath that starts with $"
    if not isinstance(description, str) or not description.strip():
        yield "it has no description, so no reason"
    for key in action.keys() - {"target", "description", *OPERATIONS}:
        if not key.startswith("x-"):
            yield f"unknown field {key!r}"
    asked = [operation for operation in OPERATIONS if operation in action]
    if len(asked) != 1:
        yield f"it needs exactly one of {', '.join(OPERATIONS)}"
    # oas-patch looks at the presence of `remove` only, and would remove on `remove: false` too.
    if "remove" in action and action["remove"] is not True:
        yield "remove is not true"
    if "copy" in action and not copy_allowed:
        yield "copy needs version 1.1"


def carry_out(document: dict[str, Any], action: Mapping[str, Any]) -> str | None:
    """Carry out one action on every match of its target; returns what is wrong, if anything."""
    try:
        places = [match.full_path for match in parse(action["target"]).find(document)]
        if "copy" in action and not parse(action["copy"]).find(document):
            return f"the source {action['copy']} matches nothing"
    except JSONPathError as error:
        return f"not a JSONPath: {error}"
    if not places:
        return "matches nothing"
    # One place at a time, each with a copy of the change. Given the whole target, oas-patch puts the same object into
    # every place, and repeats a removal once per match, which empties a list by its shifting positions. Backwards, so
    # that a removal does not shift the places that are still to come.
    for steps in reversed([_steps(place) for place in places]):
        change = {key: unshared(action[key]) for key in OPERATIONS if key in action}
        if "update" in change:
            current = _value_at(document, steps)
            if _kind(current) is not list and _kind(change["update"]) is not _kind(current):
                return f"the update does not fit what stands at {_json_path(steps)}"
            if _names_others(current, change["update"]):
                return (
                    f"its names would stand for other values, as there is an enum at {_json_path(steps)} already: "
                    "list the values in its order, or remove it in an action before this one"
                )
            change["update"] = _without_present(current, change["update"])
        root, target = document, _json_path(steps)
        # oas-patch 0.6.0 looks for the position of a list element in an attribute that jsonpath-ng has renamed, so an
        # element is updated as a document of its own.
        if "update" in change and steps and isinstance(steps[-1], int):
            root, target = current, "$"
        try:
            apply_overlay(root, {"actions": [{"target": target, **change}]})
        except _MISFITS as error:
            return f"oas-patch failed at {_json_path(steps)}: {error!r}"
    return None


def _names_others(current: Any, update: Any) -> bool:
    """Whether an update brings a list of values and their names to a place whose own list begins otherwise.

    Lists are joined, and names belong to values by position: in another order each value would get another's name.
    """
    if not isinstance(current, dict) or not isinstance(update, dict) or not isinstance(current.get("enum"), list):
        return False
    there, values = current["enum"], update.get("enum")
    if isinstance(values, list) and "x-enum-varnames" in update:
        return bool(there != values[: len(there)])
    return any(isinstance(each, dict) and "x-enum-varnames" in each for each in update.get("oneOf", ()))


def _steps(place: Any) -> list[str | int]:
    """The keys and positions that lead from the root to a match."""
    if hasattr(place, "left"):
        return [*_steps(place.left), *_steps(place.right)]
    return [*getattr(place, "fields", ()), *getattr(place, "indices", ())]


def _json_path(steps: Iterable[str | int]) -> str:
    def escaped(step: str) -> str:
        return step.replace("\\", "\\\\").replace("'", "\\'")

    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f"['{escaped(step)}']" for step in steps)


def _value_at(document: Any, steps: Iterable[str | int]) -> Any:
    for step in steps:
        document = document[step]
    return document


def _kind(value: Any) -> type | None:
    """Object, list or (None) anything else."""
    return type(value) if isinstance(value, dict | list) else None


def _without_present(current: Any, update: Any) -> Any:
    """The update without the list entries that are there already.

    Lists are joined, and where the vendor has taken over half of a correction, `required` or `enum` would hold a name
    twice, which is invalid.
    """
    if isinstance(current, dict) and isinstance(update, dict):
        return {key: _without_present(current.get(key), value) for key, value in update.items()}
    if isinstance(current, list):
        return [entry for entry in (update if isinstance(update, list) else [update]) if entry not in current]
    return update


def unshared(value: Any) -> Any:
    """A copy in which no two places share an object; `copy.deepcopy` would keep what YAML aliases share."""
    if isinstance(value, dict):
        return {key: unshared(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unshared(item) for item in value]
    return value
