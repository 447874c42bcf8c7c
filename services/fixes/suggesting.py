"""Fixes and templates by a model: asked for by a person, checked, and never put on record by themselves."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, cast
from uuid import UUID

from services.access import Act, Actor
from services.ai.failures import ModelFailed
from services.ai.prompt import block
from services.ai.speaker import Ask, Speaker
from services.errors import Refused
from services.fixes.fixes import MOST_STEPS, TITLE_LIMIT
from services.fixes.model import Case, Suggestion
from services.fixes.outcomes import told as found_told
from services.fixes.scripts.extracting import MOST_FOUND, by_names, by_rule
from services.fixes.scripts.model import (
    LANGUAGES,
    PARAMETER_TYPES,
    Language,
    Parameter,
    ParameterType,
    Script,
    Template,
)
from services.fixes.scripts.tidying import tidied
from services.fixes.telling import plain
from services.flows.visible import blank
from services.walks.told import names, told

LIMIT = 30.0
"""Seconds for a fix."""
TEMPLATE_LIMIT = 15.0
MOST_TOKENS = 2000
_TEXT = {"type": "string"}
FIX_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "title": _TEXT,
        "rationale": _TEXT,
        "steps": {"type": "array", "items": _TEXT},
        "confidence": {"type": "integer"},
        "script": _TEXT,
        "language": {"enum": list(LANGUAGES)},
    },
    "required": ["title", "rationale", "steps", "confidence", "script", "language"],
}
TEMPLATE_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "parameters": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "name": _TEXT,
                    "label": _TEXT,
                    "type": {"enum": [each for each in PARAMETER_TYPES if each != "choice"]},
                    "value": _TEXT,
                },
                "required": ["name", "label", "type", "value"],
            },
        }
    },
    "required": ["parameters"],
}


class Suggester:
    """Made only where a model is set up."""

    def __init__(self, speaker: Speaker, model: str) -> None:
        self._speaker = speaker
        self._model = model

    async def fix(self, actor: Actor, case: Case) -> Suggestion:
        """What the model would try. Raises ModelFailed, also for an answer that is of no use."""
        actor.require(Act.WORK_ESCALATIONS)
        ask = Ask(
            purpose="fix",
            model=self._model,
            system=_instructions("fix"),
            data="\n".join([*told(case.walk), *found_told(case.found)]),
            names=names(case.walk),
            schema=FIX_SCHEMA,
            most=MOST_TOKENS,
            limit=LIMIT,
            session_id=case.walk.id,
        )
        return suggestion_of(await self._speaker.fields(actor, ask))

    async def template(self, actor: Actor, script: Script, session_id: UUID | None) -> Template:
        """The script with the parameters that the model names; by rule where it does not answer. The secrets of the
        script have been taken out of it long before."""
        ask = Ask(
            purpose="script",
            model=self._model,
            system=_instructions("template"),
            data=block("script", script.body, 30_000),
            schema=TEMPLATE_SCHEMA,
            most=MOST_TOKENS,
            limit=TEMPLATE_LIMIT,
            session_id=session_id,
        )
        try:
            given = await self._speaker.fields(actor, ask)
        except ModelFailed:
            return by_rule(script)
        return by_names(script, list(_named(given))[:MOST_FOUND])


async def extract_by_rule(_actor: Actor, script: Script, _session_id: UUID | None) -> Template:
    """Where no model is set up."""
    return by_rule(script)


@cache
def _instructions(name: str) -> str:
    return (resources.files("services.fixes") / "prompts" / f"{name}.md").read_text(encoding="utf-8")


def suggestion_of(given: Mapping[str, Any]) -> Suggestion:
    """Raises ModelFailed where it has no title or nothing to do."""
    title, steps = plain(_words(given, "title"))[:TITLE_LIMIT], given.get("steps")
    lines = [plain(step) for step in steps if isinstance(step, str)] if isinstance(steps, list) else []
    script = _script(_words(given, "script"), given.get("language"))
    if blank(title) or (script is None and all(map(blank, lines))):
        raise ModelFailed("invalid")
    confidence = given.get("confidence")
    return Suggestion(
        title=title,
        rationale=plain(_words(given, "rationale"))[:2000],
        steps=tuple(line[:1000] for line in lines if not blank(line))[:MOST_STEPS],
        confidence=min(100, max(0, confidence)) if isinstance(confidence, int) else 0,
        script=script,
        origin="model",
    )


def _script(body: str, language: object) -> Script | None:
    """None where there is none that could be kept."""
    try:
        return tidied(Script(body.strip("\n"), cast("Language", language)))
    except Refused:
        return None


def _words(given: Mapping[str, Any], name: str) -> str:
    text = given.get(name)
    return text if isinstance(text, str) else ""


def _named(given: Mapping[str, Any]) -> Iterator[tuple[Parameter, str]]:
    each: Any
    for each in given.get("parameters") or []:
        if isinstance(each, dict) and all(isinstance(each.get(key), str) for key in ("name", "label", "type", "value")):
            kind = cast("ParameterType", each["type"])
            yield Parameter(name=each["name"], type=kind, label=plain(each["label"])[:200]), each["value"]
