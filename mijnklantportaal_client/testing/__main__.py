"""The sandbox on the command line: `python -m mijnklantportaal_client.testing --port 8400`."""

from __future__ import annotations

import argparse
import datetime
import gc
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from .._loopback import is_loopback
from ._extra import MissingExtraError, require

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until interrupted; answers the exit code."""
    # What is made at the start stays to the end, so that to look for what is not costs time for nothing.
    gc.disable()
    options = _parser().parse_args(arguments)
    try:
        require()
    except MissingExtraError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    from ._portal.errors import StateFileError
    from ._sandbox import Sandbox
    from ._serve import listen, serve

    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        print(f"Port {options.port} of {options.host} can't be used: {_reason(error)}", file=sys.stderr)  # noqa: T201
        return 1
    with listener:
        try:
            sandbox = Sandbox(
                rate_limit=options.rate_limit,
                per=options.per,
                demo=options.demo and options.seed,
                seed=options.seed if options.demo else None,
                state=options.state,
                keys=options.key or ["sandbox"],
                clock=options.at,
            )
        except (StateFileError, ValueError) as error:
            print(error, file=sys.stderr)  # noqa: T201
            return 1
        welcome = partial(_welcome, listener.getsockname()[1], options)
        try:
            serve(sandbox, listener, welcome, until_stdin_closes=options.until_stdin_closes)
        except KeyboardInterrupt:
            pass
        finally:
            sandbox.close()
    return 0


def _reason(error: OSError) -> str:
    # What is wrong with a name has a number of its own, below zero.
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror).partition(" (")[0]


def _welcome(port: int, options: argparse.Namespace) -> None:
    name = f"[{options.host}]" if ":" in options.host else options.host
    url = f"http://{name}:{port}"
    key = (options.key or ["sandbox"])[0]
    lines = [f"Base URL  {url}/v1", f"API key   {key}", f"Page      {url}/"]
    if not is_loopback(options.host):
        lines.append(f"Others can reach it: it listens on {options.host}, and its key is no secret.")
    print("\n".join(lines), flush=True)  # noqa: T201
    gc.enable()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mijnklantportaal_client.testing",
        description="A whole MijnKlantportaal on this machine, to develop and test against.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8400, help="port; 0 takes a free one (default: %(default)s)")
    parser.add_argument("--key", action="append", help="an API key that is accepted, more than once for several")
    parser.add_argument(
        "--rate-limit", type=_limit, default=60, metavar="N", help="requests a window and key, or off (default: 60)"
    )
    parser.add_argument("--per", type=_seconds, default=60.0, help="length of the window in seconds (default: 60)")
    parser.add_argument("--demo", action="store_true", help="begin with a small web agency and its 40 customers")
    parser.add_argument("--seed", type=int, default=1, help="what the demo is made from (default: %(default)s)")
    parser.add_argument("--state", metavar="FILE", help="keep everything in this SQLite file")
    parser.add_argument(
        "--at", type=_moment, metavar="MOMENT", help="let its clock stand still at this moment, ISO 8601 with an offset"
    )
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when standard input ends")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _limit(text: str) -> int | None:
    if text == "off":
        return None
    limit = int(text)
    if limit < 1:
        raise argparse.ArgumentTypeError("a rate limit is a number of requests from 1 up, or off")
    return limit


def _moment(text: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a moment needs an offset, such as 2026-03-01T12:00:00+01:00")
    return moment


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError("a window is a number of seconds above 0")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
