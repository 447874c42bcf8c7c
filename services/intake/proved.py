"""Proposals waiting for a reviewer that ended a call well: they can be offered too, marked as not reviewed."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.flows.nodes import Flow, flow_from_json
from storage.tables import Proposal

_OF_PROPOSAL = "proposal:"
"""No slug has a colon: a proposal can stand in the same index as the flows."""


@dataclass(frozen=True, slots=True)
class Proved:
    id: UUID
    title: str
    worked: int


def document(row: Proposal) -> Flow:
    return replace(flow_from_json(row.tree), slug=proved_slug(row), title=row.title, keywords=tuple(row.keywords))


def proved_slug(row: Proposal) -> str:
    return _OF_PROPOSAL + row.id.hex
