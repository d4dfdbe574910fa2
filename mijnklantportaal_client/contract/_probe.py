"""Reads the whole portal once, a little of everything, and notes how it is shaped."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .._contract import shipped
from .._json import loads
from .._page import Page
from ..errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    ResponseDecodeError,
)
from ._collector import DriftCollector
from ._guard import EnoughError
from ._plan import IDs
from ._recording import is_live
from ._run import Result, Run
from ._shapes import Shapes

if TYPE_CHECKING:
    from .._answer import APIResponse
    from ._guard import ReadingPortal
    from ._plan import Step

_MOST_SILENCE = 3
"""So many calls without an answer one after another, or refused for the key, and the others would fare no better."""
_DAYS = 60
"""The range of appointments that is looked at where the coming week has none, with today in its middle."""


class Stopped(Exception):  # noqa: N818 - how the walk ends early, which is no error of the program
    """Nothing more can be asked; the text says why."""


class Probe:
    """One run; what it found so far can be looked at whenever it ends.

    Args:
        portal: The client to read with.
        steps: What to ask, in this order.
        samples: Most records that are read of each kind.
        today: The day to look for appointments around.
        tell: Is told a line about each operation.
    """

    def __init__(
        self,
        portal: ReadingPortal,
        steps: Sequence[Step],
        *,
        samples: int = 3,
        today: datetime.date,
        tell: Callable[[str], None],
    ) -> None:
        self._steps = steps
        self._samples = samples
        self._today = today
        self._tell = tell
        self._contract = shipped()
        self._collector = DriftCollector()
        self._ids = IDs()
        self._results = {step.id: Result(step.id, step.name, note="not reached") for step in steps}
        self._silence = 0
        self._strangers = 0
        self._stopped: str | None = "interrupted"
        self._portal = portal
        self._raw = portal.with_options(hooks=[self._collector]).with_raw_response

    async def read(self) -> None:
        """Asks everything, one call after another."""
        try:
            for step in self._steps:
                await self._step(step, self._results[step.id])
        except Stopped as why:
            self._stopped = str(why)
        else:
            self._stopped = None

    def run(self) -> Run:
        """What was found so far."""
        return Run(
            findings=self._collector.snapshot(),
            results=tuple(self._results.values()),
            live=is_live(self._portal._options.base_url),
            requests=self._portal.sent,
            stopped=self._stopped,
        )

    async def _step(self, step: Step, result: Result) -> None:
        found = [] if step.needs else self._ids.choose(step.prefixes, self._samples)
        why = f"needs {', '.join(step.needs)}" if step.needs else "no record of this kind was found"
        result.note = "" if found else why
        for ids in found:
            page = await self._ask(step, result, ids, {})
            if step.answer == "page" and page is not None and page.has_next:
                second = await self._ask(step, result, ids, {"page": 2})
                # 0 where the answer does not say.
                if second is not None and second.current_page not in (0, 2):
                    # How a walk through the list ends there.
                    result.failures[ResponseDecodeError.__name__] += 1
                    result.note = "page 2 was asked for, and another one came"
            if step.answer == "single_page" and page is not None and not page.data:
                start = self._today - datetime.timedelta(days=_DAYS // 2)
                await self._ask(step, result, ids, {"start_at": f"{start.isoformat()} 00:00", "days": _DAYS})
        self._tell(f"{step.name}: {result.told}")

    async def _ask(self, step: Step, result: Result, ids: tuple[str, ...], query: dict[str, Any]) -> Page[Any] | None:
        method = getattr(getattr(self._raw, step.resource), step.method)
        try:
            answer: APIResponse[Any] = await method(*ids, **query)
            result.answers[answer.status_code] += 1
            self._observe(result, answer.status_code, answer.content, ids)
            value = answer.parsed
        except EnoughError as error:
            raise Stopped(error.args[0]) from None
        except ResponseDecodeError as error:
            result.failures[type(error).__name__] += 1
        except APIStatusError as error:
            self._refused(result, error)
        except APIConnectionError as error:
            result.failures[type(error).__name__] += 1
            self._silence += 1
            if self._silence >= _MOST_SILENCE:
                raise Stopped(f"{self._silence} calls one after another got no answer") from None
        else:
            self._silence = self._strangers = 0
            return value if isinstance(value, Page) else None
        return None

    def _refused(self, result: Result, error: APIStatusError) -> None:
        self._silence = 0
        result.answers[error.status_code] += 1
        if isinstance(error.body, (dict, list)):
            self._shapes(result, error.status_code).observe(
                self._contract, self._contract.answer(result.operation, error.status_code), error.body
            )
        if isinstance(error, AuthenticationError):
            self._strangers += 1
            if self._strangers >= _MOST_SILENCE:
                raise Stopped("the key is refused")

    def _observe(self, result: Result, status: int, content: bytes, ids: tuple[str, ...]) -> None:
        try:
            value = loads(content)
        except ValueError:
            # The client says so itself.
            return
        self._ids.learn(value, ids)
        schema = self._contract.answer(result.operation, status)
        self._shapes(result, status).observe(self._contract, schema, value)

    @staticmethod
    def _shapes(result: Result, status: int) -> Shapes:
        return result.shapes.setdefault(status, Shapes())
