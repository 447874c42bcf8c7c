"""A script, and a script with placeholders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

Language = Literal["powershell", "cmd", "bash"]
ParameterType = Literal["text", "number", "choice", "secret", "host", "path"]
TemplateStatus = Literal["draft", "accepted", "retired"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
PARAMETER_TYPES: tuple[ParameterType, ...] = get_args(ParameterType)


@dataclass(frozen=True, slots=True)
class Script:
    body: str
    language: Language = "powershell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a person fills in before a script is copied."""

    name: str
    """As the body has it between double braces: lower case, digits, underscores."""
    type: ParameterType = "text"
    label: str = ""
    choices: tuple[str, ...] = ()
    """Of a choice, two or more."""
    default: str = ""
    """Stands in the field from the beginning; a secret has none."""


@dataclass(frozen=True, slots=True)
class Template:
    """A body that names its parameters, and nothing that is not declared; one without parameters is a script as it
    is."""

    script: Script
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTemplate:
    """A template of the account's library."""

    id: UUID
    title: str
    template: Template
    status: TemplateStatus
    revision: int
    """What a change of it has to name."""
    at: datetime
    by: str
    changed_at: datetime
    changed_by: str
