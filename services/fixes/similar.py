"""Fixes out of calls like this one that ended well: words in common, and the same category. No model is asked."""

import asyncio
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.fixes.model import Suggestion
from services.fixes.records import script_of
from services.matching.vocabulary import SAME
from services.matching.words import stem, words
from services.walks.model import Walk
from storage.database import Database, Reading
from storage.desk import Ended, ended_well, remedies
from storage.tables import Fix

LOOKED_AT = 1000
"""The newest calls with a fix that worked, and as many of all that helped: what worked long ago may not any more."""
AT_ONCE = 40
"""Of the most alike, read whole."""
MOST = 5
LIKE_ENOUGH = 0.35
"""Share of the telling words of this call that the other one has."""
SAME_CATEGORY = 0.1
MOST_CONFIDENT = 90
PROBLEM_READ = 500
"""Characters of each; what a call is about stands at its beginning."""
_TITLE = 80


@dataclass(frozen=True, slots=True)
class Similar:
    """What helped before."""

    session_id: UUID
    problem: str
    at: datetime
    why: tuple[str, ...]
    """Words that both calls have, the most telling first."""
    suggestion: Suggestion


class SimilarCalls:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, actor: Actor, walk: Walk) -> tuple[Similar, ...]:
        """The most alike first; empty where nothing is like it."""
        async with reading(self._database, actor, Act.WORK_ESCALATIONS) as read:
            ended = await ended_well(read, but=walk.id, limit=LOOKED_AT, read=PROBLEM_READ)
            alike = await asyncio.to_thread(_ranked, walk, ended)
            return await _best(read, alike)


@dataclass(frozen=True, slots=True)
class _Alike:
    ended: Ended
    like: float
    """0 to 1."""
    score: float
    why: tuple[str, ...]


def _ranked(walk: Walk, ended: Sequence[Ended]) -> list[_Alike]:
    """The most alike first; of equals those with a fix that worked, then the newest."""
    said = {word.stem: word.spelled for word in words(walk.problem_text)}
    if not said:
        return []
    spoken = [_stems(each.problem) & said.keys() for each in ended]
    known = Counter(stem for stems in spoken for stem in stems)
    weights = {stem: math.log(1 + (len(ended) + 1) / (1 + known[stem])) for stem in said}
    whole = sum(weights.values())
    found: list[_Alike] = []
    for each, stems in zip(ended, spoken, strict=True):
        like = sum(weights[stem] for stem in stems) / whole
        if like >= LIKE_ENOUGH:
            score = like + (SAME_CATEGORY if each.category == walk.category is not None else 0)
            why = tuple(said[stem] for stem in sorted(stems, key=lambda stem: (-weights[stem], stem)))
            found.append(_Alike(each, like, score, why))
    return sorted(found, key=lambda one: (-one.score, one.ended.fix_id is None, -one.ended.at.timestamp()))


async def _best(read: Reading, alike: Sequence[_Alike]) -> tuple[Similar, ...]:
    """The same remedy of many calls is offered once, with the call that is most like this one. Only of those that may
    be offered everything is read."""
    found: dict[tuple[str, str], Similar] = {}
    for start in range(0, len(alike), AT_ONCE):
        some = alike[start : start + AT_ONCE]
        for one, remedy in zip(some, await remedies(read, [each.ended for each in some]), strict=True):
            ended, problem, notes, fix = remedy
            if fix is None and not notes.strip():
                continue
            suggestion = _suggested(ended, notes, fix, one.like)
            key = (suggestion.title.casefold(), "" if fix is None else (fix.script or ""))
            found.setdefault(key, Similar(ended.session_id, problem, ended.at, one.why, suggestion))
        if len(found) >= MOST:
            break
    return tuple(found.values())[:MOST]


_WORD = re.compile(r"[^\W_]+")


def _stems(problem: str) -> set[str]:
    """Read more lightly than the call itself, for there are thousands."""
    return {stem(SAME.get(word, word)) for word in _WORD.findall(problem[:PROBLEM_READ].casefold())}


def _suggested(each: Ended, notes: str, fix: Fix | None, like: float) -> Suggestion:
    confidence = min(MOST_CONFIDENT, round(100 * like * (0.9 if fix else 0.6)))
    on = f"{each.at:%Y-%m-%d}"
    if fix is None:
        notes = " ".join(notes.split())
        title = notes if len(notes) <= _TITLE else f"{notes[:_TITLE].rsplit(' ', 1)[0]}…"
        return Suggestion(
            title=title,
            rationale=f"This is how a similar call was resolved on {on}.",
            steps=(notes,),
            confidence=confidence,
            origin="similar",
        )
    why = f" {fix.rationale}" if fix.rationale else ""
    return Suggestion(
        title=fix.title,
        rationale=f"It worked for a similar call on {on}.{why}",
        steps=tuple(fix.steps),
        confidence=confidence,
        script=script_of(fix),
        template_id=fix.template_id,
        origin="similar",
    )
