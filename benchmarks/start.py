"""How long a headless command takes as a whole process, over a bare interpreter, in turns within one run.

    python -m benchmarks.start [--rounds N]

Prints a JSON line a command: medians in milliseconds, and the ratio to `python -c pass` (`floor`).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

COMMANDS = {
    "floor": ["-c", "pass"],
    "help": ["-m", "rfl1", "--help"],
    "queue": ["-m", "rfl1", "queue", "--json"],
    "match": ["-m", "rfl1", "match", "outlook keeps asking for my password", "--json"],
}


def run(arguments: list[str], environment: dict[str, str]) -> float:
    """Milliseconds from start to end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "RFL1_HOME": home}
        run(["-m", "rfl1", "init"], environment)
        times: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for _ in range(rounds):
            for name, arguments in COMMANDS.items():
                times[name].append(run(arguments, environment))
    floor = statistics.median(times["floor"])
    for name, spent in times.items():
        median = statistics.median(spent)
        row = {"benchmark": "start", "command": name, "ms": round(median), "ratio": round(median / floor, 1)}
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
