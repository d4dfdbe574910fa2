"""Start the example server in another process, run the quickstart against it over HTTP, and stop the server."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Answer the quickstart's exit code."""
    # The server ends when the pipe to its standard input closes, so even a demo that is killed leaves none behind.
    command = [sys.executable, str(HERE / "example_server.py"), "--port", "0", "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            # It prints its URL once it listens, and nothing where it can't.
            base_url = server.stdout.readline().strip()
            if not base_url:
                print("The example server did not start.", file=sys.stderr)
                return 1
            print(f"Example server at {base_url}, in process {server.pid}")
            environment = {
                **os.environ,
                "MIJNKLANTPORTAAL_BASE_URL": base_url,
                "MIJNKLANTPORTAAL_API_KEY": "example-key",
                "NO_PROXY": "127.0.0.1",
            }
            sys.stdout.flush()
            quickstart = [sys.executable, str(HERE / "quickstart.py")]
            return subprocess.run(quickstart, env=environment, check=False).returncode
        finally:
            server.stdin.close()
            try:
                server.wait(timeout=5)
            except subprocess.TimeoutExpired:
                server.kill()


if __name__ == "__main__":
    sys.exit(main())
