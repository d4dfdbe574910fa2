"""One key: what is sent, what is kept, and what the next run does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from mijnklantportaal_client import (
    APIConnectionError,
    MijnKlantportaalError,
    Outcome,
    Page,
    ResponseDecodeError,
    RetryPolicy,
    ServerError,
    ValidationError,
    blocking,
    models,
)
from mijnklantportaal_client.ledger import (
    Entry,
    EntryState,
    KeyReusedError,
    Ledger,
    LedgerError,
    LedgerStoreError,
    ResultError,
    UnresolvedError,
)
from tests.conftest import CUSTOMER, NEW_CUSTOMER, TOKEN, Bench, FakeClock, MakeBench
from tests.ledger.conftest import MakeLedger
from tests.waiting import PATIENCE

LOST = httpx.ReadError("lost")
FOUND = models.Customer.from_dict({**CUSTOMER, "id": "cst_found"})


class Find:
    """Looks something up, and counts how often."""

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer
        self.calls = 0

    async def __call__(self) -> Any:
        self.calls += 1
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


async def kept(ledger: Ledger, key: str = "k") -> Entry:
    """What the ledger has of a key."""
    entry = await ledger.entry(key)
    assert entry is not None
    return entry


async def in_doubt(ledger: Ledger, bench: Bench) -> None:
    """Leaves the key in doubt."""
    with pytest.raises(APIConnectionError):
        await ledger.once("k", bench.create)


async def test_a_result_is_given_again(ledger: Ledger, bench: MakeBench) -> None:
    """The second time it comes from the ledger, equal and of the same type, and nothing is sent."""
    it = bench(CUSTOMER)
    first = await ledger.once("k", it.create)
    second = await ledger.once("k", it.create, Find())
    assert (type(second), second) == (models.Customer, first)
    assert len(it.server.requests) == 1
    entry = await kept(ledger)
    assert (entry.state, entry.operation, entry.sends) == (EntryState.DONE, "customers.create", 1)
    assert (entry.deadline, entry.call_id) == (120.0, it.hook.of("on_outcome")[0].call_id)
    assert entry.sent_at is not None
    assert entry.begun_at <= entry.sent_at
    assert await ledger.open() == []


async def test_what_changes_nothing_by_a_client_is_kept_too(ledger: Ledger) -> None:
    """A call of another library is run once."""
    calls: list[int] = []

    async def call() -> dict[str, Any]:
        calls.append(1)
        return {"id": len(calls)}

    assert [await ledger.once("k", call) for _ in range(3)] == [{"id": 1}] * 3
    assert calls == [1]


@pytest.mark.parametrize("portal_only", [False, True])
async def test_the_intent_is_kept_before_anything_is_sent(
    make_ledger: MakeLedger, bench: MakeBench, portal_only: bool
) -> None:
    """Before the call begins, before it waits for its turn, and before its request leaves."""
    ledger = make_ledger(portal_only=portal_only)
    states: list[EntryState] = []

    async def look() -> None:
        states.append((await kept(make_ledger())).state)

    class Hook:
        async def on_request(self, event: object) -> None:
            await look()

    async def answer(request: httpx.Request) -> dict[str, Any]:
        await look()
        return CUSTOMER

    async def call() -> Any:
        await look()
        return await it.create()

    it = bench(answer, hooks=[Hook()])
    await ledger.once("k", call)
    turn = EntryState.BEGUN if portal_only else EntryState.READY
    assert states == [EntryState.BEGUN, turn, EntryState.SENDING]
    assert (await kept(ledger)).state is EntryState.DONE


@pytest.mark.parametrize(
    ("answer", "kind", "state"),
    [
        (httpx.ConnectError("no"), APIConnectionError, EntryState.NOT_SENT),
        (422, ValidationError, EntryState.REJECTED),
        (500, ServerError, EntryState.UNKNOWN),
        (LOST, APIConnectionError, EntryState.UNKNOWN),
        ("[]", ResponseDecodeError, EntryState.ACCEPTED),
    ],
)
async def test_a_failure_is_recorded(
    ledger: Ledger, bench: MakeBench, answer: Any, kind: type[Exception], state: EntryState
) -> None:
    """By its outcome, with its words, and raised as it is."""
    it = bench(answer, retry=RetryPolicy(max_attempts=1))
    with pytest.raises(kind) as caught:
        await ledger.once("k", it.create)
    entry = await kept(ledger)
    assert entry.state is state
    assert str(entry.why).startswith(f"{kind.__name__}: {caught.value.args[0]}"[:100])
    assert entry.ended is not None
    assert await ledger.open() == [entry]


@pytest.mark.parametrize("answer", [httpx.ConnectError("no"), 422])
async def test_what_was_not_carried_out_is_sent_again(ledger: Ledger, bench: MakeBench, answer: Any) -> None:
    """Without a question, also with values that were mended."""
    it = bench(answer, CUSTOMER, retry=RetryPolicy(max_attempts=1))
    with pytest.raises(MijnKlantportaalError):
        await ledger.once("k", it.create)
    mended = {**NEW_CUSTOMER, "city": "Utrecht"}
    assert (await ledger.once("k", lambda: it.portal.customers.create(**mended))).id == CUSTOMER["id"]
    assert (await ledger.once("k", lambda: it.portal.customers.create(**mended))).id == CUSTOMER["id"]
    assert len(it.server.requests) == 2
    with pytest.raises(KeyReusedError):
        await ledger.once("k", it.create)


async def test_doubt_without_find(ledger: Ledger, bench: MakeBench, clock: FakeClock) -> None:
    """Nothing is sent, nobody waits, and the error tells everything."""
    it = bench(LOST, CUSTOMER)
    await in_doubt(ledger, it)
    for _ in range(2):
        with pytest.raises(UnresolvedError) as caught:
            await ledger.once("k", it.create)
    error = caught.value
    assert (len(it.server.requests), clock.waits) == (1, [])
    assert (error.key, error.outcome, error.entry) == ("k", Outcome.UNKNOWN, await kept(ledger))
    for words in ("'k'", "customers.create", "2030-03-01 12:00:00 UTC", "may have been", "find=", "ledger.resolve("):
        assert words in str(error)


async def test_doubt_is_looked_up_after_a_wait(
    ledger: Ledger, bench: MakeBench, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """`settle` seconds later, of which a script that sets no logging up hears, and what is found is kept."""
    it, find = bench(LOST), Find(FOUND)
    await in_doubt(ledger, it)
    clock.now += 30
    assert await ledger.once("k", it.create, find) == FOUND
    assert sum(clock.waits) == 150.0
    assert [(each.levelname, each.args) for each in caplog.records if "waits" in each.msg] == [("WARNING", (150.0,))]
    assert await ledger.once("k", it.create, find) == FOUND
    entry = await kept(ledger)
    assert (find.calls, len(it.server.requests), entry.state, entry.found) == (1, 1, EntryState.DONE, True)


async def test_what_is_not_found_is_sent(ledger: Ledger, bench: MakeBench) -> None:
    """Once, after the look."""
    it, find = bench(LOST, CUSTOMER), Find(None)
    await in_doubt(ledger, it)
    assert (await ledger.once("k", it.create, find)).id == CUSTOMER["id"]
    assert (find.calls, len(it.server.requests), (await kept(ledger)).sends) == (1, 2, 2)


async def test_what_was_accepted_is_never_sent_again(ledger: Ledger, bench: MakeBench, clock: FakeClock) -> None:
    """Also where it is not found; no wait is needed to look."""
    it = bench("[]", CUSTOMER)
    with pytest.raises(ResponseDecodeError):
        await ledger.once("k", it.create)
    with pytest.raises(UnresolvedError) as caught:
        await ledger.once("k", it.create, Find(None))
    assert (caught.value.outcome, clock.waits) == (Outcome.ACCEPTED, [])
    assert "was carried out" in str(caught.value)
    assert await ledger.once("k", it.create, Find(FOUND)) == FOUND
    assert len(it.server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (False, "not False"),
        (True, "not True"),
        ([], r"not \[\]"),
        (Page(data=[], current_page=1, per_page=1, has_next=False), "not a page"),
    ],
)
async def test_a_search_that_gives_no_object(ledger: Ledger, bench: MakeBench, answer: Any, words: str) -> None:
    """It is not kept as the result of what was never carried out: the key stays in doubt."""
    it = bench(LOST)
    await in_doubt(ledger, it)
    with pytest.raises(TypeError, match=f"find must give the object, or None where it is not there, {words}"):
        await ledger.once("k", it.create, Find(answer))
    assert ((await kept(ledger)).state, len(it.server.requests)) == (EntryState.UNKNOWN, 1)


async def test_a_search_that_fails_changes_nothing(ledger: Ledger, bench: MakeBench) -> None:
    """The key stays in doubt."""
    it = bench(LOST)
    await in_doubt(ledger, it)
    before = await kept(ledger)
    with pytest.raises(RuntimeError, match="no list"):
        await ledger.once("k", it.create, Find(RuntimeError("no list")))
    assert (await kept(ledger), len(it.server.requests)) == (before, 1)


async def test_another_change_under_the_same_key(ledger: Ledger, bench: MakeBench) -> None:
    """It is refused and nothing is sent, whether the first one is done or in doubt."""
    it, find = bench(CUSTOMER, LOST), Find(FOUND)
    await ledger.once("done", it.create)
    with pytest.raises(APIConnectionError):
        await ledger.once("doubt", it.create)
    for key in ("done", "doubt"):
        with pytest.raises(KeyReusedError, match="other values") as caught:
            await ledger.once(key, lambda: it.portal.customers.create(**{**NEW_CUSTOMER, "city": "Utrecht"}), find)
        assert (caught.value.key, caught.value.outcome) == (key, Outcome.NOT_SENT)
        with pytest.raises(KeyReusedError, match=r"customers\.create on 2030-03-01"):
            await ledger.once(key, it.upload, find)
    assert (len(it.server.requests), find.calls) == (2, 0)


async def test_the_key_of_another_portal(make_ledger: MakeLedger, bench: MakeBench) -> None:
    """Its result belongs to nobody else, unless the portal has a name and only its API key is new."""
    one, other = bench(CUSTOMER), bench(CUSTOMER, api_key="another")
    ledger, named = make_ledger(), make_ledger(tenant="shop")
    await ledger.once("k", one.create)
    await named.once("named", one.create)
    with pytest.raises(KeyReusedError, match="another portal or API key"):
        await ledger.once("k", other.create)
    assert (await named.once("named", other.create)).id == CUSTOMER["id"]
    assert len(other.server.requests) == 0


async def test_no_comparison(make_ledger: MakeLedger, bench: MakeBench) -> None:
    """Where it is not wanted, the call is not run at all."""
    it = bench(CUSTOMER)
    ledger = make_ledger(compare=False)
    await ledger.once("k", it.create)

    async def call() -> Any:
        raise AssertionError("it was run")

    assert (await ledger.once("k", call)).id == CUSTOMER["id"]


async def test_a_call_that_can_not_be_compared(ledger: Ledger, bench: MakeBench) -> None:
    """What is done stays done, though the call fails before its change, or makes none."""
    it = bench(CUSTOMER)
    await ledger.once("k", it.create)

    async def fails() -> Any:
        raise ValueError("gone")

    async def swallows() -> Any:
        try:
            return await it.create()
        except BaseException:  # noqa: BLE001 - so do some
            return None

    for call in (fails, swallows, it.get):
        assert (await ledger.once("k", call)).id == CUSTOMER["id"]
    assert [request.method for request in it.server.requests] == ["POST", "GET"]


async def test_files_are_compared_by_their_content(ledger: Ledger, bench: MakeBench) -> None:
    """Whatever the boundary; a stream, which can be read once, by its name."""
    it = bench({"id": "fsf_1", "name": "a", "type": "file"})
    await ledger.once("k", lambda: it.upload(b"content"))
    await ledger.once("k", lambda: it.upload(b"content"))
    with pytest.raises(KeyReusedError):
        await ledger.once("k", lambda: it.upload(b"Content"))

    async def stream() -> Any:
        yield b"content"

    for _ in range(2):
        await ledger.once("stream", lambda: it.upload(stream()))
    assert len(it.server.requests) == 2
    assert (await kept(ledger, "stream")).deadline is None


async def test_one_key_is_one_change(ledger: Ledger, bench: MakeBench) -> None:
    """A second change is refused before it is sent, one after another or at a time; reading is free."""
    it = bench(CUSTOMER)

    async def after() -> Any:
        await it.get()
        await it.create()
        await it.get()
        return await it.create()

    async def together() -> Any:
        return await asyncio.gather(it.create(), it.create())

    for key, call, outcome in (("after", after, Outcome.ACCEPTED), ("together", together, Outcome.UNKNOWN)):
        with pytest.raises(KeyReusedError, match="stands for one change") as caught:
            await ledger.once(key, call)
        assert caught.value.outcome is outcome
    assert (await kept(ledger, "after")).state is EntryState.ACCEPTED
    # The first of the two that were made together had not been sent when the call ended, and is not.
    await ledger.once("together", it.create)
    methods = [request.method for request in it.server.requests]
    assert (methods.count("POST"), methods.count("GET")) == (2, 2)


async def test_a_change_that_was_refused_may_be_made_anew(ledger: Ledger, bench: MakeBench) -> None:
    """In the same call: nothing was carried out."""
    it = bench(422, CUSTOMER)

    async def call() -> Any:
        try:
            return await it.create()
        except ValidationError:
            return await it.portal.customers.create(**{**NEW_CUSTOMER, "city": "Utrecht"})

    assert (await ledger.once("k", call)).id == CUSTOMER["id"]
    assert (await kept(ledger)).state is EntryState.DONE


async def test_attempts_belong_to_one_intent(ledger: Ledger, bench: MakeBench) -> None:
    """Those of the client's own retry; a policy that would send twice is refused."""
    it = bench(429, CUSTOMER)
    await ledger.once("k", it.create)
    assert (len(it.server.requests), (await kept(ledger)).sends) == (2, 1)
    unsafe = bench(CUSTOMER, retry=RetryPolicy(retry_unsafe=True))
    with pytest.raises(LedgerError, match="retry_unsafe"):
        await ledger.once("unsafe", unsafe.create)
    assert (unsafe.server.requests, (await kept(ledger, "unsafe")).state) == ([], EntryState.NOT_SENT)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda it: it.portal.customers.create(**{**NEW_CUSTOMER, "city": 5}), TypeError),
        (lambda it: it.portal.customers.update("inv_1", city="x"), MijnKlantportaalError),
        (lambda it: it.portal.request("POST", "https://elsewhere"), ValueError),
    ],
)
async def test_arguments_that_are_refused(
    ledger: Ledger, bench: MakeBench, call: Callable[[Bench], Awaitable[Any]], kind: type[Exception]
) -> None:
    """Nothing was sent, so that the next run sends."""
    it = bench(CUSTOMER)
    with pytest.raises(kind):
        await ledger.once("k", lambda: call(it))
    assert (await kept(ledger)).state is EntryState.NOT_SENT


@pytest.mark.parametrize(("portal_only", "state"), [(False, EntryState.UNKNOWN), (True, EntryState.NOT_SENT)])
async def test_a_call_that_fails_without_a_change(
    make_ledger: MakeLedger, portal_only: bool, state: EntryState
) -> None:
    """Another library may have made one, unless the user says that there is none; its words are not kept."""
    ledger = make_ledger(portal_only=portal_only)

    async def call() -> None:
        raise OSError("secret")

    with pytest.raises(OSError, match="secret"):
        await ledger.once("k", call)
    entry = await kept(ledger)
    assert (entry.state, entry.why) == (state, "OSError")


@pytest.mark.parametrize(
    ("answer", "state", "outcome"),
    [(422, EntryState.REJECTED, Outcome.REJECTED), (LOST, EntryState.UNKNOWN, Outcome.UNKNOWN)],
)
async def test_a_call_that_keeps_its_failure_to_itself(
    ledger: Ledger, bench: MakeBench, answer: Any, state: EntryState, outcome: Outcome
) -> None:
    """It is not taken for done; what it found by itself would be."""
    it = bench(answer)

    async def call() -> Any:
        try:
            return await it.create()
        except MijnKlantportaalError:
            return found

    found: Any = None
    with pytest.raises(LedgerError, match=r"gave None though customers\.create failed") as caught:
        await ledger.once("k", call)
    assert (caught.value.outcome, (await kept(ledger)).state) == (outcome, state)
    found = FOUND
    assert await ledger.once("other", call) == FOUND
    assert (await kept(ledger, "other")).state is EntryState.DONE


async def test_a_call_that_does_not_wait_for_its_change(ledger: Ledger, bench: MakeBench) -> None:
    """It is not taken for done before it is, and its outcome is recorded when it ends."""
    arrived, goes_on = asyncio.Event(), asyncio.Event()
    changes: list[asyncio.Future[Any]] = []

    async def answer(request: httpx.Request) -> Any:
        arrived.set()
        await goes_on.wait()
        return CUSTOMER

    it = bench(answer)

    async def call() -> str:
        changes.append(asyncio.ensure_future(it.create()))
        await arrived.wait()
        return "sent"

    with pytest.raises(LedgerError, match=r"has not waited for customers\.create") as caught:
        await ledger.once("k", call)
    assert (caught.value.outcome, (await kept(ledger)).state) == (Outcome.UNKNOWN, EntryState.SENDING)
    goes_on.set()
    assert await ledger.once("k", it.create, Find(FOUND)) == FOUND
    assert len(it.server.requests) == 1


async def test_a_change_in_a_thread(make_ledger: MakeLedger, bench: MakeBench) -> None:
    """`asyncio.to_thread` takes along whose change it is."""
    ledger, it = make_ledger(portal_only=True), bench(LOST)
    with pytest.raises(APIConnectionError):
        await ledger.once("k", lambda: asyncio.to_thread(lambda: blocking.run(it.create())))
    assert (await kept(ledger)).state is EntryState.UNKNOWN


async def test_a_call_that_asks_for_its_own_key(ledger: Ledger) -> None:
    """It does not wait for itself; another key is free."""

    async def one() -> int:
        return 1

    with pytest.raises(LedgerError, match="'k' asks for its own key"):
        await asyncio.wait_for(ledger.once("k", lambda: ledger.once("k", one)), PATIENCE)
    assert await ledger.once("outer", lambda: ledger.once("inner", one)) == 1


async def test_a_failure_after_the_change(ledger: Ledger, bench: MakeBench) -> None:
    """The change was carried out, whatever the call did then."""
    it = bench(CUSTOMER)

    async def call() -> None:
        await it.create()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await ledger.once("k", call)
    entry = await kept(ledger)
    assert (entry.state, entry.why) == (EntryState.ACCEPTED, "RuntimeError, after the change was carried out")


async def test_a_result_that_can_not_be_kept(
    ledger: Ledger, bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    """The caller gets it all the same; the next one hears that it is gone, and nothing is sent."""
    it = bench(CUSTOMER)

    def call() -> Any:
        return it.portal.request("POST", "/customers", json={})

    assert (await ledger.once("k", call)).status_code == 200
    assert "can't be kept" in caplog.text
    with pytest.raises(ResultError, match=r"could not be kept: a APIResponse") as caught:
        await ledger.once("k", call)
    assert (caught.value.outcome, caught.value.entry.kept) == (Outcome.ACCEPTED, False)
    with pytest.raises(LedgerError, match="is done"):
        await ledger.resolve("k", carried_out=False)
    await ledger.resolve("k", carried_out=True)
    assert await ledger.once("k", call) is None
    with pytest.raises(LedgerError, match="is done"):
        await ledger.resolve("k", carried_out=True, result=CUSTOMER["id"])
    assert len(it.server.requests) == 1


async def test_a_result_that_no_longer_decodes(ledger: Ledger, bench: MakeBench) -> None:
    """A clear error, and nothing is sent."""
    import attrs

    it = bench(CUSTOMER)
    await ledger.once("k", it.create)
    entry = await kept(ledger)
    await ledger._book.write(attrs.evolve(entry, result='{"$model": "Gone", "of": {}}'), entry)
    with pytest.raises(ResultError, match=r"no model 'Gone'.*ledger\.resolve\(key, carried_out=True, result="):
        await ledger.once("k", it.create, Find())
    await ledger.resolve("k", carried_out=True, result=CUSTOMER["id"])
    assert await ledger.once("k", it.create, Find()) == CUSTOMER["id"]
    assert (len(it.server.requests), await ledger.open()) == (1, [])


@pytest.mark.parametrize("key", ["", "a\nb", "x" * 501, "\ud800"])
async def test_keys(ledger: Ledger, key: str) -> None:
    """What can't be a key is refused at once."""
    with pytest.raises(ValueError, match="1 to 500 printable"):
        await ledger.once(key, Find())
    with pytest.raises(TypeError, match="not int"):
        await ledger.once(5, Find())  # type: ignore[arg-type]
    for arguments in (("k", None), ("k", Find(), 5)):
        with pytest.raises(TypeError, match="must be a function"):
            await ledger.once(*arguments)
    assert await ledger.open() == []


@pytest.mark.parametrize(
    "options",
    [
        {"settle": -1},
        {"settle": float("nan")},
        {"settle": True},
        {"settle": "9"},
        {"portal_only": 1},
        {"compare": None},
        {"tenant": ""},
        {"store": object()},
        {"store": ":memory:"},
        {"store": "file:x?mode=memory"},
        {"store": ""},
        {"store": b"x"},
    ],
)
def test_arguments_of_a_ledger(options: dict[str, Any]) -> None:
    """What can't be used is refused at once."""
    with pytest.raises(LedgerError):
        Ledger(options.pop("store", "unused.db"), **options)


async def test_resolving(ledger: Ledger, bench: MakeBench) -> None:
    """By a person who looked: as done with an ID, or as not carried out."""
    it = bench(LOST, LOST, CUSTOMER)
    for key in ("there", "not there"):
        with pytest.raises(APIConnectionError):
            await ledger.once(key, it.create)
    assert (await ledger.resolve("there", carried_out=True, result="cst_1")).is_open is False
    assert await ledger.once("there", it.create) == "cst_1"
    await ledger.resolve("not there", carried_out=False)
    assert (await ledger.once("not there", it.create)).id == CUSTOMER["id"]
    for key, text in (("there", "is done"), ("unknown", "was never used")):
        with pytest.raises(LedgerError, match=text):
            await ledger.resolve(key, carried_out=False)
    assert await ledger.entry("unknown") is None


async def test_what_can_not_be_resolved(ledger: Ledger, bench: MakeBench) -> None:
    """A key that is at work, and a result that can't be."""

    async def call() -> str:
        with pytest.raises(LedgerError, match="at work"):
            await ledger.resolve("k", carried_out=False)
        return "done"

    await ledger.once("k", call)
    it = bench(LOST)
    with pytest.raises(APIConnectionError):
        await ledger.once("doubt", it.create)
    with pytest.raises(TypeError, match="no result"):
        await ledger.resolve("doubt", carried_out=False, result=1)
    with pytest.raises(TypeError, match="True or False"):
        await ledger.resolve("doubt", carried_out=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="can't be kept"):
        await ledger.resolve("doubt", carried_out=True, result=object())
    assert (await kept(ledger, "doubt")).state is EntryState.UNKNOWN


async def test_a_closed_ledger(ledger: Ledger) -> None:
    """It takes no more calls, and can't be pickled."""
    import pickle

    with pytest.raises(TypeError, match="can't be pickled"):
        pickle.dumps(ledger)
    await ledger.aclose()
    with pytest.raises(LedgerError, match="closed"):
        await ledger.once("k", Find())


async def test_a_call_that_closes_its_ledger(ledger: Ledger, bench: MakeBench) -> None:
    """It would wait for its own end; the call goes on, and the ledger can be closed after it."""
    it = bench(CUSTOMER)

    async def call() -> Any:
        with pytest.raises(LedgerError, match="the call of the key 'k' closes its own ledger"):
            await ledger.aclose()
        return await it.create()

    assert (await ledger.once("k", call)).id == CUSTOMER["id"]
    await ledger.aclose()


async def test_no_secret_is_in_the_file(ledger: Ledger, bench: MakeBench, path: Any) -> None:
    """Neither the token nor what was sent, but what came back."""
    it = bench(CUSTOMER, lambda request: httpx.Response(422, json={"message": f"no {TOKEN}"}))
    await ledger.once("k", it.create)
    with pytest.raises(ValidationError):
        await ledger.once("l", it.create)
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert TOKEN.encode() not in content
    assert NEW_CUSTOMER["company_name"].encode() not in content
    assert CUSTOMER["companyName"].encode() in content


@pytest.mark.parametrize("kind", [UnresolvedError, ResultError, KeyReusedError, LedgerStoreError])
def test_errors_pickle(kind: type[LedgerError]) -> None:
    """With the key and all that is known."""
    import pickle

    from mijnklantportaal_client.ledger import Moment

    now = Moment(1.0, 1.0, None)
    entry = Entry(key="k", state=EntryState.UNKNOWN, claim="c", owner="o", begun=now, result="personal")
    error = kind("text", key="k", entry=entry, outcome=Outcome.UNKNOWN)
    found = pickle.loads(pickle.dumps(error))
    assert (type(found), str(found), vars(found)) == (kind, str(error), vars(error))
    assert "personal" not in repr(entry)
