"""One request of the API, from its first look to its answer."""

from __future__ import annotations

import logging
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

from ..._clock import SYSTEM
from .._portal.behaviour import Asked
from .._portal.check import Checker
from .._portal.contract import SELF, Operation
from .._portal.problems import Invalid, NotFound, Problem
from .answers import Answer, page, refusal
from .bodies import TooLarge, parse, read_form, shown
from .limits import headers as limit_headers
from .trouble import drift

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from .._sandbox import Sandbox
    from .journal import SandboxRequest
    from .keys import Holder

_LOG = logging.getLogger("mijnklantportaal_client.testing")
_SECRETS = frozenset({"authorization", "cookie", "proxy-authorization"})

PATIENCE: ContextVar[float | None] = ContextVar("PATIENCE", default=None)
"""Seconds that a caller in this process waits for an answer; None for whoever is not in this process."""


class ConnectionDropped(Exception):
    """The connection is to be lost without an answer."""


class OutOfPatience(Exception):
    """The caller in this process stopped waiting."""


class API:
    """Answers the requests below `/v1`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._portal = sandbox.portal
        self._contract = sandbox.portal.contract
        self._checker = Checker(self._contract)

    async def answer(self, request: Request, path: str) -> Answer:
        """Answers a request; `path` is what follows the base URL, as it was sent.

        Raises:
            ConnectionDropped: There is to be no answer.
            OutOfPatience: It took longer than the caller waits.
        """
        began = time.perf_counter()
        headers = {name: value for name, value in request.headers.items() if name not in _SECRETS}
        entry = self._sandbox.requests.begin(
            at=self._portal.now(), method=request.method, path=path, query=dict(request.query_params), headers=headers
        )
        try:
            answer = await self._answer(request, path, entry)
            entry.status, entry.answer = answer.status, answer.payload
        finally:
            entry.duration = time.perf_counter() - began
            self._sandbox.requests.tell(entry)
        return answer

    async def _answer(self, request: Request, path: str, entry: SandboxRequest) -> Answer:
        authorization = request.headers.get("authorization")
        holder = self._sandbox.keys.holder(authorization)
        meter = self._sandbox.limit.take(holder.name if holder else "(no key)")
        is_over = meter is not None and meter.wait > 0
        told = limit_headers(meter, is_over, time.time())
        answer = await self._judged(request, path, entry, holder, is_over=is_over)
        return Answer(answer.status, answer.payload, {**told, **answer.headers}, answer.content)

    async def _judged(
        self, request: Request, path: str, entry: SandboxRequest, holder: Holder | None, *, is_over: bool
    ) -> Answer:
        try:
            # Also where it is refused, so that the connection stays usable.
            await request.body()
        except TooLarge as problem:
            return refusal(problem.status, problem.message)
        found = self._contract.match(path)
        if found is None:
            return refusal(404, f"The route v1{path} could not be found.")
        operations, entry.ids = found
        operation = operations.get(request.method)
        if operation is None:
            methods = ", ".join(sorted(operations))
            message = f"The {request.method} method is not supported for route v1{path}. Supported methods: {methods}."
            return refusal(405, message, Allow=methods)
        entry.operation = operation.id
        if holder is None:
            return refusal(401, "Unauthenticated.")
        if is_over:
            return refusal(429, "Too many requests.")
        if scope := self._sandbox.keys.missing_scope(holder, operation):
            return refusal(403, f"This token lacks the scope {scope}.")
        return await self._with_trouble(request, operation, entry)

    async def _with_trouble(self, request: Request, operation: Operation, entry: SandboxRequest) -> Answer:
        troubles = self._sandbox.troubles
        failure = troubles.take(("fail", "drop"), operation.id, "before")
        if failure is not None:
            _note(entry, failure.kind)
            # What was sent is shown, though nothing came of it.
            entry.json = shown(await self._read_anything(request, operation))
            answer = _failure(failure.details)
        else:
            answer = await self._carried_out(request, operation, entry)
            late = troubles.take(("fail", "drop"), operation.id, "after") if entry.carried_out else None
            if late is not None:
                _note(entry, late.kind)
                answer, failure = _failure(late.details), late
        if entry.carried_out and failure is None:
            answer = self._disturbed(answer, operation, entry)
        if delay := troubles.take(("delay",), operation.id):
            _note(entry, "delay")
            await _wait(delay.details["seconds"])
        if failure is not None and failure.kind == "drop":
            raise ConnectionDropped
        return answer

    def _disturbed(self, answer: Answer, operation: Operation, entry: SandboxRequest) -> Answer:
        troubles = self._sandbox.troubles
        if changes := [*troubles.take_each(("drift",), operation.id)]:
            _note(entry, "drift")
            for change in changes:
                answer = Answer(answer.status, drift(answer.payload, change.details), answer.headers)
        if churn := troubles.take(("churn",), operation.id):
            _note(entry, "churn")
            self._sandbox.churned(operation, **churn.details)
        return answer

    async def _carried_out(self, request: Request, operation: Operation, entry: SandboxRequest) -> Answer:
        try:
            if operation.area == "tickets" and "tickets" not in self._portal.features:
                return refusal(426, operation.message(426) or "The licence does not include tickets.")
            query = self._checker.query(operation, dict(request.query_params))
            schema, body = await self._read(request, operation)
            entry.json = shown(body)
            if schema is not None:
                self._checker.body(schema, body)
            with self._portal.lock:
                self._portal.settle()
                with self._portal.changing():
                    records = self._records(operation, entry.ids)
                    self._check_references(operation, query, schema, body)
                    asked = Asked(operation.id, entry.ids, records, query, body or {})
                    result = self._result(operation, asked, request, entry)
            entry.carried_out = True
        except Problem as problem:
            message = problem.message or operation.message(problem.status) or type(problem).__name__
            return refusal(problem.status, message, getattr(problem, "errors", None))
        except Exception as error:  # noqa: BLE001 - whatever a behaviour did wrong, its caller gets an answer
            _LOG.exception("the sandbox failed at %s", operation.id)
            return refusal(500, f"This portal failed at {operation.id}: {type(error).__name__}. Its log says more.")
        return Answer(operation.status, result)

    def _result(self, operation: Operation, asked: Asked, request: Request, entry: SandboxRequest) -> Any:
        if operation.answer is None:
            return None
        handler = self._sandbox.handlers.get(operation.id)
        origin = f"{request.url.scheme}://{request.url.netloc}"
        if handler is None:
            return self._contract.show(operation.answer, self._sandbox.examples.answer(operation, asked), origin)
        result = handler(self._portal, asked)
        payload: Any = result
        if operation.has_pages:
            others = {name: value for name, value in entry.query.items() if name != "page"}
            payload = page(cast("Sequence[Any]", result), asked.query.get("page", 1), f"{SELF}v1{entry.path}", others)
        elif operation.has_list:
            payload = {"data": list(result)}
        return self._contract.show(operation.answer, payload, origin)

    def _records(self, operation: Operation, ids: Mapping[str, str]) -> dict[str, Any]:
        records = {}
        for name, prefixes in operation.prefixes.items():
            collections = [each for prefix in prefixes if (each := self._portal.holding(prefix)) is not None]
            if collections:
                record = next((found for each in collections if (found := each.get(ids[name]))), None)
                if record is None:
                    raise NotFound
                records[name] = record
        return records

    def _check_references(
        self, operation: Operation, query: Mapping[str, Any], schema: Mapping[str, Any] | None, body: Any
    ) -> None:
        for name, value in query.items():
            self._checker.references(self._portal, operation.query[name], value, (name,))
        if schema is not None and operation.id not in self._sandbox.skipping:
            self._checker.references(self._portal, schema, body)

    async def _read_anything(self, request: Request, operation: Operation) -> Any:
        try:
            return (await self._read(request, operation))[1]
        except Problem:
            return None

    async def _read(self, request: Request, operation: Operation) -> tuple[Mapping[str, Any] | None, Any]:
        """The schema of the body and the body; None twice where the operation takes none, or it was left out."""
        if not operation.bodies:
            return None, None
        given = request.headers.get("content-type", "")
        kind = given.partition(";")[0].strip().lower()
        content = await request.body()
        if kind not in operation.bodies:
            if not content and not operation.body_required:
                return None, None
            takes = " or ".join(operation.bodies)
            sent = f"came as {kind}" if kind else "has no Content-Type"
            raise Invalid({"body": [f"The body must be {takes}, and this one {sent}."]})
        schema = operation.bodies[kind]
        if kind == "multipart/form-data":
            return schema, await read_form(request, self._contract, schema)
        return schema, parse(content)


def _note(entry: SandboxRequest, what: str) -> None:
    entry.trouble = what if entry.trouble is None else f"{entry.trouble},{what}"


def _failure(details: Mapping[str, Any]) -> Answer:
    status = details.get("status", 503)
    body = details.get("body")
    headers = dict(details.get("headers") or {})
    if isinstance(body, (bytes, str)):
        content = body.encode() if isinstance(body, str) else body
        return Answer(status, None, {"Content-Type": "text/html; charset=utf-8", **headers}, content)
    return Answer(status, {"message": f"Trouble on demand: {status}."} if body is None else body, headers)


async def _wait(seconds: float) -> None:
    patience = PATIENCE.get()
    if patience is not None and seconds >= patience:
        await SYSTEM.sleep(patience)
        raise OutOfPatience
    await SYSTEM.sleep(seconds)
