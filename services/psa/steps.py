"""What a look at the connection to the PSA tells, step by step; and the account's settings that it looks at."""

from dataclasses import dataclass
from typing import Literal

RESOLVED, ESCALATED, BOARD = "psa.resolved_status_id", "psa.escalated_status_id", "psa.escalation_board"


@dataclass(frozen=True, slots=True)
class Step:
    """As the doctor has its checks."""

    name: Literal["host", "credentials", "board", "statuses", "notes"]
    state: Literal["ok", "warn", "fail"]
    detail: str
    mend: str = ""
