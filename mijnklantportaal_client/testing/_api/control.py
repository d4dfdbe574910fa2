"""The commands of the sandbox over HTTP, for tests in other processes and other languages.

Bodies are JSON and must say so, which a page of another site can't do without asking first.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .._given import call, seconds
from .reading import read_json

if TYPE_CHECKING:
    from starlette.requests import Request

    from .._sandbox import Sandbox

Command = Callable[[dict[str, Any], Mapping[str, str]], Any]
_OAUTH = ("approve", "deny", "token", "expire", "revoke", "register", "fail", "calm")
_KEYS = ("add", "remove")
_TROUBLE = ("fail", "delay", "drop", "drift", "churn")


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    """The commands, each with its method and path."""
    commands = _Commands(sandbox)
    told = sandbox.portal.notify
    table: dict[tuple[str, str], Command] = {
        ("GET", "/requests"): commands.requests,
        ("DELETE", "/requests"): commands.clear_requests,
        ("GET", "/deliveries"): commands.deliveries,
        ("GET", "/events"): commands.events,
        ("POST", "/trouble/{kind}"): commands.trouble,
        ("DELETE", "/trouble"): commands.calm,
        ("POST", "/trigger"): commands.trigger,
        ("POST", "/reset"): commands.reset,
        ("GET", "/clock"): commands.clock,
        ("POST", "/clock"): commands.move_clock,
        ("POST", "/rate-limit"): commands.limit_rate,
        ("GET", "/state/{collection}"): commands.rows,
        ("POST", "/state/{collection}"): commands.add_row,
        ("DELETE", "/state/{collection}/{id}"): commands.remove_row,
        ("POST", "/people/{action}"): commands.people,
        ("POST", "/keys/{change}"): commands.do_keys,
        ("GET", "/oauth"): commands.oauth,
        ("POST", "/oauth"): commands.set_oauth,
        ("POST", "/oauth/{method}"): commands.do_oauth,
    }
    return [Route(path, _endpoint(command, told), methods=[method]) for (method, path), command in table.items()]


def _endpoint(command: Command, told: Callable[[], None]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body: Any = {}
        if request.method == "POST":
            if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                return _refused(415, "the body of a command is application/json")
            try:
                body = _plain(read_json(await request.body()))
            except ValueError:
                body = None
            if not isinstance(body, dict):
                return _refused(422, "the body of a command is a JSON object")
        try:
            result = command(body, {**request.path_params, **request.query_params})
        except (KeyError, ValueError) as error:
            return _refused(404 if isinstance(error, KeyError) else 422, str(error.args[0]))
        if request.method != "GET":
            told()
        return JSONResponse(_json({} if result is None else result))

    return endpoint


def _refused(status: int, message: str) -> Response:
    return JSONResponse({"message": message}, status)


class _Commands:
    """What the commands do; each gets the body and what stands in the path and the query."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def requests(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        journal = self._sandbox.requests
        return {"data": list(journal.of(where["operation"]) if "operation" in where else journal)}

    def clear_requests(self, body: dict[str, Any], where: Mapping[str, str]) -> None:
        self._sandbox.requests.clear()

    def deliveries(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        return {"data": list(self._sandbox.deliveries)}

    def events(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        return {"data": self._sandbox.events}

    def trouble(self, body: dict[str, Any], where: Mapping[str, str]) -> None:
        if where["kind"] not in _TROUBLE:
            raise ValueError(f"there is no such trouble; there are {', '.join(_TROUBLE)}")
        call(getattr(self._sandbox, where["kind"]), (), body)

    def calm(self, body: dict[str, Any], where: Mapping[str, str]) -> None:
        self._sandbox.calm()

    def trigger(self, body: dict[str, Any], where: Mapping[str, str]) -> None:
        call(self._sandbox.trigger, (), body)

    def reset(self, body: dict[str, Any], where: Mapping[str, str]) -> None:
        self._sandbox.reset()

    def clock(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        return {"now": self._sandbox.clock.now()}

    def move_clock(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        if isinstance(body.get("moment"), str):
            self._sandbox.clock.set(datetime.datetime.fromisoformat(body["moment"]))
        elif "seconds" in body:
            self._sandbox.clock.advance(seconds(body["seconds"], "seconds"))
        else:
            raise ValueError("the body has seconds, or a moment in ISO 8601")
        return self.clock(body, where)

    def limit_rate(self, body: dict[str, Any], where: Mapping[str, str]) -> None:
        call(self._sandbox.limit_rate, (), body)

    def rows(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        return {"data": self._sandbox.source.rows(where["collection"])}

    def add_row(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        return self._sandbox.source.add(where["collection"], body)

    def remove_row(self, body: dict[str, Any], where: Mapping[str, str]) -> None:
        self._sandbox.source.remove(where["collection"], where["id"])

    def people(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        action = where["action"]
        if action.startswith("_") or not callable(getattr(self._sandbox.people, action, None)):
            raise ValueError(f"people can't {action}")
        return _called(getattr(self._sandbox.people, action), body)

    def oauth(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        oauth = self._sandbox.oauth
        return {"exchanges": oauth.exchanges, "rotate": oauth.rotate, "expires_in": oauth.expires_in}

    def set_oauth(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        if not body or body.keys() - {"rotate", "expires_in"}:
            raise ValueError("the body has rotate, expires_in or both")
        for name, value in body.items():
            setattr(self._sandbox.oauth, name, value)
        return self.oauth(body, where)

    def do_oauth(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        return _called(_one_of(_OAUTH, self._sandbox.oauth, where["method"]), body)

    def do_keys(self, body: dict[str, Any], where: Mapping[str, str]) -> Any:
        return _called(_one_of(_KEYS, self._sandbox.keys, where["change"]), body)


def _one_of(names: Sequence[str], of: object, name: str) -> Callable[..., Any]:
    if name not in names:
        raise ValueError(f"there is no such method; there are {', '.join(names)}")
    method: Callable[..., Any] = getattr(of, name)
    return method


def _called(method: Callable[..., Any], body: Mapping[str, Any]) -> Any:
    args, kwargs = body.get("args", []), body.get("kwargs", {})
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        raise ValueError("args is a list, and kwargs an object")  # noqa: TRY004 - what a command is refused with
    return {"result": call(method, args, kwargs)}


def _json(value: Any) -> Any:
    """A value as JSON: objects as their fields, moments as ISO text."""
    if attrs.has(type(value)):
        return _json(attrs.asdict(value, recurse=False))
    if dataclasses.is_dataclass(value):
        return {field.name: _json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {name: _json(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(each) for each in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def _plain(value: Any) -> Any:
    """A value of a command; an object with nothing but `$base64` is bytes."""
    if isinstance(value, dict):
        if value.keys() == {"$base64"}:
            # Another kind of value is none, and text beyond ASCII neither.
            return base64.b64decode(str(value["$base64"]), validate=True)
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
