"""What a screen asks of the app: where to go next."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from textual.message import Message

if TYPE_CHECKING:
    from services.intake.call import Call
    from services.walks.model import Walk


@dataclass
class NewCall(Message):
    """Write down what a caller says; `about` is a ticket from the queue."""

    about: "Call | None" = None


@dataclass
class GoOn(Message):
    """Work on this call; `news` is told there."""

    walk: "Walk"
    news: str = ""


@dataclass
class Read(Message):
    """Show the whole story of this call."""

    walk: "Walk"
    aside: bool = False
    """The screen that asks stays, with what is typed in it."""


@dataclass
class WillBuild(Message):
    """The steps of a call are about to be built."""


@dataclass
class FieldIsThere(Message):
    """What was typed before a screen's first field was there can go into it."""


@dataclass
class LookAtSent(Message):
    """Show what of this call a model was sent."""

    walk: "Walk"


@dataclass
class AtTheDesk(Message):
    """Show what was found of this call, to go on with."""

    session_id: UUID


@dataclass
class Ended(Message):
    """The call needs nobody here any more."""

    walk: "Walk"
    tried: bool = False
    """What the PSA is to have of it was tried before their eyes."""


@dataclass
class Reach(Message):
    """Try to write to the PSA what the end of this call has to, before their eyes."""

    walk: "Walk"


@dataclass
class LookAtPsa(Message):
    """Read its open tickets now."""
