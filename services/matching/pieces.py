"""Text to the numbered pieces that the sentence encoder knows: the likeliest cutting by a unigram model."""

import unicodedata
from array import array
from collections.abc import Iterator

_UNKNOWN, _BEGIN, _END = 0, 1, 2
_BLANK = "▁"
_UNLIKELY = 10.0
"""How much worse than the worst piece a character is that no piece holds."""
_LAST_LETTER = "\u024f"
"""Of the scripts that are read: Latin with all its accents. The pieces of others would take half as much again."""

_LONGEST_WORD = 128
"""Letters of it that are read."""

_LENGTH, _FIXED = 2, 5
"""How a field's bytes are counted in the file: by a length before them, or four."""


class Pieces:
    """`numbers` are those of the pieces that are known; where one stands there is its row."""

    def __init__(self, model: bytes) -> None:
        self._rows: dict[str, int] = {}
        self._scores = array("f")
        self.numbers = array("L")
        worst = 0.0
        for number, (piece, score) in enumerate(_pieces(model)):
            worst = min(worst, score)
            if number <= _END or _is_read(piece):
                self._rows[piece] = len(self.numbers)
                self._scores.append(score)
                self.numbers.append(number)
        self._longest = max(map(len, self._rows))
        self._nothing = worst - _UNLIKELY

    def cut(self, text: str, most: int) -> list[int]:
        """The rows of its pieces, between those for beginning and end; `most` in all."""
        rows = [_BEGIN]
        # No piece reaches over a blank: word by word the cutting is the same, and a long text need not be read whole.
        for word in unicodedata.normalize("NFKC", text).split():
            rows += self._cut(_BLANK + word[:_LONGEST_WORD])
            if len(rows) >= most:
                break
        return [*rows, _END][:most]

    def _cut(self, said: str) -> list[int]:
        size = len(said)
        scores = [0.0, *[-1e38] * size]
        begun, chosen = [0] * (size + 1), [_UNKNOWN] * (size + 1)
        rows, likely, longest = self._rows, self._scores, self._longest
        for start in range(size):
            here = scores[start]
            for end in range(start + 1, min(start + longest, size) + 1):
                row = rows.get(said[start:end])
                if row is not None and here + likely[row] > scores[end]:
                    chosen[end], scores[end], begun[end] = row, here + likely[row], start
            if here + self._nothing > scores[start + 1]:
                chosen[start + 1], scores[start + 1], begun[start + 1] = _UNKNOWN, here + self._nothing, start
        cut = []
        while size:
            cut.append(chosen[size])
            size = begun[size]
        return cut[::-1]


def _is_read(piece: str) -> bool:
    return all(letter <= _LAST_LETTER or letter == _BLANK for letter in piece)


def _pieces(model: bytes) -> Iterator[tuple[str, float]]:
    """Every piece of a SentencePiece file with its score: field 1 of the file, in it the text and the score."""
    for field, start, end in _fields(model, 0, len(model)):
        if field == 1:
            held = {number: model[begin:stop] for number, begin, stop in _fields(model, start, end)}
            yield held[1].decode(), _number(held.get(2, b""))


def _number(written: bytes) -> float:
    from struct import unpack

    return float(unpack("<f", written)[0]) if written else 0.0


def _fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of each field of a protocol buffer."""
    while at < end:
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _LENGTH:
            size, at = _varint(data, at)
        elif kind == _FIXED:
            size = 4
        else:
            size = _varint(data, at)[1] - at if kind == 0 else 8
        yield key >> 3, at, at + size
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004  # the last byte has no top bit
            return value, at
        shift += 7
