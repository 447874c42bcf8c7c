"""The embedder, loaded once, when it is first asked for: it takes half a second and some 90 MB."""

from threading import Lock

from services.matching.encoder import Encoder, Missing
from services.matching.gists import Embedder


class Embedding:
    """Asked from threads; whoever asks while another loads it waits for that."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tried = False
        self._embedder: Embedder | None = None
        self._missing = ""

    def get(self) -> Embedder | None:
        """None where it cannot be loaded: words alone serve then."""
        with self._lock:
            if not self._tried:
                self._tried = True
                try:
                    self._embedder = Encoder()
                except Missing as missing:
                    self._missing = str(missing)
            return self._embedder

    @property
    def missing(self) -> str:
        """Why there is none, once it was asked for."""
        return self._missing
