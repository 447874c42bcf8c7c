"""One list of actions: what is pressed, what stands at the foot, what help and palette say."""

import importlib
import pkgutil
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from textual.actions import parse
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys as TerminalKeys

import screens
from rfl1.app import Rfl1App
from rfl1.compose import Services
from screens import actions
from screens.actions import ACTIONS, Action, Keys, bindings, conflicts, typed, unsent
from tests.services.people import Team
from tests.stage import stage

FROM_THE_CONTRACT = {
    "app.help": "f1,question_mark",
    "app.command_palette": "ctrl+p",
    "app.quit": "ctrl+q",
    "page.back": "escape",
    "app.queue": "f2",
    "app.new_call": "f3",
    "app.escalations": "f4",
    "page.refresh": "f5",
    "page.next_field": "tab",
    "form.confirm": "ctrl+g",
    "form.cancel": "escape",
    "list.cursor_down": "down,j",
    "list.cursor_up": "up,k",
    "queue.open": "enter",
    "queue.new": "n",
    "queue.filter": "slash",
    "intake.start": "enter",
    "intake.matches": "down",
    "intake.match_1": "alt+1,1",
    "intake.match_5": "alt+5,5",
    "intake.adhoc": "f6",
    "intake.escalate": "f7",
    "walk.yes": "y",
    "walk.no": "n",
    "walk.answer_1": "1",
    "walk.answer_9": "9",
    "walk.unsure": "u",
    "walk.accept": "enter",
    "walk.take_back": "b",
    "walk.note": "o",
    "walk.notes": "t",
    "walk.pause": "p",
    "walk.resolve": "r",
    "walk.escalate": "e",
    "escalations.open": "enter",
    "escalations.claim": "c",
    "escalations.hand_back": "h",
    "escalations.resolve": "r",
}


def declaring() -> Iterable[type[DOMNode]]:
    """Every class that has bindings of the list."""
    modules = [importlib.import_module(f"screens.{each.name}") for each in pkgutil.iter_modules(screens.__path__)]
    for module in modules:
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and "BINDINGS" in vars(kind):
                yield kind
    yield Rfl1App


def test_the_keys_that_others_rely_on_are_these() -> None:
    keys = {action.id: action.keys for action in ACTIONS}
    assert {name: keys[name] for name in FROM_THE_CONTRACT} == FROM_THE_CONTRACT


def test_every_action_has_an_id_of_its_own_and_words() -> None:
    ids = [action.id for action in ACTIONS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", name) for name in ids)
    assert all(action.words and action.help.endswith(".") for action in ACTIONS)


@pytest.mark.parametrize("kind", list(declaring()), ids=lambda kind: kind.__name__)
def test_every_binding_comes_from_the_list_and_something_does_it(kind: type[DOMNode]) -> None:
    ids = {action.id for action in ACTIONS}
    for binding in vars(kind)["BINDINGS"]:
        assert isinstance(binding, Binding)
        assert binding.id in ids
        space, name, _ = parse(binding.action)
        does = {"": kind, "app": Rfl1App, "screen": None}[space]
        assert does is None or hasattr(does, f"action_{name}"), binding.action


def test_nothing_on_the_list_is_without_a_place() -> None:
    bound = {binding.id for kind in declaring() for binding in vars(kind)["BINDINGS"]}
    assert bound == {action.id for action in ACTIONS}


def test_no_key_is_one_that_a_terminal_takes() -> None:
    known = {key.value for key in TerminalKeys}
    for action in ACTIONS:
        for key in action.keys.split(","):
            assert key not in {"ctrl+i", "ctrl+m", "ctrl+h", "ctrl+b", "ctrl+a", "ctrl+s", "ctrl+j", "ctrl+o"}
            assert len(key) == 1 or key in known | {"question_mark", "slash"} or key.startswith("alt+"), key


@pytest.mark.parametrize("place", sorted({action.place for action in ACTIONS}))
def test_in_one_place_no_key_means_two_things(place: str) -> None:
    here = [action for action in ACTIONS if action.place == place]
    keys = [(key, action.waits) for action in here for key in action.keys.split(",")]
    assert len(set(keys)) == len(keys)
    assert len(bindings(place)) == len(here)


def test_a_moved_key_is_shown_where_the_old_one_was() -> None:
    keys = Keys({"walk.pause": "f9"})
    assert (keys.of("walk.pause"), keys.of("walk.resolve"), keys.of("queue.filter")) == ("f9", "r", "/")


async def test_help_names_every_key_of_the_screen_and_goes_away_again(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("f1")
        await on.sees("Help", "filter Find calls by their words, past ones too.", "f3 new call")
        await on.press("escape")
        await on.sees("Queue")
        await on.press("n")
        await on.paste("is this help?")
        await on.press("?", "f1")
        await on.sees("f7 escalate at once", "ctrl+g start")
        await on.press("escape")
        await on.sees("is this help??")


async def test_the_palette_finds_by_name_what_keys_do_even_while_a_text_field_has_the_focus(
    services: Services, team: Team
) -> None:
    async with stage(services, team.tech) as on:
        await on.press("ctrl+p")
        await on.sees("Search for commands", "Write down what a caller says.")
        assert on.words.count("new call Write down") == 1
        assert on.words.index("new call Write down") < on.words.index("help Every key of this screen.")
        await on.paste("leav")
        await on.sees("quit Leave. Asks only")
        await on.press("escape", "escape", "n")
        await on.paste("the wifi sings")
        await on.press("f6")
        await on.sees("Free notes")
        await on.press("ctrl+p")
        await on.sees("Search for commands")
        await on.paste("resol")
        await on.sees("The problem is solved.")
        await on.press("enter")
        await on.sees("What solved it?")


async def test_moved_keys_do_what_the_foot_says(services: Services, team: Team) -> None:
    from dataclasses import replace

    services.settings = replace(services.settings, remapped={"queue.new": "f9", "app.help": "f10"})
    async with stage(services, team.tech) as on:
        await on.sees("f9 new call", "f10 help")
        await on.press("n")
        await on.sees("Queue")
        await on.press("f9")
        await on.sees("What does the caller say?")


def test_an_action_says_where_it_belongs() -> None:
    action = Action("walk.answer_3", "3", "answer 3", "Give this answer.", call="answer(3)")
    assert (action.place, action.action) == ("walk", "answer(3)")
    assert Action("walk.pause", "p", "pause", "Later.").action == "pause"


def test_keys_that_come_to_mean_two_things_are_found() -> None:
    assert conflicts({}) == []
    assert conflicts({"walk.note": "m"}) == []
    assert conflicts({"walk.note": "p"}) == [("walk.note", "walk.pause", "p")]
    assert conflicts({"walk.note": "p", "walk.pause": "o"}) == []
    assert conflicts({"queue.new": "f4"}) == [("queue.new", "app.escalations", "f4")]
    assert ("app.help", "walk.note", "o") in conflicts({"app.help": "o"})


def test_a_key_of_every_screen_is_none_that_writes_a_letter() -> None:
    moved = {"app.past": "ctrl+y,z", "app.quit": "f11", "page.back": "escape, question_mark", "walk.note": "z"}
    assert typed(moved) == [("app.past", "z"), ("page.back", "question_mark")]
    assert typed({"app.past": "slash"}) == [("app.past", "slash")]


def test_a_key_that_is_there_while_somebody_types_is_none_that_writes_a_letter() -> None:
    moved = {"intake.adhoc": "x", "notes.finish": "ctrl+y,?", "intake.match_1": "alt+9,9", "walk.note": "m"}
    assert typed(moved) == [("intake.adhoc", "x"), ("notes.finish", "?"), ("intake.match_1", "9")]
    assert typed({"case.go": "m", "queue.filter": "m", "stats.weeks": "m"}) == []


def test_every_screen_with_a_field_in_it_is_one_on_which_letters_are_typed() -> None:
    for file in Path(actions.__file__).parent.glob("*.py"):
        source = file.read_text(encoding="utf-8")
        if re.search(r"\b(Line|Writing)\(", source):
            places = set(re.findall(r'bindings\("(\w+)"\)', source))
            # A choice takes no letters; a list that stands beside the field is not what has the focus.
            assert places <= actions._TYPED_IN | {"choice", "list"}, file.name


def test_a_key_that_no_terminal_has_is_found() -> None:
    moved = {"walk.note": "ctrl+ö7", "walk.pause": "f9,f25", "walk.resolve": "Ctrl+x", "walk.escalate": "x,"}
    assert [key for _, key in unsent(moved)] == ["ctrl+ö7", "f25", "Ctrl+x", ""]
    there = "f1,?,question_mark,x,ö,ctrl+x,alt+1,shift+f9,ctrl+shift+left,space,slash,/,minus,ctrl+slash"
    assert unsent({"walk.note": there, "walk.pause": ""}) == []
    assert unsent({action.id: action.keys for action in ACTIONS}) == []


def test_one_key_under_two_names_is_one_key() -> None:
    assert conflicts({"walk.note": "?"}) == [("walk.note", "app.help", "?")]
    assert conflicts({"queue.open": "/"}) == [("queue.open", "queue.filter", "/")]
