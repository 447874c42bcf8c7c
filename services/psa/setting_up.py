"""What it takes to set up a PSA: what is typed, what it is tried on, what can be chosen once it works."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.access import Actor
from services.psa.model import Board, Status
from services.psa.steps import Step

PROVIDERS = ("connectwise", "halopsa", "autotask")
WORDS: Mapping[str, str] = {
    "psa.url": "Address, https://...",
    "psa.company": "Company id",
    "psa.public_key": "Public key",
    "psa.private_key": "Private key",
    "psa.client_id": "Client id",
    "psa.client_secret": "Client secret",
    "psa.tenant": "Tenant, if it is not the host",
    "psa.username": "API user",
    "psa.secret": "Secret",
    "psa.integration_code": "Integration code",
    "psa.user": "Your own name there",
    "psa.board": "Your board or queue",
}
"""What a setting is called where it is asked for."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    """Of the setting."""
    words: str
    value: str
    """Never a secret."""
    secret: bool
    known: bool
    """It is set already."""


@dataclass(frozen=True, slots=True)
class Choices:
    boards: Sequence[Board]
    home: Board | None
    """Where resolved tickets are."""
    resolved: Sequence[Status]
    escalated: Sequence[Status]
    """Of the board that escalated tickets go to."""
    set_before: Mapping[str, str]
    """The account's settings by key, empty where not set."""


@dataclass(frozen=True, slots=True)
class Kept:
    file: str
    in_keyring: bool
    """The secrets; otherwise they are kept nowhere, and have to be set as `variables`."""
    variables: tuple[str, ...] = ()


class Setup(Protocol):
    @property
    def provider(self) -> str:
        """That is set up now; empty is none."""

    def fields(self, provider: str) -> Sequence[Field]: ...

    def check(self, actor: Actor, typed: Mapping[str, str]) -> AsyncIterator[Step]:
        """As `Connection.check`, with what was typed. Raises NotAllowed, and BadSetting where something is missing."""

    async def choices(self, actor: Actor, board: str) -> Choices:
        """Of the PSA that was checked last; `board` is the person's own. Raises PsaFailed."""

    async def statuses(self, board: Board) -> Sequence[Status]: ...

    async def keep(self, actor: Actor, typed: Mapping[str, str], account: Mapping[str, str]) -> Kept:
        """Secrets in the keyring where there is one, the account's settings in the store, the rest in config.toml."""

    async def close(self) -> None: ...
