"""What a session script holds: the form of the file, and its reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, Field, TypeAdapter

from services.documents.parsing import parse
from services.documents.reading import read_all
from services.drafting.model import DraftKind
from services.errors import Invalid, Unopened
from services.fixes.model import Decision, FixStatus
from services.fixes.scripts.model import Language
from services.replay.patterns import checked
from services.walks.model import HandOver

_STRICT = {"extra": "forbid"}

LONGEST_WAIT = 3600
MOST_STEPS = 10_000
MOST_BROKEN = 1000
"""Told of one file or folder; what holds something else is not read to its end, however long it is."""


Pattern: TypeAlias = Annotated[str, AfterValidator(checked)]
Seconds: TypeAlias = Annotated[float, Field(ge=0, le=LONGEST_WAIT)]
Yes: TypeAlias = bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeForm(_Form):
    problem: str
    customer: str = ""
    contact: str = ""
    flow: str | None = None
    adhoc: Yes = False
    force_build: Yes = False
    choose: Annotated[int, Field(ge=1)] | None = None
    """The number of the suggestion to take, from 1."""
    psa_ticket: str | None = None
    at_once: Yes = False
    """Born escalated, as `escalate` says."""

    def __post_init__(self) -> None:
        if sum((self.flow is not None, self.adhoc, self.force_build, self.choose is not None, self.at_once)) > 1:
            raise ValueError("flow, adhoc, force_build, choose and at_once exclude each other; keep one")


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeExpect(_Form):
    outcome: Literal["matched", "suggest", "build", "out_of_scope", "adhoc"] | None = None
    flow: str | None = None
    category: str | None = None
    text: Pattern | None = None
    """Of the first node."""
    refused: Pattern | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyForm(_Form):
    method: str | None = None
    evidence: str = ""
    red_flag: str | None = None

    def __post_init__(self) -> None:
        if (self.method is None) == (self.red_flag is None):
            raise ValueError("write {method: ..., evidence: ...} or {red_flag: ...}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepExpect(_Form):
    """What has to be on the screen before the step is taken, or how it has to be refused."""

    text: Pattern | None = None
    type: Literal["question", "instruction", "input", "verify", "link", "outcome"] | None = None
    refused: Pattern | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepForm(_Form):
    """One act; `note` and `expect` may stand beside it."""

    answer: str | None = None
    ack: Yes = False
    unsure: Yes = False
    input: str | None = None
    verify: VerifyForm | None = None
    back: Yes = False
    notes: str | None = None
    to_notes: Yes = False
    pause: Yes = False
    any: Annotated[int, Field(ge=1, le=MOST_STEPS)] | None = None
    wait: Seconds | None = None
    """An act of its own, or before each step of `any`."""
    note: str | None = None
    expect: StepExpect = StepExpect()

    def __post_init__(self) -> None:
        given = [name for name in _ACTS if getattr(self, name) not in (None, False)]
        if len(given) != 1 and given != ["any", "wait"]:
            raise ValueError(f"write exactly one of {', '.join(_ACTS)}")
        if self.note is not None and given[0] not in _NOTED:
            raise ValueError(f"a note stands beside {', '.join(_NOTED)}")


_ACTS = ("answer", "ack", "unsure", "input", "verify", "back", "notes", "to_notes", "pause", "any", "wait")
_NOTED = ("answer", "ack", "unsure", "input", "verify", "any")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeForm(_Form):
    status: FixStatus
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveForm(_Form):
    helpful: bool
    notes: str = ""
    fix: OutcomeForm | None = None
    """What has become of a fix that is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixForm(_Form):
    title: str
    rationale: str = ""
    steps: tuple[str, ...] | str = ()
    confidence: int = 50
    script: str | None = None
    language: Language = "powershell"


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateForm(_Form):
    category: str
    reason: str
    how: HandOver | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class After(_Form):
    status: str | None = None
    path_length: int | None = None
    ticket_status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(_Form):
    refused: Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class ThenForm(_Form):
    """One thing that an engineer does afterwards."""

    who: Annotated[str | None, Field(alias="as")] = None
    claim: Yes = False
    hand_back: str | None = None
    resolve: ResolveForm | None = None
    expect: Refusal | None = None
    fact: str | None = None
    fact_from_step: Annotated[int, Field(ge=1)] | None = None
    """The step's number."""
    fix: FixForm | None = None
    decision: Decision | None = None
    outcome: OutcomeForm | None = None
    missing: str | None = None
    """What should have been asked."""
    draft: DraftKind | None = None

    def __post_init__(self) -> None:
        if sum(getattr(self, name) not in (None, False) for name in _AFTERWARDS) != 1:
            raise ValueError(f"write exactly one of {', '.join(_AFTERWARDS)}")


_AFTERWARDS = (
    "claim",
    "fact",
    "fact_from_step",
    "fix",
    "decision",
    "outcome",
    "missing",
    "draft",
    "hand_back",
    "resolve",
)


OnFailure: TypeAlias = Literal["playbook", "retry", "notes", "escalate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptForm(_Form):
    rfl1: Literal["1"]
    """The version of this form."""
    name: str = ""
    who: Annotated[str | None, Field(alias="as")] = None
    intake: IntakeForm
    expect: IntakeExpect = IntakeExpect()
    steps: tuple[StepForm, ...] = ()
    resolve: ResolveForm | None = None
    escalate: EscalateForm | None = None
    notes: tuple[str, ...] = ()
    on_failure: OnFailure | None = None
    then: tuple[ThenForm, ...] = ()
    after: After = After()

    def __post_init__(self) -> None:
        if sum((self.resolve is not None, self.escalate is not None, bool(self.notes))) > 1:
            raise ValueError("resolve, escalate and notes exclude each other; keep one")
        if self.intake.at_once and (self.escalate is None or self.steps):
            raise ValueError("at_once needs escalate: {category: ..., reason: ...} and has no steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script(ScriptForm):
    source: str
    """The file's path."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that is no script."""

    source: str
    says: str
    unopened: bool = False
    """The system does not give it."""


_SCRIPT = TypeAdapter(ScriptForm)


def scripts_of(path: str | Path) -> Iterator[Script | Broken]:
    """The scripts of a file, or of all files below a folder in the order of their names."""
    broken = 0
    for document in read_all(path, "session script"):
        try:
            form = parse(document, _SCRIPT)
        except Invalid as wrong:
            yield Broken(document.source, wrong.detail, isinstance(wrong, Unopened))
            broken += 1
            if broken == MOST_BROKEN:
                yield Broken(document.source, f"{path}: {broken} documents are no script; mend these first")
                return
        else:
            yield Script(source=document.source, **{each.name: getattr(form, each.name) for each in fields(ScriptForm)})
