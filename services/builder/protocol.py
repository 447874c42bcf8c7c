"""What a builder of trees is asked and what it gives. The playbooks fill it without a model; a model fills it too."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.errors import Trouble
from services.flows.nodes import Node
from services.walks.model import Step


@dataclass(frozen=True, slots=True)
class BuildContext:
    """Everything the next node may depend on."""

    session_id: UUID
    category: str
    problem: str
    steps: tuple[Step, ...]
    """The walked path, oldest first, without what was taken back."""


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


class Builder(Protocol):
    def at_hand(self, context: BuildContext) -> Built | None:
        """The next node where it costs neither a wait nor a call; None where it has to be built."""

    async def build(self, context: BuildContext) -> Built:
        """The next node. Raises BuildFailed."""
