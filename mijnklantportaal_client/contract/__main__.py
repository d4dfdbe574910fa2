"""The contract against the API: `python -m mijnklantportaal_client.contract probe`."""

from __future__ import annotations

import argparse
import asyncio
import datetime
import json
import logging
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from .._contract import operations_table, shipped
from ..errors import ConfigurationError
from ..ratelimit import RateLimit
from ._compare import compare
from ._guard import ReadingPortal
from ._plan import selected, steps
from ._probe import Probe
from ._recording import Recording, read
from ._report import compared
from ._run import DRIFT, INCOMPLETE, NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._compare import Change
    from ._run import Run

_DESCRIPTION = """Look where the API and the contract of this package part ways.

Exit status: 0 nothing was found, 1 drift or an unexpected change was found, 2 nothing was found but it could not run or
not everything could be judged."""
_PROBE = """Read a little of everything in the portal of MIJNKLANTPORTAAL_API_KEY and report where answers differ from
the contract. Nothing but GET requests is sent, and no value of an answer is reported."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; answers the exit status."""
    options = _parser().parse_args(arguments)
    try:
        for path in filter(None, (options.output, options.json, getattr(options, "record", None))):
            if not path.parent.is_dir() or path.is_dir():
                raise ValueError(f"{path} can't be written: it is a folder, or is in none")
        if options.command == "compare":
            before, now = read(options.before), read(options.now)
            return _told(options, compare(shipped(), before, now))
        earlier = read(options.against) if options.against else None
        portal, probe = _prepared(options)
    except (ConfigurationError, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return INCOMPLETE
    try:
        asyncio.run(_read(portal, probe))
    except KeyboardInterrupt:
        _tell(options, "interrupted: this is what was found until now")
    except ConfigurationError as error:
        # Such as a proxy of the environment that can't be used: nothing was sent.
        print(error, file=sys.stderr)  # noqa: T201
        return INCOMPLETE
    return _finish(options, probe.run(), earlier)


def _prepared(options: argparse.Namespace) -> tuple[ReadingPortal, Probe]:
    every = steps(operations_table())
    only = [name.strip() for given in options.only for name in given.split(",") if name.strip()]
    asked = selected(every, only, shipped())
    portal = ReadingPortal(
        most=options.max_requests,
        base_url=options.base_url,
        timeout=options.timeout,
        deadline=2 * options.timeout,
        rate_limit=RateLimit(options.rate),
        app_info="contract-probe",
    )
    today = datetime.datetime.now(datetime.UTC).date()
    return portal, Probe(portal, asked, samples=options.samples, today=today, tell=partial(_tell, options))


async def _read(portal: ReadingPortal, probe: Probe) -> None:
    async with portal:
        await probe.read()


def _tell(options: argparse.Namespace, line: str) -> None:
    if not options.quiet:
        print(line, file=sys.stderr, flush=True)  # noqa: T201


def _finish(options: argparse.Namespace, run: Run, before: Recording | None) -> int:
    recording = run.recording()
    if before is not None:
        run = attrs.evolve(run, changes=tuple(compare(shipped(), before, recording)))
    files = {options.record: recording.to_json()} if options.record else {}
    return _write(options, run.report(), run.to_json(), run.status, files)


def _told(options: argparse.Namespace, changes: Sequence[Change]) -> int:
    as_json = json.dumps([attrs.asdict(each) for each in changes], indent=1) + "\n"
    status = DRIFT if any(not each.allowed for each in changes) else NOTHING
    return _write(options, compared(changes), as_json, status, {})


def _write(options: argparse.Namespace, markdown: str, as_json: str, status: int, others: Mapping[Path, str]) -> int:
    """Writes what was found; where a file can't be written, the report is shown all the same."""
    files = {**others, **({options.json: as_json} if options.json else {})}
    if options.output:
        files[options.output] = markdown
    failed = False
    for path, text in files.items():
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            failed = True
            print(f"{path} can't be written: {error.strerror}", file=sys.stderr)  # noqa: T201
    if failed or not options.output:
        sys.stdout.write(markdown)
    return INCOMPLETE if failed else status


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m mijnklantportaal_client.contract", description=_DESCRIPTION, formatter_class=raw
    )
    commands = parser.add_subparsers(dest="command", required=True)
    probe = commands.add_parser("probe", help="ask the API", description=_PROBE, formatter_class=raw)
    probe.add_argument(
        "--base-url", metavar="URL", help="server to ask (default: the vendor's, or that of the environment)"
    )
    probe.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAMES",
        help="resources, methods or operations, with commas between",
    )
    probe.add_argument(
        "--samples", type=_count, default=3, metavar="N", help="records of each kind to read (default: 3)"
    )
    probe.add_argument(
        "--max-requests", type=_count, default=200, metavar="N", help="most requests to send (default: %(default)s)"
    )
    probe.add_argument(
        "--rate",
        type=_count,
        default=30,
        metavar="N",
        help="most requests a minute, to leave others some (default: 30)",
    )
    probe.add_argument(
        "--timeout", type=_seconds, default=30.0, metavar="SECONDS", help="longest wait for an answer (default: 30)"
    )
    probe.add_argument("--record", type=Path, metavar="FILE", help="keep the shapes of the answers")
    probe.add_argument("--against", type=Path, metavar="FILE", help="tell what is different from a recording")
    probe.add_argument("--quiet", action="store_true", help="do not tell how far it is")
    other = commands.add_parser("compare", help="compare two recordings", description="Compare two recordings.")
    other.add_argument("before", type=Path, metavar="BEFORE", help="the earlier recording")
    other.add_argument("now", type=Path, metavar="NOW", help="the later one")
    for each in (probe, other):
        each.add_argument(
            "--output", type=Path, metavar="FILE", help="where the report goes (default: standard output)"
        )
        each.add_argument("--json", type=Path, metavar="FILE", help="where the report goes as JSON")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 up")
    return count


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < 3600:
        raise argparse.ArgumentTypeError("a number of seconds above 0")
    return seconds


if __name__ == "__main__":
    # What the client logs of drift stands in the report, without names that may be data.
    logging.getLogger("mijnklantportaal_client").addHandler(logging.NullHandler())
    sys.exit(main())
