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
    with tempfile.TemporaryDirectory() as written, running_server(durable=True) as server:
        folder = Path(written)

        def stores(*names: str) -> list[str]:
            """An empty one of each kind for every name."""
            return [str(folder / f"{name}.db") for name in names] + [server.create_database() for _ in names]

        run("opening", *stores("few", "many"))
        run("keys", *stores("keys"))
        run("steps", *stores("steps"))
        run("model", *stores("model"))
        run("outbox", *stores("outbox"))
    run("matching")


if __name__ == "__main__":
    main()
