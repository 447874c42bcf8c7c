"""What a reviewer of proposals works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from services.flows.library import Library
    from services.flows.proposal import ProposalDetail
    from services.flows.proposals import Proposals
    from services.walks.service import Walks
    from services.walks.trial import Trials


@dataclass(frozen=True, slots=True)
class Reviewing:
    proposals: "Proposals"
    library: "Library"
    trials: "Trials"
    walks: "Walks"


Change: TypeAlias = Callable[[Callable[["ProposalDetail"], Awaitable[None]]], Awaitable[bool]]
"""Makes one change of the proposal, against its newest state, and shows what came of it."""
