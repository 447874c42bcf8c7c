"""What lint refuses, and that it refuses nothing else."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Invalid
from services.flows.format import flow_to_yaml, read_flows
from services.flows.lint import Fault, check, faults_in, lint
from services.flows.nodes import Answer, Flow, Input, Instruction, Link, Node, Outcome, Question, Verify, leads_to
from services.flows.visible import blank, folded

DONE = Outcome(text="Solved", result="resolved")


def flow(slug: str = "x", /, start: str = "a", title: str = "T", **nodes: Node) -> Flow:
    return Flow(slug=slug, title=title, category="c", start=start, nodes=nodes)


def step(to: str) -> Instruction:
    return Instruction(text="Do it", next=to)


def ask(*to: str, unsure: str | None = None) -> Question:
    answers = tuple(Answer(label=f"Answer {number}", next=each) for number, each in enumerate(to))
    return Question(text="Which?", answers=answers, unsure=unsure)


def links(slug: str, *to: str) -> Flow:
    names = [*(f"l{number}" for number in range(len(to))), "done"]
    nodes = {
        here: Link(text="Walk", flow=each, next=onward)
        for each, (here, onward) in zip(to, pairwise(names), strict=True)
    }
    return Flow(slug=slug, title="T", category="c", start=names[0], nodes={**nodes, "done": DONE})


def rules(faults: tuple[Fault, ...]) -> list[tuple[str | None, str]]:
    return [(each.node, each.rule) for each in faults]


def test_a_sound_flow_has_no_fault() -> None:
    sound = flow(
        a=ask("code", "who", unsure="a2"),
        a2=ask("a", "done"),
        code=Input(text="Code?", name="error code", pattern="0x[0-9A-F]{8}", next="far"),
        far=Link(text="Walk", flow="other", next="done"),
        who=Verify(text="Who?", next="far", failed="up"),
        done=DONE,
        up=Outcome(text="Pass on", result="escalate"),
    )
    assert lint(sound, {"other": links("other")}) == ()


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (flow(start="b", a=DONE), [(None, "start")]),
        (flow(), [(None, "start")]),
        (flow(a=step("b")), [("a", "next")]),
        (flow(a=ask("done", "done", unsure="gone"), done=DONE), [("a", "next")]),
        (flow(a=ask("done", "done", unsure=""), done=DONE), [("a", "next")]),
        (flow(a=Verify(text="Who?", next="done", failed="gone"), done=DONE), [("a", "next")]),
        (flow(a=DONE, b=step("c"), c=DONE), [("b", "unreachable"), ("c", "unreachable")]),
        (flow(a=step("b"), b=step("a")), [("a", "loop")]),
        (flow(a=step("a")), [("a", "loop")]),
        (flow(a=ask("done", "b"), done=DONE, b=step("c"), c=ask("b", "c")), [("b", "loop")]),
        (flow(a=ask("b", "c"), b=step("b"), c=step("c")), [("b", "loop"), ("c", "loop")]),
        (flow(a=ask("done"), done=DONE), [("a", "answers")]),
        (flow(a=ask()), [("a", "answers")]),
        (flow(a=ask(*["done"] * 10), done=DONE), [("a", "answers")]),
        (flow(a=Outcome(text="", result="resolved")), [("a", "text")]),
        (flow(a=Outcome(text=" \t\u200b\u2060\x07", result="resolved")), [("a", "text")]),
        (flow(a=Outcome(text="Solved", say="\u3164", result="resolved")), [("a", "text")]),
        (flow(title="\u00ad", a=DONE), [(None, "text")]),
        (flow(a=Input(text="Code?", name=" ", next="done"), done=DONE), [("a", "text")]),
        (flow(a=Input(text="Code?", name="code", pattern="(a+)+", next="done"), done=DONE), [("a", "pattern")]),
        (flow(a=Input(text="Code?", name="code", pattern="[", next="done"), done=DONE), [("a", "pattern")]),
        (links("x", "gone"), [("l0", "link")]),
        (links("x", "x"), [("l0", "circle")]),
        (flow("Not a slug", a=DONE), [(None, "slug")]),
        (flow("a" * 81, a=DONE), [(None, "slug")]),
        (flow("", a=DONE), [(None, "slug")]),
        (flow(a=Outcome(text="Fill in", result="escalate", needs_review=True)), [("a", "review")]),
    ],
)
def test_each_rule_names_its_node(wrong: Flow, expected: list[tuple[str | None, str]]) -> None:
    assert rules(lint(wrong)) == expected


@pytest.mark.parametrize(
    "labels",
    [
        ("Yes", "Yes"),
        ("Yes", " yes  "),
        ("Local account", "local\u00a0 ACCOUNT"),
        ("Ok", "\uff2f\uff4b"),
        ("No", "N\u200bo"),
    ],
)
def test_labels_that_look_alike_are_one_label(labels: tuple[str, str]) -> None:
    answers = tuple(Answer(label=each, next="done") for each in labels)
    assert rules(lint(flow(a=Question(text="Which?", answers=answers), done=DONE))) == [("a", "label")]


def test_labels_that_differ_are_told_apart() -> None:
    assert folded("Café") != folded("Cafe")
    assert folded("1 light") != folded("11 lights")
    assert blank("")
    assert blank("\u2800\ufeff")
    assert not blank("-")


def test_a_stub_hinders_publishing_only() -> None:
    stub = flow(a=Outcome(text="Fill in", result="escalate", needs_review=True))
    assert lint(stub, publishing=False) == ()


def test_one_slip_is_one_fault() -> None:
    """A way to nowhere leaves the nodes before it without an outcome too; that is the same mistake."""
    assert rules(lint(flow(a=step("b"), b=step("c"), c=step("gone")))) == [("c", "next")]


def test_links_in_a_circle_are_found_across_the_library() -> None:
    library = {"b": links("b", "d", "c"), "c": links("c", "a"), "d": links("d")}
    (fault,) = lint(links("a", "d", "b"), library)
    assert (fault.node, fault.rule) == ("l1", "circle")
    assert "a -> b -> c -> a" in fault.sentence
    assert lint(links("d"), {**library, "a": links("a", "d", "b")}) == ()


def test_a_flow_of_twenty_thousand_nodes_is_linted_without_recursion() -> None:
    many: dict[str, Node] = {f"n{number}": step(f"n{number + 1}") for number in range(20_000)}
    assert lint(Flow(slug="x", title="T", category="c", start="n0", nodes={**many, "n20000": DONE})) == ()
    looped = Flow(slug="x", title="T", category="c", start="n0", nodes={**many, "n20000": step("n0")})
    assert rules(lint(looped)) == [("n0", "loop")]
    chain = {f"f{number}": links(f"f{number}", f"f{number + 1}") for number in range(5_000)}
    assert lint(chain["f0"], {**chain, "f5000": links("f5000")}) == ()
    assert rules(lint(chain["f0"], {**chain, "f5000": links("f5000", "f0")})) == [("l0", "circle")]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., list[Path]]:
    def write(*flows: Flow) -> list[Path]:
        paths = [tmp_path / f"{number}.yaml" for number in range(len(flows))]
        for path, each in zip(paths, flows, strict=True):
            path.write_text(flow_to_yaml(each), encoding="utf-8")
        return paths

    return write


def test_an_import_tells_file_line_node_and_rule_of_everything(write: Callable[..., list[Path]]) -> None:
    first, second, third = paths = write(flow("one", a=step("gone")), links("two", "none"), flow("one", a=DONE))
    with pytest.raises(Invalid) as refused:
        check(read_flows(paths), {"old": links("old")})
    assert refused.value.detail.split("\n") == [
        f'{first}:6: node "a": leads to "gone", and no node is named so; '
        "name a node of this flow, or add that one [next]",
        f'{second}:9: node "l0": links to the flow "none", which is neither published nor in this import; '
        "name one that is, or import both together [link]",
        f"{third}:1: this slug was used before in {first}:1; give one of them another [slug]",
    ]


def test_an_import_may_link_within_itself_and_to_what_is_published(write: Callable[..., list[Path]]) -> None:
    files = read_flows(write(links("one", "two", "old"), links("two")))
    assert faults_in(files, {"old": links("old")}) == ()
    check(files, {"old": links("old")})


def test_a_new_version_may_not_close_a_circle_with_what_is_published(write: Callable[..., list[Path]]) -> None:
    files = read_flows(write(links("one", "two")))
    (found,) = faults_in(files, {"one": links("one"), "two": links("two", "one")})
    assert (found.slug, found.line, found.fault.rule) == ("one", 9, "circle")


_NAMES = st.sampled_from("abcdef")
_NODES: st.SearchStrategy[Node] = st.one_of(
    st.just(DONE),
    st.builds(step, _NAMES),
    st.builds(lambda to, unsure: ask(*to, unsure=unsure), st.lists(_NAMES, max_size=4), st.none() | _NAMES),
    st.builds(Verify, text=st.just("Who?"), next=_NAMES, failed=_NAMES),
    st.builds(Link, text=st.just("Walk"), flow=st.sampled_from(["f", "g", "h"]), next=_NAMES),
)
_GRAPHS = st.builds(
    lambda slug, start, nodes: Flow(slug=slug, title="T", category="c", start=start, nodes=nodes),
    st.sampled_from(["f", "g"]),
    _NAMES,
    st.dictionaries(_NAMES, _NODES, max_size=6),
)


def _paths(of: Flow, here: str, seen: frozenset[str]) -> bool:
    """Whether some path from here ends in an outcome, or in a mistake told by another rule; the slow, plain way."""
    ways = leads_to(of.nodes[here])
    if not ways or any(each not in of.nodes for each in ways):
        return True
    return any(_paths(of, each, seen | {here}) for each in ways if each not in seen | {here})


def _comes_to(of: Flow, here: str, seen: set[str]) -> set[str]:
    if here in of.nodes and here not in seen:
        seen.add(here)
        for each in leads_to(of.nodes[here]):
            _comes_to(of, each, seen)
    return seen


def _links_back(slug: str, library: dict[str, Flow], seen: frozenset[str], home: str) -> bool:
    to = {node.flow for node in library[slug].nodes.values() if isinstance(node, Link)} & library.keys()
    return home in to or any(_links_back(each, library, seen | {each}, home) for each in to - seen)


@given(_GRAPHS, _GRAPHS)
def test_the_verdict_is_that_of_a_slow_and_plain_checker(of: Flow, other: Flow) -> None:
    library = {other.slug: other, of.slug: of}
    faults = lint(of, library)
    told = {rule: {each.node for each in faults if each.rule == rule} for rule in {each.rule for each in faults}}
    known = of.start in of.nodes
    reached = _comes_to(of, of.start, set()) if known else set(of.nodes)
    asks = {key: node for key, node in of.nodes.items() if isinstance(node, Question)}
    assert told.get("start", set()) == (set() if known else {None})
    assert told.get("unreachable", set()) == set(of.nodes) - reached
    assert told.get("next", set()) == {
        key for key, node in of.nodes.items() if any(each not in of.nodes for each in leads_to(node))
    }
    assert told.get("answers", set()) == {key for key, node in asks.items() if len(node.answers) < 2}
    assert bool(told.get("loop")) == (known and not all(_paths(of, each, frozenset()) for each in reached))
    assert bool(told.get("circle")) == _links_back(of.slug, library, frozenset(), of.slug)
    assert told.get("link", set()) == {
        key for key, node in of.nodes.items() if isinstance(node, Link) and node.flow not in library
    }
