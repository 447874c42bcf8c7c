"""What has become of a fix, in words: a note, a package and a model say it alike."""

from collections.abc import Iterator

from services.ai.prompt import block
from services.fixes.model import Findings, Fix
from services.fixes.telling import plain


def told(found: Findings) -> list[str]:
    """What engineers found, in tagged blocks; none where there is nothing."""
    blocks = []
    if found.known:
        blocks.append(block("facts", "\n".join(fact.text for fact in found.known), 30_000))
    if found.tried:
        blocks.append(block("tried", "\n".join(fact.text for fact in found.tried), 30_000))
    if found.fixes:
        blocks.append(block("fixes", "\n\n".join("\n".join(_told(fix)) for fix in found.fixes), 30_000))
    return blocks


def _told(fix: Fix) -> Iterator[str]:
    yield f"{outcome(fix)}{'' if fix.active else ' Another one was suggested since, or it was dismissed.'}"
    if fix.rationale:
        yield f"Why: {fix.rationale}"
    for number, step in enumerate(fix.steps, 1):
        yield f"Step {number}: {step}"
    for status, notes in fix.notes.items():
        if status != fix.status:
            yield f"Said before, when it was {_BEFORE[status]}: {notes}"


_BEFORE = {
    "applied_partial": "done in part",
    "applied_pending": "waited for",
    "applied_success": "on record as working",
    "applied_failed": "on record as failed",
}


def outcome(fix: Fix) -> str:
    """One paragraph: what was done, and what came of it."""
    title, said = _sentence(fix.title), _sentence(fix.said) if fix.said else ""
    match fix.status:
        case "applied_success":
            verified = "" if fix.verified_at is None else f" Verified on {fix.verified_at:%Y-%m-%d at %H:%M} UTC."
            return _joined(f"{title} This worked.", said, verified.strip())
        case "applied_partial":
            return _joined(f"{title} This helped in part.", said)
        case "applied_failed":
            return _joined(f"{title} This was tried and did not help.", said or "Why is not on record.")
        case "applied_pending":
            return _joined(f"{title} This was applied, and whether it worked is not known yet. Waiting for:", said)
        case "dismissed":
            return _joined(f"{title} This was suggested and never applied.", said)
        case "proposed" if fix.applied_at is not None:
            return f"{title} This was applied; what came of it is not on record yet."
        case _:
            return f"{title} This was suggested and is not applied yet."


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _sentence(text: str) -> str:
    text = plain(text)
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
