"""Start a sandbox in another process, run the quickstart against it over HTTP, and stop the sandbox."""

import os
import subprocess
import sys
from pathlib import Path

from mijnklantportaal_client.testing import RemoteSandbox

QUICKSTART = Path(__file__).resolve().with_name("quickstart.py")


def main() -> int:
    """Answer the quickstart's exit code."""
    try:
        with RemoteSandbox.start(demo=True, seed=1) as sandbox:
            print(f"A small web agency's portal, in a sandbox at {sandbox.url}", flush=True)
            environment = {
                **os.environ,
                "MIJNKLANTPORTAAL_BASE_URL": sandbox.base_url,
                "MIJNKLANTPORTAAL_API_KEY": sandbox.key,
                "NO_PROXY": "127.0.0.1",
            }
            return subprocess.run([sys.executable, str(QUICKSTART)], env=environment, check=False).returncode
    except (ImportError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
