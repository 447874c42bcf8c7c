"""What the coach says: right wherever a wrong turn leads, from records alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args
from uuid import uuid4

import pytest

from services.flows.nodes import Flow, Outcome, Verify
from services.flows.starter import starter_flows
from services.tutor.coach import Advice, Place, Seen, Spot, advise
from services.tutor.course import Hint, PracticeCall, course
from services.tutor.goals import learnt
from services.walks.model import Escalation, FlowRef, Pending, Person, Resolution, Step, TicketRef, Walk

COURSE = course()
SOLVED, PASSED_ON = COURSE.calls
FLOWS = {flow.slug: flow for flow in starter_flows()}
YOU = Person(uuid4(), "you")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def call(node: str | None = "how_many", slug: str = SOLVED.flow, **more: Any) -> Walk:
    """A call of this flow with `node` pending."""
    flow = FLOWS[slug]
    given: dict[str, Any] = {
        "id": uuid4(),
        "account_id": uuid4(),
        "kind": "flow",
        "status": "active",
        "state_version": 1,
        "technician": YOU,
        "acting_as": None,
        "ticket": TicketRef(uuid4(), "internal", "walking"),
        "flow": FlowRef(uuid4(), uuid4(), slug, flow.title, 1),
        "proposal_id": None,
        "category": None,
        "problem_text": "locked",
        "customer": "",
        "contact": "",
        "pending": None if node is None else Pending(node, flow.nodes[node]),
        "pending_note": None,
        "path": (),
        "notes": (),
        "free_notes": False,
        "verified": False,
        "instruction": None,
        "created_at": NOW,
        "last_step_at": NOW,
        "changed_at": NOW,
        "changed_by": YOU,
    }
    return Walk(**{**given, **more})


def step(node: str, answer: str, **more: Any) -> Step:
    pending = Pending(node, FLOWS[SOLVED.flow].nodes[node])
    return Step(1, uuid4(), pending, answer, answer, more.pop("note", None), NOW, YOU, 1, **more)


def solved() -> Walk:
    return call(None, status="resolved", resolution=Resolution(True, "", NOW, YOU))


def passed_on(**more: Any) -> Walk:
    return call("many", status="escalated", escalation=Escalation("other", "all", None, NOW, YOU), **more)


def told(place: Place, *calls: Walk, read: Iterable[Walk] = (), **more: Any) -> Advice:
    read_ids = frozenset(each.id for each in read)
    return advise(COURSE, Seen(Spot(place=place, **more), calls, read_ids))


def says(place: Place, *calls: Walk, **more: Any) -> str:
    return told(place, *calls, **more).line.coach


# The course itself


@pytest.mark.parametrize("lesson", COURSE.calls, ids=lambda lesson: lesson.ends)
def test_the_course_walks_nodes_that_the_starter_flow_has(lesson: PracticeCall) -> None:
    flow: Flow = FLOWS[lesson.flow]
    assert set(lesson.steps) <= set(flow.nodes)
    last = flow.nodes[lesson.closing.at]
    assert isinstance(last, Outcome)
    assert last.result == {"resolved": "resolved", "escalated": "escalate"}[lesson.ends]


@pytest.mark.parametrize("lesson", COURSE.calls, ids=lambda lesson: lesson.ends)
def test_every_node_has_one_hint_that_holds_until_it_is_answered_and_it_is_the_last(lesson: PracticeCall) -> None:
    for hints in lesson.steps.values():
        assert [hint.until is None for hint in hints] == [False] * (len(hints) - 1) + [True]
        assert all(bool(hint.field) == bool(hint.writing) for hint in hints)


# The way through


def test_on_intake_the_flow_is_spoken_of_once_it_is_the_first_match() -> None:
    typing, taking = SOLVED.typing.coach, SOLVED.taking.coach
    assert says("intake", field="problem") == typing
    assert says("intake", field="problem", listed=("vpn-drops", SOLVED.flow)) == typing
    assert says("intake", field="problem", listed=(SOLVED.flow, "vpn-drops")) == taking
    assert says("intake", listed=("vpn-drops", SOLVED.flow)) == taking


def test_each_thing_to_practise_is_asked_for_until_it_is_on_record() -> None:
    def at(node: str, *path: Step, **more: Any) -> str:
        walk = call(node, path=path, **more)
        return says("walk", walk, shown=walk.id)

    unsure = step("message", "unsure")
    back = replace(unsure, taken_back=True)
    cannot_tell, answer = SOLVED.steps["message"]
    take_back, prove = SOLVED.steps["who"]
    note, phone = SOLVED.steps["source"]
    assert at("message") == cannot_tell.coach
    assert at("who", unsure) == take_back.coach
    assert at("message", back) == answer.coach
    assert at("who", back, step("message", "1")) == prove.coach
    assert at("source", back) == note.coach
    assert at("source", back, pending_note="on Monday") == phone.coach
    assert at("phone", step("source", "1", note="on Monday")) == SOLVED.steps["phone"][-1].coach


def test_what_the_hint_leads_into_is_told_on_and_any_other_field_is_left() -> None:
    note: Hint = SOLVED.steps["source"][0]
    walk = call("source")
    assert says("walk", walk, shown=walk.id, field="step-note") == note.writing
    assert says("walk", walk, shown=walk.id, field="entry") == COURSE.asides.field
    noted = replace(walk, pending_note="on Monday")
    assert says("walk", noted, shown=walk.id, field="step-note") == COURSE.asides.field


def test_the_call_that_was_passed_on_is_found_opened_and_read() -> None:
    story = PASSED_ON.story
    assert story is not None
    first, second = solved(), passed_on()
    assert says("queue", first) == PASSED_ON.ring.coach
    assert says("queue", first, second) == story.find.coach
    assert says("queue", first, second, field="filter") == story.filter.coach
    assert says("queue", first, second, listed=(f"past {first.id}",)) == story.find.coach
    assert says("queue", first, second, field="filter", listed=(f"past {second.id}",)) == story.open.coach
    assert says("story", first, second, shown=second.id, read=[second]) == story.read.coach
    assert not told("story", first, second, shown=second.id, read=[second]).done
    assert told("queue", first, second, read=[second]).done


# Wrong turns


def test_wrong_turns_on_the_way_are_told_with_the_way_back() -> None:
    asides = COURSE.asides
    walk, other = call("how_many"), call("seen", "password-reset")
    cases: dict[str, str] = {
        asides.other_steps: says("walk", other, shown=other.id),
        asides.off_the_way: says("walk", off := call("disabled"), shown=off.id),
        asides.only_notes: says("walk", free := call(None, free_notes=True), shown=free.id, field="entry"),
        asides.too_early: says("resolve", walk, shown=walk.id, field="text"),
        asides.resume: says("queue", replace(walk, status="paused")),
        asides.away: says("walk", walk, other, shown=other.id),
        asides.help: says("help", walk),
        asides.field: says("queue", field="filter"),
        asides.again: says("queue", passed_on()),
        asides.new_call: says("elsewhere"),
        asides.to_queue: says("walk", solved(), passed_on(), other, shown=other.id),
    }
    assert {right: said for right, said in cases.items() if said != right} == {}
    assert set(cases) == {getattr(asides, name) for name in type(asides).__slots__}


def test_the_form_of_the_other_end_is_not_the_next_thing() -> None:
    done, many = call("done"), call("many")
    assert says("resolve", done, shown=done.id) == SOLVED.closing.coach
    assert says("escalate", done, shown=done.id) == COURSE.asides.too_early
    assert says("escalate", solved(), many, shown=many.id) == PASSED_ON.closing.coach
    assert says("resolve", solved(), many, shown=many.id) == COURSE.asides.too_early


def test_a_call_that_ended_otherwise_is_taken_again_and_the_new_one_counts() -> None:
    abandoned, again = passed_on(), call("message")
    assert says("intake", abandoned, field="problem") == SOLVED.typing.coach
    assert says("walk", abandoned, again, shown=again.id) == SOLVED.steps["message"][0].coach
    assert told("queue", abandoned, solved()).call == 2


def test_wherever_somebody_is_the_coach_has_a_word() -> None:
    nodes: list[str | None] = [None, *FLOWS[SOLVED.flow].nodes]
    for place in get_args(Place):
        for node in nodes:
            for field in ("", "problem", "filter", "value", "step-note", "entry", "text"):
                for status in ("active", "paused", "escalated", "resolved", "abandoned"):
                    walk = call(node, status=status)
                    for shown in (None, walk.id, uuid4()):
                        for before in ((), (solved(),), (passed_on(),)):
                            assert says(place, *before, walk, shown=shown, field=field)


# What was learnt


def test_what_was_learnt_is_what_is_on_record() -> None:
    def met(*calls: Walk) -> set[str]:
        words = {each.words: each.goal for each in COURSE.learnt}
        return {words[said] for said, is_met in learnt(COURSE, calls, {calls[0].id}) if is_met}

    proof = next(key for key, node in FLOWS[SOLVED.flow].nodes.items() if isinstance(node, Verify))
    assert met(call(None, flow=None)) == {"read"}
    assert met(call(path=(step(proof, "red_flag"),))) == {"read", "taken", "answered"}
    assert met(call(path=(step(proof, "manager_approval", taken_back=True),))) == {
        "read",
        "taken",
        "answered",
        "taken_back",
    }
    whole = solved(), passed_on(path=(step(proof, "manager_approval", note="rang"), step("message", "unsure")))
    assert met(*whole) == {each.goal for each in COURSE.learnt} - {"taken_back"}
