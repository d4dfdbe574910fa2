"""What must hold of anything that was read from an answer; made without the code that it judges, where that matters."""

from __future__ import annotations

import copy
import json
import pickle
import types
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from mijnklantportaal_client import FieldMissingError, Page
from mijnklantportaal_client._codecs import ModelOf
from mijnklantportaal_client._drift import LOSES_DATA, ODD_ANSWER, Drift
from mijnklantportaal_client._json import loads
from mijnklantportaal_client._model import Model
from mijnklantportaal_client._page import PageOf
from mijnklantportaal_client._unset import UNSET

from .fuzz_json import is_exact, same
from .fuzz_targets import MARK, all_models, sensitive_fields


class WrongError(Exception):
    """Something that must not be."""


def require(condition: object, what: str) -> None:
    """Raises unless the condition holds.

    Raises:
        WrongError: It does not.
    """
    if not condition:
        raise WrongError(what)


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is what an annotation says, to the class."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin in (types.UnionType, typing.Union):
        return any(fits(value, member) for member in arguments)
    if origin is list:
        return type(value) is list and all(fits(member, arguments[0]) for member in value)
    if origin is dict:
        return type(value) is dict and all(type(k) is str and fits(v, arguments[1]) for k, v in value.items())
    return value is None if hint in (None, type(None)) else type(value) is hint


_KINDS = all_models()


@cache
def _hints(name: str) -> Mapping[str, Any]:
    return typing.get_type_hints(_KINDS[name])


@cache
def _sensitive(name: str) -> frozenset[str]:
    return sensitive_fields(_KINDS[name])


def rows_of(value: Any) -> list[Any]:
    """The objects of an answer, whatever holds them."""
    return value.data if isinstance(value, Page) else value if isinstance(value, list) else [value]


def raw_rows(reader: Any, raw: Any) -> list[Any]:
    """Their JSON: rows that are no objects are left out, and PHP writes an empty object as a list."""
    if isinstance(reader, ModelOf):
        return [raw]
    return [row or {} for row in raw["data"] if isinstance(row, dict) or row == []]


def nested(value: Any) -> Iterator[Model]:
    """Every object in a value."""
    if isinstance(value, Model):
        yield value
        for _, member in value._values():
            yield from nested(member)
    elif isinstance(value, list):
        for member in value:
            yield from nested(member)
    elif isinstance(value, dict):
        for member in value.values():
            yield from nested(member)


def judge_value(reader: Any, raw: Any, value: Any, drift: Drift, protocol: int) -> None:
    """Uses a value in every way there is.

    Raises:
        WrongError: It is not what the answer says, or what its annotations promise.
    """
    judge_drift(raw, drift)
    rows, raws = rows_of(value), raw_rows(reader, raw)
    require(len(rows) == len(raws), f"{len(raws)} objects came and {len(rows)} were read")
    if isinstance(value, Page):
        judge_page(reader, value)
    for row, its_raw in zip(rows, raws, strict=True):
        judge_fields(row, its_raw)
        judge_whole(row, its_raw)
        judge_decoders(row, its_raw)
    lost = drift.loss(critical_only=False) is not None
    if not lost:
        require_complete(value, critical_only=False)
    judge_copies(value, protocol)


def judge_drift(raw: Any, drift: Drift) -> None:
    """Every difference points to a place that exists, or to one that is missing from a place that does."""
    for kind, pointer, _ in drift.found:
        require(pointer.startswith("/"), f"{kind} nowhere")
        place = raw
        *parents, last = pointer.split("/")[1:]
        for part in (*parents, *(() if kind == "missing" else (last,))):
            key = part.replace("~1", "/").replace("~0", "~")
            place = place[int(key)] if isinstance(place, list) else place.get(key, WrongError)
            require(place is not WrongError, f"{kind} at {pointer!r:.80}, where nothing is")
        require(
            kind != "missing" or (isinstance(place, dict) and last not in place) or place == [], f"{pointer!r} is there"
        )


def judge_page(reader: Any, page: Page[Any]) -> None:
    """The envelope is what its annotations promise."""
    require(type(page.data) is list, "Page.data is no list")
    require(type(page.current_page) is int and type(page.per_page) is int, "a number of the page is none")
    require(type(page.has_next) is bool, "Page.has_next is no bool")
    require(isinstance(reader, PageOf), "only a page may be read as a page")


def judge_fields(model: Any, raw: dict[str, Any]) -> None:
    """Reads every annotated field, and looks that what it says is what came."""
    require(isinstance(model, Model), f"a {type(model).__name__} was read in place of a model")
    hints = _hints(type(model).__name__)
    # PHP writes an empty object as [].
    shape: dict[str, Any] = raw or {}
    for field in model._fields:
        came = shape.get(field.wire)
        try:
            value = getattr(model, field.name)
        except FieldMissingError as error:
            require(field.name in model.unreadable or field.wire not in shape, f"{field.name} came and is missing")
            require(not hasattr(model, field.name), f"hasattr of {field.name}")
            require(getattr(model, field.name, raw) is raw, f"getattr of {field.name} with a default")
            require(MARK not in f"{error}{error!r}", f"the error of {field.name} shows what is secret")
            continue
        require(fits(value, hints[field.name]), f"{field.name} is a {type(value).__name__}, not {hints[field.name]}")
        if came is None:
            require(value is None or value is UNSET, f"{field.name} is {type(value).__name__}, nothing came")
        else:
            require(value is not None, f"{field.name} is None, a {type(came).__name__} came")
        for part, its_raw in _parts(value, came):
            judge_fields(part, its_raw)
    for name, kept in model.unreadable.items():
        wire = next(field.wire for field in model._fields if field.name == name)
        require(wire in shape and _same_kept(shape[wire], kept), f".unreadable[{name!r}] is not what came")
    unknown = {key: member for key, member in shape.items() if key not in type(model)._wire_names}
    require(_same_kept(unknown, dict(model.additional_properties)), ".additional_properties is not what came")


def _same_kept(raw: Any, kept: Any) -> bool:
    """Whether JSON was kept as it was parsed."""
    if isinstance(raw, dict):
        return type(kept) is dict and raw.keys() == kept.keys() and all(_same_kept(raw[key], kept[key]) for key in raw)
    if isinstance(raw, list):
        return type(kept) is list and len(raw) == len(kept) and all(map(_same_kept, raw, kept))
    return type(raw) is type(kept) and bool(raw == kept)


def _parts(value: Any, raw: Any) -> Iterator[tuple[Model, Any]]:
    """The objects in a field, each with its JSON."""
    if isinstance(value, Model):
        yield value, raw
    elif isinstance(value, list):
        for member, its_raw in zip(value, raw, strict=True):
            yield from _parts(member, its_raw)


def judge_whole(model: Model, raw: Any) -> None:
    """Shows, compares, and writes an object."""
    judge_repr(model)
    written = model.to_dict()
    require(same(raw, written), "to_dict() is not what came")
    text = json.dumps(written)
    again = type(model).from_dict(written)
    require(json.dumps(again.to_dict()) == text, "from_dict(to_dict()) is written differently")
    if is_exact(raw):
        require(type(model).from_dict(loads(text)) == model, "from_dict(to_dict()) is not equal")
    named = model.to_dict(by="python")
    require(type(named) is dict and not any(nested(named)), "to_dict(by='python') holds a model")
    require(named.keys() >= {name for name, member in model._values() if member is not UNSET}, "to_dict(by='python')")
    try:
        hash(model)
    except TypeError:
        pass
    else:
        raise WrongError("a model that can be changed has a hash")
    try:
        model.no_such_field  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError as error:
        require(not isinstance(error, FieldMissingError), "an unknown attribute is told as a missing field")


def judge_repr(value: Any) -> None:
    """Nothing sensitive is shown; a mark may be, where a mutation put it in a harmless field."""
    for model in nested(rows_of(value)) if MARK in repr(value) else ():
        secret = _sensitive(type(model).__name__)
        shown = (str(member) for field, member in _items(model) if field.wire not in secret)
        hidden = MARK not in repr(model) or any(MARK in text for text in shown)
        require(hidden, f"repr of {type(model).__name__} shows what is secret")


def _items(model: Model) -> Iterator[tuple[Any, Any]]:
    by_name = {field.name: field for field in model._fields}
    for name, member in model._values():
        yield by_name[name], member


def judge_decoders(model: Model, raw: Any) -> None:
    """Where the fast decoder reads an object at all, the slow one reads the same and finds nothing odd."""
    kind = type(model)
    try:
        fast = kind._fast(raw)
    except ODD_ANSWER:
        return
    drift = Drift()
    slow = kind._read_slowly(raw, drift, "")
    require(drift.found == [], f"the fast decoder overlooks {drift.found[:1]}")
    require(fast == slow == model and repr(fast) == repr(slow), "the decoders do not agree")
    require(json.dumps(fast.to_dict()) == json.dumps(slow.to_dict()), "the decoders do not agree on to_dict()")


def judge_copies(value: Any, protocol: int) -> None:
    """Copies are equal, look the same and give the same."""
    shown = repr(value)
    for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value, protocol))):  # noqa: S301
        require(type(twin) is type(value) and twin == value, "a copy is not equal")
        require(repr(twin) == shown, "a copy looks different")
        require(json.dumps(_written(twin)) == json.dumps(_written(value)), "a copy is written differently")
        for one, other in zip(nested(rows_of(value)), nested(rows_of(twin)), strict=True):
            require(one.unreadable == other.unreadable, "a copy has other .unreadable")


def _written(value: Any) -> list[Any]:
    return [row.to_dict() for row in rows_of(value)]


def require_complete(value: Any, *, critical_only: bool) -> None:
    """Where no loss was noted, or a strict client let an answer pass, every field can be used."""
    for model in nested(rows_of(value)):
        for field in model._fields:
            if field.critical or not critical_only:
                require(hasattr(model, field.name), f"{type(model).__name__}.{field.name} is missing, and nothing told")


def loses_data(drift: Drift, *, critical_only: bool) -> bool:
    """Whether a strict client has to refuse the answer."""
    return any(kind in LOSES_DATA and (critical or not critical_only) for kind, _, critical in drift.found)
