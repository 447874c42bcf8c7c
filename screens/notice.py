"""The one place where trouble becomes something to read, in one line where the eye is."""

from textual.content import Content
from textual.widgets import Static

from screens.text import line, one_line
from services.errors import Trouble


class Unexpected(Trouble):
    """A mistake of the program itself."""

    title = "Something went wrong inside rfl1"

    def __init__(self, error: BaseException | None) -> None:
        super().__init__(type(error).__name__, "What is stored is safe, what you typed is still there; f5 reads again.")


class Notice(Static):
    """Empty, or one sentence: what happened, what to press."""

    def tell(self, trouble: Trouble) -> None:
        self._put("✗", "$text-error", told(trouble), "-trouble")

    def say(self, text: str) -> None:
        """News that is no trouble."""
        self._put("✓", "$text-success", line(text), "")

    def ask(self, text: str) -> None:
        """What the person should decide or wait for."""
        self._put("▸", "$text-warning", line(text), "")

    def clear(self) -> None:
        self.update(Content())
        self.remove_class("-trouble")

    def _put(self, sign: str, style: str, said: Content, kind: str) -> None:
        self.update(Content.assemble((sign, style), " ", said))
        self.set_class(kind == "-trouble", "-trouble")


def told(trouble: Trouble) -> Content:
    said = one_line(trouble.detail).rstrip(".")
    detail = f": {said}. " if said else ". "
    return Content.assemble((trouble.title, "bold"), detail, line(trouble.hint, "$text-muted"))
