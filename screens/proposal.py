"""One proposal as a tree: every way through it, what is missing and what is wrong, and what a reviewer makes of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import bindings
from screens.layout import Cell
from screens.messages import Read
from screens.page import Desk, Page
from screens.proposal_lines import brief, count, options, step
from screens.reviewing import Reviewing
from screens.rows import Rows
from screens.text import line
from services.documents.document import printable
from services.errors import Conflict, Invalid, Refused, Trouble
from services.flows.editing import without
from services.flows.nodes import Flow
from services.flows.outline import Branch, outline
from services.flows.visible import blank

if TYPE_CHECKING:
    from screens.editor import Sheet
    from services.flows.lint import Fault
    from services.flows.proposal import ProposalDetail
    from services.walks.model import Walk
    from services.walks.trial import Trial


@dataclass(frozen=True, slots=True)
class _Read:
    detail: "ProposalDetail"
    faults: "tuple[Fault, ...]"
    for_others: bool
    """To approve or to merge."""


class KeptUnread(Trouble):
    title = "It is kept, but what is shown is older"


class ProposalScreen(Page[None]):
    CSS_PATH = "proposals.tcss"
    BINDINGS = bindings("proposal")
    AUTO_FOCUS = "#lines"

    def __init__(self, desk: Desk, reviewing: Reviewing, seen: "ProposalDetail") -> None:
        super().__init__(desk)
        self._with = reviewing
        self.detail = seen
        self._faults: tuple[Fault, ...] = ()
        self._for_others = False
        self._branches: dict[str, Branch] = {}
        self._turn = asyncio.Lock()
        self._brief = Static(id="brief")
        self._rows = Rows(id="lines")
        self._step = Static(id="told")

    def content(self) -> Iterable[Widget]:
        yield self._brief
        yield Horizontal(self._rows, VerticalScroll(self._step, id="whole"))

    def on_mount(self) -> None:
        self._put(self.detail)

    def reload(self) -> None:
        self.load("proposal", self._read, self._show)

    def heard(self) -> None:
        self.reload()

    async def _read(self) -> "_Read":
        proposals, actor = self._with.proposals, self.desk.actor
        detail = await proposals.show(actor, self.detail.summary.id)
        if not detail.open:
            return _Read(detail, (), False)
        others = await proposals.awaits_colleague(actor, detail.summary.id)
        return _Read(detail, await proposals.faults(actor, detail.flow), others)

    def _show(self, read: "_Read") -> None:
        self._faults, self._for_others = read.faults, read.for_others
        self._put(read.detail)

    def _put(self, detail: "ProposalDetail") -> None:
        self.detail = detail
        self._branches = {each.id: each for each in outline(detail.flow)}
        steps = Cell(line(count(len(detail.flow.nodes), "step")), 10, right=True)
        self.title_bar.show(line(f"Proposal: {detail.summary.title}"), steps, self.badge)
        self._brief.update(brief(detail, self._faults, self.desk.clock()))
        self._rows.put(options([*self._branches.values()], self._faults))
        self.refresh_bindings()
        self._tell()

    @property
    def _chosen(self) -> Branch | None:
        return self._branches.get(self._rows.chosen or "")

    def on_option_list_option_highlighted(self) -> None:
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        self._step.update(step(self._chosen, self._faults))

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        chosen, waits = self._chosen, self.detail.open
        match action:
            case "edit":
                return waits and chosen is not None and chosen.node is not None
            case "remove":
                return waits and chosen is not None and not chosen.reached
            case "stub":
                return waits and bool(self.detail.summary.stubs)
            case "whole" | "approve" | "merge" | "reject":
                return waits
            case "call":
                return self.detail.summary.session_id is not None
        return True

    # Changes: each against the state that the one before it gave

    async def change(self, make: Callable[["ProposalDetail"], Awaitable[None]]) -> bool:
        """Gives whether what came of it is shown; where it is kept but could not be read, that is told. Raises
        Conflict after the new state was read."""
        async with self._turn:
            try:
                await make(self.detail)
            except Conflict:
                await self._again()
                raise
            try:
                await self._again()
            except Trouble as trouble:
                again = self.desk.keys.of("page.refresh")
                self.tell(KeptUnread(trouble.detail or trouble.title, f"{again} reads it again."))
                return False
            return True

    async def _again(self) -> None:
        read = await self._read()
        if self.is_attached:
            self._show(read)

    async def keep(self, make: Callable[[Flow], Flow]) -> None:
        """Stores what `make` does to the flow."""
        proposals, actor = self._with.proposals, self.desk.actor

        async def kept(seen: "ProposalDetail") -> None:
            await proposals.edit(actor, seen, make(seen.flow))

        if await self.change(kept):
            self.notice.say(self._kept)

    @property
    def _kept(self) -> str:
        """What to say once something is stored: what is next."""
        keys, left = self.desk.keys, self.detail.summary.stubs
        if left:
            return f"Kept. {count(left, 'stub')} left: {keys.of('proposal.stub')} goes to the next one."
        if self._faults:
            return "Kept. Lint has something against it yet: see the lines that are marked."
        tries, publishes = keys.of("proposal.walk"), keys.of("proposal.approve")
        return f"Kept. Nothing is missing: {tries} tries it, {publishes} publishes it."

    def on_option_list_option_selected(self) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        from screens.node_form import NodeForm

        chosen = self._chosen
        if self.allows("edit", ()) and chosen is not None:
            self.app.push_screen(NodeForm(self.desk, self.detail, chosen.key, self.keep))

    def action_stub(self) -> None:
        """Round to the first one after the last."""
        lines = [*self._branches.values()]
        here = 0 if self._rows.highlighted is None else self._rows.highlighted + 1
        order = [*range(here, len(lines)), *range(here)]
        found = (n for n in order if (node := lines[n].node) is not None and node.needs_review and not lines[n].again)
        if (at := next(found, None)) is not None:
            self._rows.highlighted = at

    def action_remove(self) -> None:
        if (chosen := self._chosen) is not None:
            self.save("proposal", self.keep(lambda flow: without(flow, chosen.key)))

    def action_whole(self) -> None:
        """In the person's own editor; whatever comes back and can be read is kept, and lint says what is wrong."""
        from screens.editor import Sheet
        from services.flows.format import flow_to_yaml, read_flows

        seen = self.detail
        # A sheet for each state: what was typed about an older one is never stored over a colleague's work.
        sheet = Sheet(self.desk.sheets / f"proposal-{seen.summary.id}-{seen.summary.state_version}.yaml")
        try:
            typed = sheet.edit(self.app, flow_to_yaml(seen.flow))
            if blank(typed):
                sheet.done()
                self.notice.say("Thrown away; nothing was changed.")
                return
            files = read_flows([sheet.file])
            if len(files) != 1:
                raise Refused(f"there are {len(files)} flows in it", "Keep one.")
        except Trouble as trouble:
            sheet.let_go()
            self.tell(_unread(trouble, sheet, self.desk.keys.of("proposal.whole")))
            return
        self.save("proposal", self._keep_whole(seen, files[0].flow, sheet))

    async def _keep_whole(self, seen: "ProposalDetail", flow: Flow, sheet: "Sheet") -> None:
        proposals, actor = self._with.proposals, self.desk.actor

        async def kept(_: "ProposalDetail") -> None:
            await proposals.edit(actor, seen, flow)

        try:
            shown = await self.change(kept)
        except Conflict as conflict:
            raise Conflict(conflict.detail, f"What you typed is in {sheet.file}.") from conflict
        finally:
            sheet.let_go()
        sheet.done()
        if shown:
            self.notice.say(self._kept)

    # What is decided, and what helps to decide

    def action_walk(self) -> None:
        self.load("trial", self._begin, self._try)

    async def _begin(self) -> "Trial":
        return await self._with.trials.begin(self.desk.actor, self.detail.flow)

    def _try(self, trial: "Trial") -> None:
        from screens.trial import TrialScreen

        self.app.push_screen(TrialScreen(self.desk, trial))

    def action_call(self) -> None:
        self.load("call", self._open_call, self._read_call)

    def _read_call(self, walk: "Walk") -> None:
        self.app.post_message(Read(walk, aside=True))

    async def _open_call(self) -> "Walk":
        session_id = self.detail.summary.session_id
        if session_id is None:
            raise Refused("this proposal came from no call", "It was imported.")
        return await self._with.walks.open(self.desk.actor, session_id)

    def action_approve(self) -> None:
        from screens.deciding import ApproveForm

        self._decide(lambda: ApproveForm(self.desk, self._with, self.detail, self.change))

    def action_merge(self) -> None:
        from screens.merge import MergeScreen

        self._decide(lambda: MergeScreen(self.desk, self._with, self.detail, self.change))

    def action_reject(self) -> None:
        from screens.deciding import RejectForm

        self.app.push_screen(RejectForm(self.desk, self._with, self.detail, self.change))

    def _decide(self, form: "Callable[[], Page[None]]") -> None:
        """What is not finished is not published: the cursor goes to where something is missing."""
        left, key = self.detail.summary.stubs, self.desk.keys.of("proposal.edit")
        if self._for_others:
            self.notice.ask("It is from a call of your own: a colleague approves it, or merges it.")
        elif left:
            self.action_stub()
            what = "A stub is" if left == 1 else f"{left} stubs are"
            self.notice.ask(f"{what} left: {key} says what to do there.")
        elif self._faults:
            self.notice.ask(f"Lint has something against it: {self._faults[0]}")
        else:
            self.app.push_screen(form())


def _unread(trouble: Trouble, sheet: "Sheet", key: str) -> Trouble:
    """What is wrong with what was typed, by its line: it is in the editor again the next time."""
    if not isinstance(trouble, Invalid):
        return trouble
    first, *more = trouble.detail.replace(f"{printable(str(sheet.file))}:", "line ").split("\n")
    others = f" (and {count(len(more), 'mistake')} more)" if more else ""
    return Invalid(f"{first}{others}", f"{key} opens it again as you left it; emptied, it is thrown away.")
