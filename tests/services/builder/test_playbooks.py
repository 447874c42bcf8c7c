"""The playbooks that are walked without a model."""

import subprocess
import sys
from uuid import uuid4

import pytest

from services.access import Actor
from services.builder.guardrails import unsafe
from services.builder.playbooks import playbook
from services.builder.protocol import BuildContext, Built, Taken
from services.builder.rules import check
from services.categories import BUILDABLE, FORBIDDEN
from services.flows.lint import lint
from services.flows.nodes import Flow, Outcome, Question, leads_to

DEPTH_CAP = 12
each_category = pytest.mark.parametrize("category", BUILDABLE)


@each_category
def test_it_lints_and_belongs_to_its_category(category: str) -> None:
    book = playbook(category)
    assert lint(book) == ()
    assert book.category == category


@each_category
def test_it_holds_only_what_level_one_may_do(category: str) -> None:
    for node in playbook(category).nodes.values():
        assert node.type in {"question", "instruction", "outcome"}
        assert node.risk == "safe"
        assert not node.needs_identity
        labels = [each.label for each in node.answers] if isinstance(node, Question) else []
        for text in [node.text, node.say, node.expect, node.caution, *labels]:
            assert not text or not unsafe(text)


@each_category
def test_each_way_through_it_passes_the_rules_of_built_walks(category: str) -> None:
    book = playbook(category)
    for path in _paths(book, (book.start,)):
        steps = tuple(Taken(book.nodes[key], f"playbook:{category}/{key}", "", "") for key in path)
        for number, key in enumerate(path):
            check(Built(book.nodes[key], f"playbook:{category}/{key}"), _context(category, steps[:number]))


@each_category
def test_every_question_can_be_left_open(category: str) -> None:
    questions = [node for node in playbook(category).nodes.values() if isinstance(node, Question)]
    assert all(node.unsure is not None for node in questions)


@each_category
def test_every_path_ends_below_the_depth_cap_in_an_outcome(category: str) -> None:
    paths = _paths(playbook(category), (playbook(category).start,))
    assert all(len(path) <= DEPTH_CAP and len(set(path)) == len(path) for path in paths)


@each_category
def test_resolved_comes_only_after_somebody_has_looked(category: str) -> None:
    book = playbook(category)
    for path in _paths(book, (book.start,)):
        last = book.nodes[path[-1]]
        assert isinstance(last, Outcome)
        assert last.result == "escalate" or isinstance(book.nodes[path[-2]], Question)


def _context(category: str, steps: tuple[Taken, ...]) -> BuildContext:
    actor = Actor(uuid4(), uuid4(), "tina", "l1_tech")
    return BuildContext(session_id=uuid4(), category=category, problem="it fails", steps=steps, actor=actor)


def _paths(book: Flow, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    onward = leads_to(book.nodes[path[-1]])
    return [found for each in dict.fromkeys(onward) for found in _paths(book, (*path, each))] if onward else [path]


@pytest.mark.parametrize("category", [*FORBIDDEN, "unknown", "../../secrets"])
def test_there_is_no_playbook_for_what_may_not_be_built(category: str) -> None:
    with pytest.raises(KeyError):
        playbook(category)


def test_nothing_heavy_is_loaded_until_a_playbook_is_asked_for() -> None:
    asked = "import sys, services.builder.playbooks; print({'yaml', 'pydantic'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "set()\n"
