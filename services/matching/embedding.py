"""The embedder, loaded once in a process, when it is first asked for: that takes half a second and some 90 MB."""

from functools import cache

from services.matching.encoder import Encoder, Missing
from services.matching.gists import Embedder


class Embedding:
    """Asked from threads."""

    def get(self) -> Embedder | None:
        """None where it cannot be loaded: words alone serve then."""
        found = _loaded()
        return None if isinstance(found, str) else found

    @property
    def missing(self) -> str:
        """Why there is none."""
        found = _loaded()
        return found if isinstance(found, str) else ""


@cache
def _loaded() -> Encoder | str:
    try:
        return Encoder()
    except Missing as missing:
        return str(missing)
