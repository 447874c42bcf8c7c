"""The one list of what a key does: bindings, the foot of the screen, help and palette are all made from it.

An action's id is `place.name`: a screen of that place does it in `action_name`. The ids are what the table `[keys]` of
config.toml gives other keys to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import textual.keys
from textual.binding import Binding, BindingType
from textual.keys import key_to_character


@dataclass(frozen=True, slots=True)
class Action:
    id: str
    keys: str
    """As Textual writes them; the first one is shown."""
    words: str
    help: str
    foot: bool = True
    """Stands at the foot of the screen. The others stand beside what they do, and in the help."""
    waits: bool = False
    """Comes after what the focused part of the screen makes of the key. All others act at once, so that keys typed
    ahead come after them; what a text field takes as a letter is out of their reach all the same."""
    call: str = ""
    """What to call where it is not simply the name."""

    @property
    def place(self) -> str:
        return self.id.partition(".")[0]

    @property
    def action(self) -> str:
        return self.call or self.id.partition(".")[2]


def _numbered(place: str, name: str, keys: str, count: int, what: str) -> tuple[Action, ...]:
    """`keys`: with # where the number stands."""
    return tuple(
        Action(f"{place}.{name}_{n}", keys.replace("#", str(n)), f"{name} {n}", what, foot=False, call=f"{name}({n})")
        for n in range(1, count + 1)
    )


ACTIONS: tuple[Action, ...] = (
    # Everywhere
    Action("app.help", "f1,question_mark", "help", "Every key of this screen."),
    Action("app.queue", "f2", "queue", "The calls that wait and those under way."),
    Action("app.new_call", "f3", "new call", "Write down what a caller says."),
    Action("app.escalations", "f4", "escalations", "What waits for an engineer."),
    Action("page.refresh", "f5", "refresh", "Read what is shown here again.", foot=False),
    Action("app.command_palette", "ctrl+p", "all", "Everything that can be done here, by name."),
    Action("app.quit", "ctrl+q", "quit", "Leave. Asks only if something would be lost."),
    Action("app.help_quit", "ctrl+c", "copy", "Copies what is selected; says how to quit.", False, waits=True),
    Action("app.copy_screen", "ctrl+t", "copy all", "Copies what the screen shows.", foot=False),
    Action("app.past", "ctrl+f", "past calls", "Find a call that has ended.", foot=False),
    Action("app.stats", "ctrl+r", "figures", "The statistics of the account, week by week.", foot=False),
    Action("app.proposals", "alt+p", "proposals", "Flows that came out of calls, to be reviewed.", foot=False),
    Action("app.flows", "ctrl+l", "flows", "The library of flows: read, change, publish them.", foot=False),
    Action("app.psa", "f10", "set up the PSA", "Its address and keys, tried before they are kept.", foot=False),
    Action("app.change_theme", "f12", "colours", "Choose other colours.", foot=False),
    Action("page.back", "escape", "back", "Out of the field; then the screen before this one.", foot=False),
    Action("help.back", "escape", "back", "To the screen before.", call="screen.back"),
    Action("page.jump", "ctrl+n", "go to", "To any part of the screen, by a digit.", foot=False),
    Action("jump.stay", "escape", "stay", "Where it was."),
    Action("ask.yes", "y,enter", "yes", "Do it."),
    Action("ask.no", "escape,n", "no", "Stay."),
    Action("field.submit", "enter", "confirm", "Take what is typed."),
    Action("field.leave", "escape", "back", "Out of the field.", call="screen.back"),
    # Lists
    Action("list.cursor_down", "down,j", "down", "The next line.", foot=False),
    Action("list.cursor_up", "up,k", "up", "The line before.", foot=False),
    Action("list.page_down", "pagedown", "page down", "A page on.", foot=False),
    Action("list.page_up", "pageup", "page up", "A page back.", foot=False),
    Action("list.first", "home", "first", "The first line.", foot=False),
    Action("list.last", "end", "last", "The last line.", foot=False),
    # Queue
    Action("queue.open", "enter", "open or resume", "Go on with a call of yours; read any other."),
    Action("queue.new", "n", "new call", "Write down what a caller says.", call="app.new_call"),
    Action("queue.filter", "slash", "filter", "Find calls by their words, past ones too."),
    Action("queue.list", "down", "into the list", "From the filter to the calls.", foot=False),
    # Figures
    Action("stats.weeks", "w", "weeks", "4, 12, 26 or 52 weeks."),
    # Past calls
    Action("past.open", "enter", "open", "The whole story."),
    Action("past.desk", "d", "desk", "Facts, fixes and scripts of the call.", call="at_the_desk"),
    Action("past.filter", "slash", "words", "Words in the call, the technician's name, #number of a ticket."),
    Action("past.status", "s", "which", "Only resolved, escalated or abandoned ones; then all again."),
    Action("past.list", "down", "into the list", "From the words to the calls.", foot=False),
    # Intake
    Action("intake.start", "enter", "start", "Start what fits, or the highlighted match."),
    Action("intake.matches", "down", "choose", "Into the matches."),
    Action("intake.confirm", "ctrl+g", "start", "The same as enter.", foot=False, call="start"),
    *_numbered("intake", "match", "alt+#,#", 5, "Start this match; the digit alone from among them."),
    Action("intake.build", "f8", "none fits", "Decline what was suggested; steps are built instead."),
    Action("intake.adhoc", "f6", "ad hoc", "No steps: free notes."),
    Action("intake.empty", "f9", "empty", "Empties the three fields, for another caller.", foot=False),
    Action("intake.escalate", "f7", "escalate at once", "Pass the call on without a step."),
    # Walk
    Action("walk.accept", "enter", "done", "Acknowledge, or confirm what is asked.", foot=False),
    *_numbered("walk", "answer", "#", 9, "Give this answer."),
    Action("walk.yes", "y", "yes", "The first of two answers, or the one that says yes.", foot=False),
    Action("walk.no", "n", "no", "The second of two answers, or the one that says no.", foot=False),
    Action("walk.unsure", "u", "can't tell", "The question cannot be answered.", foot=False),
    Action("walk.red_flag", "f", "red flag", "The caller could not be proved.", foot=False),
    Action("walk.again", "a", "try again", "Ask for the next step once more.", foot=False),
    Action("walk.playbook", "g", "go on by the playbook", "Steps from the bundled playbook from now on.", foot=False),
    Action("walk.sent", "w", "what was sent", "What of this call has left this machine, word for word.", foot=False),
    Action("walk.note", "o", "note", "A note on this step."),
    Action("walk.take_back", "b", "back", "Take the last step back."),
    Action("walk.notes", "t", "free notes", "Notes beside the steps; the step stays where it is."),
    Action("walk.only_notes", "f6", "only notes", "Leave the steps, go on with free notes.", foot=False),
    Action("walk.pause", "p", "pause", "Leave the call for later."),
    Action("walk.resolve", "r", "resolve", "The problem is solved."),
    Action("walk.escalate", "e", "escalate", "Pass the call on to an engineer."),
    Action("walk.so_far", "s", "so far", "All of this call on one page."),
    # Notes
    Action("notes.leave", "escape", "done typing", "Out of the notes; letters are keys again.", call="screen.back"),
    Action("notes.finish", "ctrl+g", "finish this note", "Keep this entry and begin a new one."),
    # Forms
    Action("form.confirm", "ctrl+g", "confirm", "Do what the form is for."),
    Action("form.take", "enter", "take", "This line of the list, and on to the next field.", foot=False),
    Action("form.cancel", "escape", "cancel", "Back; what is typed here is kept.", call="back"),
    Action("draft.draft", "f9", "draft", "Writes the text from what is on record; once more takes it out again."),
    Action("choice.before", "left", "before", "The choice before.", foot=False, call="move(-1)"),
    Action("choice.after", "right,space", "change", "The next choice; so does a word's first letter.", call="move(1)"),
    Action("psa.confirm", "ctrl+g", "try it, then keep it", "Tries what is typed; once more, and it is kept."),
    # Writing to the PSA
    Action("reaching.again", "a", "try again", "Goes on where it stopped; nothing is written twice."),
    Action("reaching.leave", "l,escape", "leave it to the outbox", "It is tried again by itself, also while you work."),
    # From part to part; only while typing it stands at the foot
    Action("page.next_field", "tab", "next", "Out of this field, into the next."),
    Action("page.previous_field", "shift+tab", "field before", "Back to the field before.", foot=False),
    Action("page.next_part", "tab", "next part", "To the next part.", False, True, call="app.focus_next"),
    Action(
        "page.part_before", "shift+tab", "part before", "To the part before.", False, True, call="app.focus_previous"
    ),
    # Escalations, and reading a session
    Action("escalations.open", "enter", "open", "The whole story."),
    Action("escalations.proposals", "p", "proposals", "Flows that came out of calls.", call="app.proposals"),
    Action("session.reach", "a", "to the PSA", "Shows what the PSA has of it, and tries again what it has not."),
    Action("session.go_on", "enter", "resume or take over", "Go on with the call, also with a colleague's."),
    *(
        action
        for place in ("escalations", "session")
        for action in (
            Action(f"{place}.claim", "c", "claim", "You take care of it; the others see that."),
            Action(f"{place}.hand_back", "h", "hand back", "Back to the technician, with an instruction."),
            Action(f"{place}.resolve", "r", "resolve", "The problem is solved."),
            Action(f"{place}.desk", "d", "desk", "Facts, fixes and scripts of the call.", call="at_the_desk"),
        )
    ),
    Action("session.back", "escape", "back", "To the screen before."),
    # The engineer's desk
    Action("case.go", "enter", "take up", "A step goes on record; a fact is changed; a fix's script is read."),
    Action("case.add", "a", "fact", "Write down what is known."),
    Action("case.edit", "e", "change", "Other words for this fact."),
    Action("case.remove", "delete,x", "take off", "Takes this fact off the record."),
    Action("case.suggest", "s", "suggest", "Write down a fix."),
    Action("case.like", "l", "calls alike", "What helped in calls like this one."),
    Action("case.model", "m", "ask the model", "A model suggests a fix; you read and keep it, or not."),
    Action("case.decide", "g", "decide", "How the fix is to be run."),
    Action("case.outcome", "o", "outcome", "What became of the fix."),
    Action("case.script", "v", "script", "The script of the fix, to read and copy."),
    Action("case.missing", "w", "was missing", "What should have been asked before it was passed on."),
    Action("case.build", "b", "fill in", "The fix's script with values of this call."),
    Action("case.claim", "c", "claim", "You take care of it; the others see that."),
    Action("case.hand_back", "h", "hand back", "Back to the technician, with an instruction."),
    Action("case.resolve", "r", "resolve", "The problem is solved."),
    Action("case.escalate", "p", "escalate", "Pass it on to an engineer, also once more."),
    Action("case.drafts", "d", "drafts", "The resolution note and the escalation package as they stand."),
    Action("case.psa", "i", "PSA", "What of the call went to the PSA, and what waits."),
    Action("case.history", "y", "history", "Who did what with the call, and when."),
    Action("case.library", "t", "scripts", "The account's scripts."),
    Action("scripts.fill", "enter", "fill in", "With the values of this call."),
    Action("scripts.accept", "y", "accept", "You have reviewed this draft; it is offered from now on."),
    Action("scripts.retire", "x", "retire", "It is not offered any more."),
    Action("fill.copy", "ctrl+g", "copy", "Copies the script with these values."),
    Action("fill.keep", "f9", "keep as a draft", "Into the account's scripts, for somebody to review."),
    Action("like.take", "enter", "take", "Begins a fix with what helped there."),
    # The library of flows
    Action("flows.open", "enter", "open", "The flow as a tree, with all that can be done with it."),
    Action("search.open", "enter", "open", "The flow that is highlighted.", call="screen.open"),
    Action("flows.list", "down", "into the list", "From the search to the flows.", foot=False),
    Action("flows.new", "f6", "new flow", "In your own editor, from a small one that works."),
    Action("flow.follow", "enter", "go there", "To where this step stands with all that comes behind it."),
    Action("flow.edit", "e", "edit", "In your own editor; you are asked before anything is published."),
    Action("flow.versions", "v", "versions", "What was changed when, and the way back."),
    Action("flow.publish", "p", "publish", "Put the newest version into use, after a look at what it changes."),
    Action("flow.retire", "x", "retire", "Out of use; calls that walk it go on."),
    Action("flow.seen_to", "w", "seen to", "The flow asks now what was missing, or need not."),
    Action("flow.picture", "i", "picture", "The flow as a picture (SVG) in a file."),
    Action("versions.roll_back", "r", "roll back", "Puts what this version says into use, as a new version."),
    Action("revision.publish", "p", "publish", "Into use, as a new version."),
    Action("revision.keep", "k", "keep as draft", "A new version that is not in use yet."),
    Action("revision.edit", "e", "edit again", "Back into the editor, with what is typed."),
    Action("revision.throw_away", "x", "throw away", "Nothing of what was typed is kept."),
    Action("script.copy", "y", "copy", "Copies the script as it is."),
    Action("script.edit", "e", "edit", "In your own editor; it comes back as a new fix."),
    # Proposals
    Action("proposals.open", "enter", "open", "Its steps as a tree, to review."),
    Action("proposals.all", "a", "all", "Also those that were decided; again: those that wait."),
    Action("proposal.edit", "enter,e", "change", "The words and the ways of this step; a stub is filled in."),
    Action("proposal.stub", "n", "next stub", "To the next branch that nobody has filled in."),
    Action("proposal.remove", "delete,x", "take out", "Takes out a step that nothing leads to."),
    Action("proposal.whole", "w", "as YAML", "The whole flow in your own editor; lint reads it when you come back."),
    Action("proposal.walk", "t", "try it", "A walk as a technician has it; nothing of it is stored."),
    Action("proposal.call", "c", "the call", "The call that it came from."),
    Action("proposal.approve", "y", "approve", "Publishes it as a flow of its own."),
    Action("proposal.merge", "m", "merge", "Into a flow that is in use, as a branch of it."),
    Action("proposal.reject", "r", "reject", "Turns it down, with a reason."),
    Action("merge.take", "enter", "choose", "This flow; then comes the question that the branch begins at."),
    Action("merge.list", "down", "into the list", "From the field to the flows.", foot=False),
)

_BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}
_NAMES = {"question_mark": "?", "slash": "/", "down": "↓", "up": "↑", "left": "←", "right": "→", "escape": "esc"}


def bindings(place: str) -> list[BindingType]:
    return [_binding(action) for action in ACTIONS if action.place == place]


def _binding(action: Action) -> Binding:
    return Binding(
        action.keys,
        action.action,
        action.words,
        show=action.foot,
        priority=not action.waits,
        tooltip=action.help,
        id=action.id,
    )


_EVERYWHERE = ("app", "page")
_TYPED_IN = frozenset(
    {*_EVERYWHERE, "intake", "walk", "notes", "field", "form", "draft", "psa", "queue", "past", "fill", "search",
     "flows", "merge"}
)  # fmt: skip
"""Places of what there is while a field takes the letters."""
_MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})
_NAMED = frozenset(key.value for key in textual.keys.Keys)


def conflicts(moved: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Of keys that a person has moved: the action, another one that is there at the same time, the key of both."""
    return [
        (action_id, other.id, key)
        for action_id, keys in moved.items()
        for key in _each(keys)
        for other in ACTIONS
        if other.id != action_id
        and _together(action_id.partition(".")[0], other.place)
        and _plain(key) in map(_plain, _each(moved.get(other.id) or other.keys))
    ]


def unsent(moved: Mapping[str, str]) -> list[tuple[str, str]]:
    """Of keys that a person has moved: an action, and its key that no terminal sends."""
    return [(action_id, key) for action_id, keys in moved.items() if keys for key in _each(keys) if not _sent(key)]


def typed(moved: Mapping[str, str]) -> list[tuple[str, str]]:
    """Of keys that a person has moved: an action that is there while somebody types, and its key that writes a letter,
    which no field could take any more. One that had only letters before is not there meanwhile."""
    return [
        (action_id, key)
        for action_id, keys in moved.items()
        if action_id.partition(".")[0] in _EVERYWHERE or not all(map(_writes, _each(_BY_ID[action_id].keys)))
        if action_id.partition(".")[0] in _TYPED_IN
        for key in _each(keys)
        if _writes(key)
    ]


def _each(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",")]


def _plain(key: str) -> str:
    """The sign that it writes, else its name."""
    return key_to_character(textual.keys.REPLACED_KEYS.get(key, key)) or key


def _writes(key: str) -> bool:
    return len(_plain(key)) == 1 and _plain(key).isprintable()


def _sent(key: str) -> bool:
    *modifiers, last = key.split("+")
    return _MODIFIERS.issuperset(modifiers) and (last in _NAMED or len(_plain(last)) == 1)


def _together(one: str, other: str) -> bool:
    return one == other or one in _EVERYWHERE or other in _EVERYWHERE


def known(binding_id: str | None) -> Action | None:
    return None if binding_id is None else _BY_ID.get(binding_id)


def shown(key: str) -> str:
    """A key as a person reads it."""
    return _NAMES.get(key, key)


@dataclass(frozen=True, slots=True)
class Keys:
    """Which key an action has for this person."""

    moved: Mapping[str, str]

    def press(self, action_id: str) -> str:
        """As Textual writes it."""
        return (self.moved.get(action_id) or _BY_ID[action_id].keys).partition(",")[0]

    def of(self, action_id: str) -> str:
        """As a person reads it."""
        return shown(self.press(action_id))
