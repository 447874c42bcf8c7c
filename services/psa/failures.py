"""Why the PSA did not do it: one family, one line for the technician each, and what a caller may do then."""

from typing import Literal

from services.errors import Trouble

Why = Literal["unreachable", "timeout", "limited", "denied", "rejected", "gone", "closed", "invalid", "lost", "unset"]

SAID: dict[Why, tuple[str, str]] = {
    "unreachable": ("the PSA cannot be reached", "Look at the network; `rfl1 psa check` tests the connection."),
    "timeout": ("the PSA took too long", "Try again, or leave it to the outbox."),
    "limited": ("the PSA's limit on calls is reached", "Wait for a while, or leave it to the outbox."),
    "denied": ("the PSA does not accept the credentials", "`rfl1 psa check` says what to mend."),
    "rejected": ("the PSA turned it down", "Mend what it says, or do it in the PSA itself."),
    "gone": ("the ticket is not in the PSA, or not to be seen there", "Look for it in the PSA."),
    "closed": ("the ticket is closed in the PSA", "Open it there again, or go on in a new one."),
    "invalid": ("the PSA's answer made no sense", "`rfl1 psa check` tests the connection."),
    "lost": ("the PSA's answer was lost; it may have done what was asked", "Read the ticket before trying again."),
    "unset": ("no PSA is set up on this machine", "Set RFL1_PSA_PROVIDER and its keys; docs/psa.md names them."),
}

PASSING: frozenset[Why] = frozenset({"unreachable", "timeout", "limited", "invalid"})
"""Nothing was changed, and the same may work later. After `lost` the ticket has to be read first."""
ENVIRONMENT = 3
"""What the command line ends with where not the request is at fault."""


class PsaFailed(Trouble):
    """What was asked for did not happen, or, with `lost` alone, nobody knows. No secret is ever in it."""

    title = "The PSA did not do it"

    def __init__(
        self,
        why: Why,
        said: str = "",
        *,
        status: int | None = None,
        wait: float | None = None,
        late: bool = False,
        hint: str = "",
    ) -> None:
        """`said` is the first line of what the other side said; `wait` the seconds to leave it alone for; `late` that
        what was sent may still be on its way."""
        line, usual = SAID[why]
        told = " ".join(part for part in ("" if status is None else str(status), said) if part)
        super().__init__(f"{line} ({told})" if told else line, hint or usual)
        self.exit_status = ENVIRONMENT if why in PASSING or why in {"denied", "unset"} else self.exit_status
        self.why = why
        self.said = said
        self.status = status
        self.wait = wait
        self.late = late
