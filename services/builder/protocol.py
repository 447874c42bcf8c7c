"""What a builder of trees is asked and what it gives. The playbooks fill it without a model; a model fills it too."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias
from uuid import UUID

from services.access import Actor
from services.errors import Trouble
from services.flows.nodes import Node

Show: TypeAlias = Callable[[str], None]
"""Takes the text of the node as far as it is written, each time more of it is there."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of the walked path, as far as the next node may depend on it."""

    node: Node
    origin: str | None
    """See `Built.origin`; None for an identity gate put in by us."""
    answer: str
    """See `Step.answer`."""
    label: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildContext:
    """Everything the next node may depend on. Two are equal where the same node would do."""

    session_id: UUID
    category: str
    problem: str
    steps: tuple[Taken, ...]
    """The walked path, oldest first, without what was taken back."""
    verified: bool = False
    """Who is calling has been proved."""
    names: tuple[str, ...] = ()
    """Of people and customers, which are nobody else's business."""
    actor: Actor = field(compare=False)
    """For whom it is built."""
    complaint: str | None = field(default=None, compare=False)
    """What was wrong with the node made before."""


@dataclass(frozen=True, slots=True)
class Built:
    """A node as its builder made it; its id is given on our side."""

    node: Node
    """A question, an instruction or an outcome. Its ways (`next`) mean nothing: the next node is made when needed."""
    origin: str
    """`playbook:<category>/<place>` or `model`."""


class BuildFailed(Trouble):
    """No node could be made; `reason` is one line for the technician, and everything so far is kept."""

    title = "The next step could not be made"

    @property
    def reason(self) -> str:
        return self.detail


class Unusable(Trouble):
    """A node that is not one: a question without answers, an answer that says nothing. Worth asking once more."""

    title = "The next step makes no sense"


class Builder(Protocol):
    def at_hand(self, context: BuildContext) -> Built | None:
        """The next node where it costs neither a wait nor a call; None where it has to be built."""

    async def build(self, context: BuildContext, show: Show | None) -> Built:
        """The next node; `show` gets its text while it is written. Raises BuildFailed, Unusable."""
