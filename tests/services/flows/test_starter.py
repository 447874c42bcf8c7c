"""The flows that come with the program."""

from importlib import resources

import pytest

from services.categories import BUILDABLE
from services.documents.pieces import from_yaml
from services.flows.format import flow_of, flow_to_yaml
from services.flows.lint import lint
from services.flows.nodes import Flow, Link, Outcome, Question, Verify, leads_to
from services.flows.starter import starter_flows

REASONS = {
    "exhausted_safe_steps",
    "needs_access",
    "needs_onsite",
    "suspected_security",
    "outage_or_many_users",
    "customer_request",
    "out_of_scope",
    "other",
}
LIBRARY = {flow.slug: flow for flow in starter_flows()}
each_flow = pytest.mark.parametrize("flow", starter_flows(), ids=lambda flow: flow.slug)


def test_every_bundled_file_is_a_flow_of_its_name() -> None:
    files = {each.name for each in resources.files("services.flows.starter").iterdir() if each.name.endswith(".yaml")}
    assert files == {f"{slug}.yaml" for slug in LIBRARY}
    assert len(files) == len(starter_flows()) >= 12


def test_every_category_that_may_be_built_has_a_flow() -> None:
    assert BUILDABLE.keys() <= {flow.category for flow in starter_flows()}


@each_flow
def test_it_lints(flow: Flow) -> None:
    assert lint(flow, LIBRARY) == ()


@each_flow
def test_every_path_ends_in_an_outcome(flow: Flow) -> None:
    """Whatever node a call has come to, however often it went round, an outcome is still ahead."""
    ends = {key for key, node in flow.nodes.items() if isinstance(node, Outcome)}
    while more := {key for key, node in flow.nodes.items() if key not in ends and not ends.isdisjoint(leads_to(node))}:
        ends |= more
    assert ends == set(flow.nodes)


@each_flow
def test_it_is_a_tree_that_helps_on_a_call(flow: Flow) -> None:
    assert 5 <= len(flow.nodes) <= 20
    assert len(flow.examples) >= 5
    assert len(set(flow.examples)) == len(flow.examples)
    assert len(flow.keywords) >= 5
    assert flow.summary
    for node in flow.nodes.values():
        if isinstance(node, Question):
            assert node.unsure is not None
            assert all(len(each.label) <= 28 for each in node.answers)
        if isinstance(node, Outcome) and node.result == "escalate":
            assert node.reason_category in REASONS
        if node.risk == "confirm":
            assert node.scope
            assert node.undo


@each_flow
def test_credential_work_comes_behind_a_proved_caller(flow: Flow) -> None:
    """On every way to a node that needs identity, in this flow, somebody has proved the caller."""

    def proves(key: str) -> bool:
        node = flow.nodes[key]
        return isinstance(node, Verify) or (isinstance(node, Link) and node.flow == "identity-gate")

    waiting, unproved = [flow.start], {flow.start}
    while waiting:
        here = waiting.pop()
        if proves(here):
            continue
        new = set(leads_to(flow.nodes[here])) - unproved
        unproved |= new
        waiting += new
    assert not [key for key in unproved if flow.nodes[key].needs_identity]


def test_the_identity_gate_resolves_only_a_proved_caller() -> None:
    gate = LIBRARY["identity-gate"]
    assert gate.nodes["proved"].type == "outcome"
    before = [node for node in gate.nodes.values() if "proved" in leads_to(node)]
    assert {node.type for node in before} == {"question", "verify"}
    assert "weight" in leads_to(gate.nodes["proof"])
    assert isinstance(gate.nodes["proof"], Verify)
    assert gate.nodes["proof"].failed == "stop"


@each_flow
def test_it_is_written_and_read_again(flow: Flow) -> None:
    assert flow_of(from_yaml(flow_to_yaml(flow), flow.slug)) == flow
