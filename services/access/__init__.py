"""Who is acting, and what that role may do: one table, asked by every service before it does anything."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID

from services.errors import NotAllowed

Role = Literal["l1_tech", "engineer", "admin", "owner"]

COVERAGE = "l1_coverage"
"""What `acting_as` says of somebody on the level-1 surface whose own role is another."""


class Act(StrEnum):
    """What can be done, in the words of the refusal."""

    TAKE_CALLS = "take calls"
    READ_SESSIONS = "read sessions"
    WORK_ESCALATIONS = "work on escalated calls"
    REVIEW_FLOWS = "approve proposals and publish flows"
    ADMINISTER = "administer the account"
    MANAGE_USERS = "manage users"


_STAFF = {Act.READ_SESSIONS, Act.WORK_ESCALATIONS, Act.REVIEW_FLOWS}
_MAY: dict[Role, set[Act]] = {
    "l1_tech": {Act.TAKE_CALLS, Act.READ_SESSIONS},
    "engineer": _STAFF,
    "admin": _STAFF | {Act.TAKE_CALLS, Act.ADMINISTER, Act.MANAGE_USERS},
    "owner": _STAFF | {Act.TAKE_CALLS, Act.ADMINISTER, Act.MANAGE_USERS},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """One active user of one account, as the store had them when the actor was looked up."""

    account_id: UUID
    user_id: UUID
    name: str
    role: Role
    covers_l1: bool = False

    @property
    def acting_as(self) -> str | None:
        """What is recorded when this actor works on the level-1 surface."""
        return None if self.role == "l1_tech" else COVERAGE

    def may(self, act: Act) -> bool:
        return act in _MAY[self.role] or (act is Act.TAKE_CALLS and self.covers_l1)

    def require(self, act: Act) -> None:
        """Raises NotAllowed, naming the role and who could."""
        if not self.may(act):
            able = [role for role, acts in _MAY.items() if act in acts]
            raise NotAllowed(f"{_name(self.role)} may not {act}", f"Ask {_listed([_name(role) for role in able])}.")


def _name(role: Role) -> str:
    return {"l1_tech": "a technician", "engineer": "an engineer", "admin": "an admin", "owner": "an owner"}[role]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
