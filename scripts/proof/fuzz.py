"""Mutated answers through every operation and every model: a value, a value with drift, or a `ResponseDecodeError`.

`python -m proof.fuzz SEED NUMBER`, in the folder `scripts`, shows one case again.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import sys
import traceback
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import attrs
import httpx

from mijnklantportaal_client import MijnKlantportaal, Outcome, RetryPolicy, errors
from mijnklantportaal_client._answer import read_answer
from mijnklantportaal_client._call import Call
from mijnklantportaal_client._clock import SYSTEM
from mijnklantportaal_client._page import PageOf
from mijnklantportaal_client._request import Request
from mijnklantportaal_client._wire import Answer

from .fuzz_json import can_be_read, parse, parsers_agree
from .fuzz_judge import WrongError, judge_value, loses_data, nested, require, require_complete, rows_of
from .fuzz_mutations import BYTE_MUTATIONS, JSON_MUTATIONS, mutate
from .fuzz_targets import MARK, Target, all_targets, arguments_of, ids_of, missing_from
from .report import Section

if TYPE_CHECKING:
    from mijnklantportaal_client._drift import Drift

# Two in a hundred are left as they were, so that 100,000 are not.
CASES = 103_000
TITLE = "Mutated answers"
_BYTE_NAMES = frozenset(mutation.__name__ for mutation in BYTE_MUTATIONS)
_MUTATIONS = tuple(mutation.__name__ for mutation in (*JSON_MUTATIONS, *BYTE_MUTATIONS))
_SUCCESSES = (200, 200, 200, 201, 202, 203, 206, 299)
_MOST_FAILURES = 50
_BROKEN = object()


@attrs.frozen(eq=False, kw_only=True)
class Case:
    """One answer.

    Attributes:
        mutations: What was done to the valid answer, in order.
    """

    seed: int
    number: int
    target: Target
    content: bytes = attrs.field(repr=False)
    mutations: tuple[str, ...]

    @property
    def through_a_call(self) -> bool:
        """Whether it is also read through a whole call; refusals only are."""
        return self.target.status is not None or self.number % 10 == self.number // 10 % 10

    def told(self, what: str) -> str:
        """A line to find it by again."""
        return f"{self.target.name}, seed {self.seed}, case {self.number} ({', '.join(self.mutations)}): {what}"


@attrs.define
class Tally:
    """What came of the cases so far."""

    answers: Counter[str] = attrs.field(factory=Counter)
    values: Counter[str] = attrs.field(factory=Counter)
    drifted: Counter[str] = attrs.field(factory=Counter)
    refused: Counter[str] = attrs.field(factory=Counter)
    wrong: Counter[str] = attrs.field(factory=Counter)
    visited: Counter[str] = attrs.field(factory=Counter)
    mutations: Counter[str] = attrs.field(factory=Counter)
    whole: int = 0
    calls: int = 0
    failures: list[str] = attrs.field(factory=list)


def case_of(targets: list[Target], seed: int, number: int) -> Case:
    """The answer of this number, the same each time."""
    target = targets[number % len(targets)]
    content, mutations = mutate(Random(f"{seed}/{number}"), target.example)  # noqa: S311
    return Case(seed=seed, number=number, target=target, content=content, mutations=mutations)


class Fuzz:
    """A client whose server answers with the case at hand."""

    def __init__(self, http_client: _OneAnswer) -> None:
        self._server = http_client
        portal = MijnKlantportaal(
            api_key="a-key-of-some-length", http_client=http_client, retry=RetryPolicy(max_attempts=1), rate_limit=None
        )
        self.portals = {strict: portal.with_options(strict=strict) for strict in (False, True, "money")}
        self.tally = Tally()

    async def run(self, case: Case) -> None:
        """Reads a case in every way, and notes what came of it."""
        tally, group = self.tally, case.target.group
        tally.answers[group] += 1
        tally.mutations.update(case.mutations)
        tally.whole += not case.mutations
        try:
            if case.target.status is None:
                await self._success(case)
            else:
                await self._refusal(case)
        except WrongError as wrong:
            self._fail(case, str(wrong))
        except Exception as error:  # noqa: BLE001 - whatever else is raised is what this is to find
            place = traceback.extract_tb(error.__traceback__)[-1]
            self._fail(case, f"{type(error).__name__} in {place.name}, line {place.lineno}: {error!s:.100}")

    def _fail(self, case: Case, what: str) -> None:
        self.tally.wrong[case.target.group] += 1
        self.tally.failures.append(case.told(what))

    async def _success(self, case: Case) -> None:
        operation = case.target.operation
        if isinstance(operation.reader, PageOf) and not operation.reader.single and case.number % 2:
            # As a pager reads it; the other half as `with_raw_response` does.
            operation = attrs.evolve(operation, reader=operation.reader.at(1))
        require(parsers_agree(case.content), "the faster parser finds something else")
        try:
            raw = parse(case.content)
        except ValueError:
            raw = _BROKEN
        readable = raw is not _BROKEN and can_be_read(operation.reader, raw)
        value, drift, error = self._read(case, operation, strict=False)
        require(bool(case.mutations) or (error is None and not drift.found), "a valid answer drifts or is refused")
        self._judge(case, error, readable=readable)
        if error is None:
            judge_value(operation.reader, raw, value, drift, 2 + case.number % 4)
        for strict in (True, "money"):
            self._strictly(case, operation, strict, readable, value, drift)
        if case.through_a_call:
            await self._through_a_call(case, value, error)
        counter = self.tally.refused if error else self.tally.drifted if drift.found else self.tally.values
        counter[case.target.group] += 1
        if error is None:
            models = {type(model).__name__ for model in nested(rows_of(value))}
            self.tally.visited.update({case.target.name} | models)

    def _strictly(
        self, case: Case, operation: Any, strict: bool | str, readable: bool, value: Any, drift: Drift
    ) -> None:
        found, _, error = self._read(case, operation, strict=strict)
        lost = loses_data(drift, critical_only=strict == "money")
        self._judge(case, error, readable=readable and not lost)
        if error is None:
            require(found == value, f"strict={strict!r} reads another value")
            require_complete(found, critical_only=strict == "money")

    def _read(self, case: Case, operation: Any, *, strict: bool | str) -> tuple[Any, Drift, Any]:
        request = Request(method=operation.method, path=operation.path, query="", headers={}, body=None)
        call = Call(operation, request, self.portals[strict]._options, SYSTEM)
        return read_answer(call, Answer(status=200, headers={}, content=case.content))

    def _judge(self, case: Case, error: errors.MijnKlantportaalError | None, *, readable: bool) -> None:
        if error is None:
            require(readable, "a value was read where there is none")
            return
        require(not readable, f"an answer that can be read was refused: {error}")
        require(type(error) is errors.ResponseDecodeError, f"a {type(error).__name__}")
        require(error.outcome is Outcome.ACCEPTED, "the outcome is not ACCEPTED")
        judge_error(error, case)

    async def _through_a_call(self, case: Case, value: Any, error: Any) -> None:
        """The same answer through httpx, the dispatcher and the method."""
        self.tally.calls += 1
        try:
            found = await self._call(case)
        except errors.ResponseDecodeError as caught:
            require(error is not None, "a call refuses what can be read")
            require(caught.args == error.args, "another error in a call")
            judge_error(caught, case)
        else:
            require(error is None, "a call reads what can't be read")
            require(found == value and type(found) is type(value), "a call reads another value")

    async def _call(self, case: Case) -> Any:
        operation, portal = case.target.operation, self.portals[False]
        status = case.target.status or _SUCCESSES[case.number % len(_SUCCESSES)]
        self._server.answer = httpx.Response(status, content=case.content)
        resource, dot, method = operation.name.partition(".")
        if not dot:
            reader: Any = operation.reader
            return (await portal.request("GET", operation.path, cast_to=reader.kind)).parsed
        raw = case.number % 2 == 0
        bound = getattr(getattr(portal.with_raw_response if raw else portal, resource), method)
        result = await bound(*ids_of(operation), **arguments_of(operation))
        return result.parsed if raw else result

    async def _refusal(self, case: Case) -> None:
        """A status that is no success is its error, whatever the body holds."""
        self.tally.calls += 1
        status = case.target.status
        try:
            await self._call(case)
        except errors.APIStatusError as error:
            require(error.status_code == status, "another status")
            require(error.message is None or type(error.message) is str, "the message is no text")
            if isinstance(error, errors.ValidationError):
                members = [member for texts in error.errors.values() for member in texts]
                require(all(type(text) is str for text in (*error.errors, *members)), "a field's message is no text")
            judge_error(error, case)
        else:
            raise WrongError("a refusal was read as a success")
        self.tally.refused[case.target.group] += 1


def judge_error(error: errors.MijnKlantportaalError, case: Case) -> None:
    """An error's text is short, whole and harmless, and it gets to another process.

    Raises:
        WrongError: It does not.
    """
    text = str(error)
    require(len(text) < 2000, "the text of the error is long")
    # Cutting and swapping bytes may make a key out of a value, and keys are told.
    if isinstance(error, errors.ResponseDecodeError) and _BYTE_NAMES.isdisjoint(case.mutations):
        require(MARK not in text and MARK not in repr(error), "the error shows what is secret")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    require(type(again) is type(error) and str(again) == text and again.__dict__ == error.__dict__, "a pickled error")


class _OneAnswer(httpx.AsyncClient):
    """Gets the answer at hand for whatever it asks."""

    answer: httpx.Response

    def __init__(self) -> None:
        super().__init__(transport=httpx.MockTransport(lambda _: self.answer))


async def _run(targets: list[Target], cases: int, seed: int) -> Tally:
    async with _OneAnswer() as http_client:
        fuzz = Fuzz(http_client)
        for number in range(cases):
            await fuzz.run(case_of(targets, seed, number))
        return fuzz.tally


def _nothing(_: logging.LogRecord) -> bool:
    """Keeps the log empty, where every case would be in it."""
    return False


def prove(*, scale: float, seed: int) -> Section:
    """Reads 100,000 mutated answers at full scale."""
    targets = all_targets()
    cases = round(CASES * scale)
    logger = logging.getLogger("mijnklantportaal_client")
    logger.addFilter(_nothing)
    try:
        tally = asyncio.run(_run(targets, cases, seed))
    finally:
        logger.removeFilter(_nothing)
    failures = tally.failures[:_MOST_FAILURES]
    if len(tally.failures) > _MOST_FAILURES:
        failures.append(f"and {len(tally.failures) - _MOST_FAILURES} more")
    failures += [f"no answer was read as {name}, seed {seed}" for name in missing_from(tally.visited)]
    failures += [f"the mutation {name} was never made, seed {seed}" for name in _MUTATIONS if not tally.mutations[name]]
    counters = (tally.answers, tally.values, tally.drifted, tally.refused, tally.wrong)
    groups = dict.fromkeys(target.group for target in targets)
    rows = [(group, *(f"{counter[group]:,}" for counter in counters)) for group in groups]
    rows.append(("**all**", *(f"{counter.total():,}" for counter in counters)))
    methods = sum("." in target.name for target in targets)
    text = f"""
{cases - tally.whole:,} mutated answers and {tally.whole:,} that are not, seed {seed}: valid ones of all {methods}
methods, of every model and of refusals, changed in their JSON, in their bytes or in both,
{tally.mutations.total():,} times in {len(_MUTATIONS)} ways. Each is read leniently, with `strict=True` and with
`strict="money"`; {tally.calls:,} also through a whole call on a mocked transport. What is read is used: every field
against its annotation and against the JSON that came, `repr`, `==`, copies, pickles and `to_dict` in both forms.
"Refused" is a `ResponseDecodeError`, or for a status that is no success the error of that status.
"""
    columns = ("Read as", "Answers", "Value", "Value with drift", "Refused", "Anything else")
    return Section(title=TITLE, text=text, columns=columns, rows=tuple(rows), failures=tuple(failures))


if __name__ == "__main__":

    async def _again(seed: int, number: int) -> None:
        case = case_of(all_targets(), seed, number)
        async with _OneAnswer() as http_client:
            fuzz = Fuzz(http_client)
            await fuzz.run(case)
            print(case, case.content, *fuzz.tally.failures, sep="\n")

    asyncio.run(_again(int(sys.argv[1]), int(sys.argv[2])))
