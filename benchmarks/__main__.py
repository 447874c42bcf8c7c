"""Every benchmark, one after the other: `make bench`. Ratios to floors measured in the same run, as JSON lines.

The Postgres figures come from the server that the tests would use, with fsync on.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.postgres import running_server


def run(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", f"benchmarks.{module}", *arguments], check=True)


def main() -> None:
    run("start")
    run("opening")
    with tempfile.TemporaryDirectory() as folder, running_server(durable=True) as server:
        run("steps", str(Path(folder) / "steps.db"), server.create_database())
    run("matching")


if __name__ == "__main__":
    main()
