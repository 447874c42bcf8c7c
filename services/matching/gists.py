"""What the matcher keeps of a flow: its words by weight, its names and examples as stems, and its vectors.

Made once for a version of a flow and what was learnt for it, and kept beside it in the store.
"""

import json
import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from services.flows.nodes import Flow
from services.matching.documents import Document, Phrase

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float32]
    Bytes: TypeAlias = npt.NDArray[np.int8]

WORDS_VERSION = 2
"""Goes up whenever the same flow would give other words or other vectors."""
NAMES = 2
"""Vectors of what a flow is called, after that of the whole: the title, and the keywords together."""
MOST_EXAMPLES = 40
"""Of one flow, those that were learnt last before all others."""
_NAME_TELLS = 4.0
"""A word in a title or keyword, against one in the steps, when two are equally near a misspelling."""
_FULL = 127
_MOST_STEPS = 24
"""Nodes whose words go into a flow's vector."""


class Embedder(Protocol):
    """Sentences to vectors that are near each other where their meanings are."""

    @property
    def name(self) -> str:
        """Changes whenever its vectors do."""

    @property
    def size(self) -> int:
        """How many numbers a vector has."""

    def encode(self, texts: Sequence[str]) -> "Floats":
        """A row of length one for each."""


Stems: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gist:
    slug: str
    title: str
    weights: dict[str, float]
    """Stem to how strongly the flow speaks of it, 0 to 1."""
    names: tuple[Stems, ...]
    """Distinct stems of the title and of each keyword."""
    examples: tuple[Stems, ...]
    used: dict[str, float]
    """Its words as they are spelled (folded), with how telling each is."""
    learnt: tuple[str, ...] = ()
    """Ids of the examples among them that are from calls, or from people's hands."""
    vectors: "Bytes | None" = None
    """The whole flow's, those of its names, then one of each example; None where there was no embedder."""

    def pack(self) -> bytes:
        words = json.dumps(
            [self.slug, self.title, self.weights, self.names, self.examples, self.used, self.learnt],
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode("utf-8", "surrogatepass")
        vectors = b"" if self.vectors is None else self.vectors.tobytes()
        return struct.pack("<I", len(words)) + words + vectors

    @classmethod
    def unpack(cls, packed: bytes, size: int) -> "Gist":
        """`size`: how many numbers a vector has. Raises ValueError for what `pack` did not write."""
        try:
            (length,) = struct.unpack_from("<I", packed)
            slug, title, weights, names, examples, used, learnt = json.loads(
                packed[4 : 4 + length].decode("utf-8", "surrogatepass")
            )
            vectors = _vectors(packed[4 + length :], size)
        except (struct.error, UnicodeError, TypeError) as error:
            raise ValueError(str(error)) from error
        return cls(slug, title, weights, _tuples(names), _tuples(examples), used, tuple(learnt), vectors)


def reader_name(embedder: Embedder | None) -> str:
    """Who reads so: what another one has read is not for this one."""
    return f"words-{WORDS_VERSION}+{embedder.name if embedder else 'none'}"


@dataclass(frozen=True, slots=True)
class Texts:
    """A flow with all its examples, the learnt ones last."""

    flow: Flow
    examples: tuple[str, ...]
    learnt: tuple[str, ...] = ()
    """Ids of the learnt ones."""

    @classmethod
    def of(cls, flow: Flow, learnt: Sequence[tuple[str, str]] = ()) -> "Texts":
        """`learnt`: id and text, newest last."""
        newest = learnt[-MOST_EXAMPLES:]
        authored = flow.examples[: MOST_EXAMPLES - len(newest)]
        distinct = dict.fromkeys((*authored, *(text for _, text in newest)))
        return cls(flow, tuple(distinct), cls.kept([key for key, _ in learnt]))

    @staticmethod
    def kept(ids: Sequence[str]) -> tuple[str, ...]:
        """Those of learnt examples (newest last) for which there is room."""
        return tuple(ids[-MOST_EXAMPLES:])


def gists(texts: Sequence[Texts], embedder: Embedder | None = None) -> list[Gist]:
    """All of them at once: a sentence among many costs a third of one alone."""
    vectors = _embedded(texts, embedder) if embedder else [None] * len(texts)
    return [_gist(each, rows) for each, rows in zip(texts, vectors, strict=True)]


def part_of(texts: Texts, gist: Gist, away: Collection[int]) -> Gist:
    """The gist as it would be without the examples at these places."""
    kept = [place for place in range(len(texts.examples)) if place not in away]
    rows = [*range(1 + NAMES), *(1 + NAMES + place for place in kept)]
    vectors = None if gist.vectors is None else gist.vectors[rows]
    return _gist(Texts(texts.flow, tuple(texts.examples[place] for place in kept), texts.learnt), vectors)


def _gist(texts: Texts, vectors: "Bytes | None") -> Gist:
    document = Document.of(texts.flow, texts.examples)
    used: dict[str, float] = {}
    for phrase in document.phrases():
        for word in phrase:
            used[word.folded] = used.get(word.folded, 0.0) + _NAME_TELLS
    for word in document.steps:
        used[word.folded] = used.get(word.folded, 0.0) + 1
    return Gist(
        slug=texts.flow.slug,
        title=texts.flow.title,
        weights={stem: round(weight, 4) for stem, weight in document.weights().items()},
        names=_stems((document.title, *document.keywords)),
        examples=_stems(document.examples),
        used=used,
        learnt=texts.learnt,
        vectors=vectors,
    )


def _stems(phrases: Sequence[Phrase]) -> tuple[Stems, ...]:
    """The distinct stems of every phrase that has any."""
    return tuple(tuple(dict.fromkeys(word.stem for word in phrase)) for phrase in phrases if phrase)


def _embedded(texts: Sequence[Texts], embedder: Embedder) -> "list[Bytes | None]":
    import numpy as np

    sentences: list[str] = []
    for each in texts:
        flow, keywords = each.flow, ", ".join(each.flow.keywords) or each.flow.title
        sentences += (flow.title, keywords, f"{flow.title}. {keywords}. {_steps(flow)}", *each.examples)
    rows = embedder.encode(sentences)
    made: list[Bytes | None] = []
    at = 0
    for each in texts:
        end = at + 1 + NAMES + len(each.examples)
        title, keywords_row, everything = rows[at : at + 1 + NAMES]
        whole = _unit(_unit(title + keywords_row) + everything)
        made.append(quantised(np.concatenate([whole[None], rows[at : at + NAMES], rows[at + 1 + NAMES : end]])))
        at = end
    return made


def _steps(flow: Flow) -> str:
    return " ".join((flow.summary or "", *(node.text for node in list(flow.nodes.values())[:_MOST_STEPS]))).strip()


def _unit(row: Any) -> Any:
    import numpy as np

    return row / max(float(np.linalg.norm(row)), 1e-9)


def quantised(rows: "Floats") -> "Bytes":
    """A byte a number: the largest of each row is 127. The length is lost, the direction kept to a thousandth."""
    import numpy as np

    largest = np.abs(rows).max(axis=1, keepdims=True)
    return np.asarray(np.rint(rows * (_FULL / np.maximum(largest, 1e-9))), np.int8)


def _vectors(stored: bytes, size: int) -> "Bytes | None":
    if not stored:
        return None
    import numpy as np

    return np.frombuffer(stored, np.int8).reshape(-1, size)


def _tuples(lists: Sequence[Sequence[str]]) -> tuple[Stems, ...]:
    return tuple(map(tuple, lists))
