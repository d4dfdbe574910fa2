"""From the bytes of a success to its value, and what is told where it differs from the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import _failures
from ._drift import Drift, Unreadable
from ._model import is_download_link
from ._outcome import Outcome
from ._page import CONTENT, NOTHING

if TYPE_CHECKING:
    from ._call import Call
    from ._hooks import DriftLog
    from ._wire import Answer
    from .errors import MijnKlantportaalError
    from .events import DriftEvent

T = TypeVar("T")


def read_answer(call: Call, answer: Answer) -> tuple[Any, Drift, MijnKlantportaalError | None]:
    """Reads a successful answer and notes where it differs from the contract.

    Returns:
        The value, the differences, and the error in place of the value if it can't be read, or lost data where the
        client is strict.
    """
    drift = Drift()
    value: Any = None
    why: str | None = None
    try:
        value = _value(call.operation.reader, answer, drift)
    except ValueError as broken:
        why = f"the answer is no JSON ({broken})" if answer.content else "the answer is empty"
    except Unreadable as odd:
        why = str(odd) or "the answer has another shape than the contract says"
    if why is not None:
        # What watches for drift hears of it too, though it gets no value to look at.
        drift.add("wrong_type", "", critical=True)
    elif call.options.strict:
        lost = drift.loss(critical_only=call.options.strict == "money")
        why = f"strict: {lost[0]} at {lost[1]}" if lost else None
    if why is None:
        if is_download_link(value):
            from ._link import remember

            remember(value, call)
        return value, drift, None
    error = _failures.decode_error(why, answer.status, answer.headers, answer.content, token=call.token)
    return None, drift, call.fail(error, Outcome.ACCEPTED)


def _value(reader: Any, answer: Answer, drift: Drift) -> Any:
    if reader is CONTENT:
        return answer.content
    if reader is NOTHING:
        return None
    return reader.read_whole(answer.loads(answer.content), drift)


def told_drift(call: Call, answer: Answer, drift: Drift | None, log: DriftLog) -> list[DriftEvent]:
    """Logs the differences, a status that the contract does not name among them, and makes their events."""
    found = list(drift.found) if drift else []
    if answer.status < 500 and not call.operation.documents(answer.status):
        found.append(("undocumented_status", "", False))
    if not found:
        return []
    from .events import DriftEvent

    events = [
        DriftEvent(kind=kind, location=pointer, status_code=answer.status, **call.about()) for kind, pointer, _ in found
    ]
    for event in events:
        log.note(event)
    return events


class APIResponse(Generic[T]):
    """A successful answer with its status, headers and bytes.

    Attributes:
        status_code: The HTTP status, a 2xx.
        headers: The answer's headers, names in lower case; cookies are left out.
        content: The body after decompression.
        request_id: The server's ID of the request, if it sent one.
        call_id: This client's ID of the call, the same in events and log lines.
    """

    def __init__(self, call: Call, answer: Answer, log: DriftLog) -> None:
        self._call = call
        self._answer = answer
        self._log = log
        self._parsed: list[T] = []
        self._told = False
        self.status_code: int = answer.status
        self.headers: Mapping[str, str] = answer.headers
        self.content: bytes = answer.content
        self.request_id: str | None = call.request_id
        self.call_id: str = call.id

    @property
    def parsed(self) -> T:
        """The value that the method without `with_raw_response` returns; read when first asked for.

        Raises:
            ResponseDecodeError: The content can't be read.
        """
        if not self._parsed:
            value, drift, error = read_answer(self._call, self._answer)
            events = told_drift(self._call, self._answer, drift, self._log)
            for event in events if not self._told else []:
                self._call.options.hooks.tell_soon("on_drift", event)
            self._told = True
            if error is not None:
                raise error
            self._parsed.append(value)
        return self._parsed[0]

    def __repr__(self) -> str:
        return f"<APIResponse [{self.status_code}] {self._call.operation.name}, {len(self.content)} bytes>"
