"""The one place where trouble becomes something to read, in one line where the eye is."""

from textual.content import Content

from screens.layout import Steady
from screens.text import line, one_line
from services.errors import Trouble

_NEWS = "✓"


class Unexpected(Trouble):
    """A mistake of the program itself."""

    title = "Something went wrong inside rfl1"

    def __init__(self, error: BaseException | None) -> None:
        super().__init__(type(error).__name__, "What is stored is safe, what you typed is still there; f5 reads again.")


class Notice(Steady):
    """Empty, or one sentence: what happened, what to press."""

    _news = False

    @property
    def has_news(self) -> bool:
        """Whether something stands here that has just been said."""
        return self._news

    def tell(self, trouble: Trouble) -> None:
        self._put("✗", "$text-error", told(trouble))

    def say(self, text: str) -> None:
        """News that is no trouble."""
        self._put(_NEWS, "$text-success", line(text))

    def ask(self, text: str) -> None:
        """What the person should decide or wait for."""
        self._put("▸", "$text-warning", line(text))

    def outdate(self) -> None:
        """News is old as soon as something else was looked at; what went wrong or is asked stays."""
        if self._news:
            self.clear()

    def clear(self) -> None:
        self._news = False
        self.update(Content())

    def _put(self, sign: str, style: str, said: Content) -> None:
        self._news = sign == _NEWS
        self.update(Content.assemble((sign, style), " ", said))


def told(trouble: Trouble) -> Content:
    said = one_line(trouble.detail).rstrip(".")
    detail = f": {said}. " if said else ". "
    return Content.assemble((trouble.title, "bold"), detail, line(trouble.hint, "$text-muted"))
