"""What fits what the caller says: the lines to choose from, and the sentence below them."""

from collections.abc import Iterable

from textual.content import Content
from textual.widgets.option_list import Option

from screens.actions import Keys
from screens.layout import Cell, Row
from screens.rows import Rows
from screens.text import line
from services.intake.call import Again
from services.intake.model import Matching, Suggestion, TakeFlow, TakeProposal, Wish

MOST = 5
_HEADINGS = {"matched": "Fits", "suggest": "Could fit"}


class Matches(Rows):
    """At most five, the likeliest first."""

    def __init__(self) -> None:
        super().__init__(id="matches")
        self.border_title = Content("Fits")
        self._offered: dict[str, Suggestion] = {}

    def offer(self, suggestions: Iterable[Suggestion]) -> None:
        """Each once."""
        once = {_key(each): each for each in suggestions}
        self._offered = dict(list(once.items())[:MOST])
        self.put([Option(_row(n, each), id=key) for n, (key, each) in enumerate(self._offered.items(), 1)])
        if not self.has_focus:
            self.highlighted = None

    def empty(self) -> None:
        self.offer(())
        self.border_title = Content("Fits")

    @property
    def offered(self) -> tuple[Suggestion, ...]:
        return tuple(self._offered.values())

    @property
    def wish(self) -> Wish | None:
        """To take the highlighted one."""
        chosen = self._offered.get(self.chosen or "")
        return None if chosen is None else wish(chosen)


def wish(suggestion: Suggestion) -> Wish:
    if suggestion.slug is not None:
        return TakeFlow(suggestion.slug)
    assert suggestion.proposal_id is not None  # noqa: S101  # one of the two
    return TakeProposal(suggestion.proposal_id)


def heading(matching: Matching) -> Content:
    return Content(_HEADINGS.get(matching.outcome, "Near misses") if matching.candidates else "Nothing fits")


def verdict(matching: Matching, keys: Keys) -> str:
    """What can be done now, and with which key."""
    enter, down = keys.of("intake.start"), keys.of("intake.matches")
    match matching.outcome:
        case "matched":
            return f"{enter} starts the first one; {down} chooses another."
        case "suggest":
            return f"These could fit: {down}, then a digit or {enter}."
        case "build":
            return f"Nothing fits for certain: {enter} builds the steps, {down} chooses one of these."
        case _:
            return leftover(keys)


def leftover(keys: Keys) -> str:
    return (
        f"No flow fits, and no steps may be built for this: {keys.of('intake.adhoc')} goes on with free notes, "
        f"{keys.of('intake.escalate')} escalates at once."
    )


def unanswered(keys: Keys) -> str:
    return (
        f"What fits could not be looked up: {keys.of('intake.start')} tries again, "
        f"{keys.of('intake.adhoc')} goes on with free notes."
    )


def told_before(before: Again | None) -> str:
    """In front of the verdict."""
    if before is None:
        return ""
    return (
        f"The same caller on {before.at.astimezone():%d %b}, {before.status.replace('_', ' ')}: {before.problem[:60]}. "
    )


def _key(suggestion: Suggestion) -> str:
    return suggestion.slug or str(suggestion.proposal_id)


def _row(number: int, suggestion: Suggestion) -> Row:
    return Row(
        Cell(Content.styled(str(number), "bold $text-accent"), 1),
        Cell(line(suggestion.title)),
        Cell(line(" · ".join(suggestion.why), "$text-muted"), 28, needs=90),
        Cell(Content(_record(suggestion)), 28 if suggestion.slug is None else 18, right=True),
    )


def _record(suggestion: Suggestion) -> str:
    worked, ended = suggestion.worked or (0, 0)
    if suggestion.slug is None:
        return f"not reviewed, worked {worked} {'time' if worked == 1 else 'times'}"
    if suggestion.worked is None:
        return "never used"
    return f"worked {worked} of {ended}" if ended else "not used lately"
