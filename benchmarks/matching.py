"""What the matcher costs with made-up libraries of 92, 1,000 and 10,000 flows: time to load, to change, to answer.

    python -m benchmarks.matching [SIZE...]

One JSON line a library size, on one core. `read_ms` is what reading a new flow takes, once in its life. `load_ms` is
from what is kept in the store to an index that answers; `change_ms` is one flow replaced. Times of queries are given by
the clock and by the processor: on a busy machine only the second says something. An answer is the flows and the
category; `long` is one to a text of 4,000 characters that nobody knows. The flows' own vectors are random here, for
speed: neither time nor memory depends on what is in them. `most_mb` holds the packed flows as well, which a store
would.
"""

import json
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.libraries import calls, flows
from services.flows.nodes import Flow
from services.matching.classifier import classify
from services.matching.encoder import Encoder
from services.matching.gists import NAMES, Gist, Texts, gists
from services.matching.index import Index

_SIZES = (92, 1_000, 10_000)
_QUERIES = 400
_LONG = 40
_READ = 20


def main() -> None:
    encoder = Encoder()
    for size in [int(each) for each in sys.argv[1:]] or _SIZES:
        library = list(flows(size))
        some = [Texts.of(flow) for flow in library[:_READ]]
        read = _time(lambda: gists(some, encoder))  # noqa: B023  # at once
        packed = [_packed(flow, encoder) for flow in library]
        asked = [text for text, _ in calls(library, _QUERIES)]
        del library
        began = time.process_time()
        index = Index.of([Gist.unpack(each, encoder.size) for each in packed], encoder)
        loaded = time.process_time() - began
        first = Gist.unpack(packed[0], encoder.size)
        changed = _time(lambda: index.changed([first]))  # noqa: B023
        _asked(index, "warm up, for the sake of the first import")
        wall, cpu = zip(*(_asked(index, call) for call in asked), strict=True)
        _, long = zip(
            *(_asked(index, _hostile(number, call)) for number, call in enumerate(asked[:_LONG])), strict=True
        )
        row = {
            "flows": size,
            "read_ms": round(read * 1e3 / _READ, 1),
            "load_ms": round(loaded * 1e3),
            "change_ms": round(changed * 1e3),
            "median_ms": _ms(wall, 0.5),
            "p99_ms": _ms(wall, 0.99),
            "cpu_median_ms": _ms(cpu, 0.5),
            "cpu_p99_ms": _ms(cpu, 0.99),
            "long_cpu_median_ms": _ms(long, 0.5),
            "most_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(row), flush=True)


def _packed(flow: Flow, encoder: Encoder) -> bytes:
    gist = gists([Texts.of(flow)])[0]
    import numpy as np  # after services.matching, which says how many threads it may have

    chance = np.random.default_rng(len(flow.title))
    rows = chance.integers(-127, 128, (1 + NAMES + len(flow.examples), encoder.size), np.int8)
    return replace(gist, vectors=rows).pack()


def _hostile(number: int, call: str) -> str:
    """A text as long as an intake may be, of words that nobody knows."""
    chance = random.Random(number)  # noqa: S311
    return " ".join([call, *("".join(chance.choices("abcdefghij", k=7)) for _ in range(480))])


def _time(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _asked(index: Index, call: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    index.match(call)
    classify(call)
    return time.perf_counter() - wall, time.process_time() - cpu


def _ms(times: tuple[float, ...], share: float) -> float:
    return round(sorted(times)[int(len(times) * share)] * 1e3, 2)


if __name__ == "__main__":
    main()
