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
from storage.database import Database
from storage.desk import Ended, ended_well

LOOKED_AT = 1000
"""The newest calls with a fix that worked, and as many of all that helped: what worked long ago may not any more."""
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
            ended = await ended_well(read, but=walk.id, limit=LOOKED_AT)
        return await asyncio.to_thread(_ranked, walk, ended)


def _ranked(walk: Walk, ended: Sequence[Ended]) -> tuple[Similar, ...]:
    said = {word.stem: word.spelled for word in words(walk.problem_text)}
    if not said:
        return ()
    spoken = [_stems(each.problem) & said.keys() for each in ended]
    known = Counter(stem for stems in spoken for stem in stems)
    weights = {stem: math.log(1 + (len(ended) + 1) / (1 + known[stem])) for stem in said}
    whole = sum(weights.values())
    found: dict[tuple[str, str], tuple[float, Similar]] = {}
    for each, stems in zip(ended, spoken, strict=True):
        like = sum(weights[stem] for stem in stems) / whole
        if like < LIKE_ENOUGH or (each.fix is None and not each.notes.strip()):
            continue
        score = like + (SAME_CATEGORY if each.category == walk.category is not None else 0)
        why = tuple(said[stem] for stem in sorted(stems, key=lambda stem: (-weights[stem], stem)))
        made = Similar(each.session_id, each.problem, each.at, why, _suggested(each, like))
        # The same remedy of many calls is offered once, with the call that is most like this one.
        key = (made.suggestion.title.casefold(), "" if each.fix is None else (each.fix.script or ""))
        if key not in found or found[key][0] < score:
            found[key] = (score, made)
    best = sorted(
        found.values(), key=lambda pair: (-pair[0], pair[1].suggestion.script is None, -pair[1].at.timestamp())
    )
    return tuple(similar for _, similar in best[:MOST])


_WORD = re.compile(r"[^\W_]+")


def _stems(problem: str) -> set[str]:
    """Read more lightly than the call itself, for there are thousands."""
    return {stem(SAME.get(word, word)) for word in _WORD.findall(problem[:PROBLEM_READ].casefold())}


def _suggested(each: Ended, like: float) -> Suggestion:
    confidence = min(MOST_CONFIDENT, round(100 * like * (0.9 if each.fix else 0.6)))
    on = f"{each.at:%Y-%m-%d}"
    if each.fix is None:
        notes = " ".join(each.notes.split())
        title = notes if len(notes) <= _TITLE else f"{notes[:_TITLE].rsplit(' ', 1)[0]}…"
        return Suggestion(
            title=title,
            rationale=f"This is how a similar call was resolved on {on}.",
            steps=(notes,),
            confidence=confidence,
            origin="similar",
        )
    fix = each.fix
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
