"""The two axes of a suggested fix, walked at random: neither sets the other, and what is final stays."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run

from services.errors import Refused
from services.fixes.model import APPLIED, DECISIONS, FINAL, OUTCOMES, Decision, FixStatus
from services.fixes.rules import decide, ran, record
from storage.tables import FIX_DECISIONS, FIX_STATUSES, Fix

_BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
_RUNS = ("one_off", "draft_template")


def made(**fields: Any) -> Fix:
    return Fix(id=uuid4(), number=1, title="Restart it", status="proposed", **fields)


def test_the_words_of_the_two_axes_are_those_of_the_store() -> None:
    assert (DECISIONS, ("proposed", *OUTCOMES)) == (FIX_DECISIONS, FIX_STATUSES)
    assert set(OUTCOMES) == {*APPLIED, "dismissed"}


class Axes(RuleBasedStateMachine):
    @initialize(script=st.sampled_from(["Get-Printer", None]), template=st.sampled_from([uuid4(), None]))
    def suggested(self, script: str | None, template: object) -> None:
        self.fix = made(script=script, template_id=None if script else template)
        self.now = _BEGINNING
        self.said_so: datetime | None = None

    def _before(self) -> dict[str, object]:
        self.now += timedelta(minutes=1)
        return {
            each: getattr(self.fix, each)
            for each in ("decision", "status", "applied_at", "verified_at", "superseded_at")
        }

    @rule(decision=st.sampled_from(DECISIONS))
    def decides(self, decision: Decision) -> None:
        before = self._before()
        refused = (
            before["decision"] == "dismissed"
            or (decision != "dismissed" and self.fix.script is None)
            or (decision in _RUNS and before["status"] == "dismissed")
        )
        try:
            decide(self.fix, decision, self.now)
        except Refused:
            assert refused
            assert before == {each: getattr(self.fix, each) for each in before}
            return
        assert not refused
        assert (self.fix.decision, self.fix.status) == (decision, before["status"])
        if decision in _RUNS and self.said_so is None:
            self.said_so = self.now
        assert (self.fix.superseded_at is not None) == (decision == "dismissed" or before["superseded_at"] is not None)

    @rule(status=st.sampled_from(("proposed", *OUTCOMES)), notes=st.sampled_from(["", "  ", "It is slow."]))
    def records(self, status: FixStatus, notes: str) -> None:
        before = self._before()
        refused = (
            status == "proposed"
            or before["status"] in FINAL
            or before["decision"] == "dismissed"
            or (status in {"applied_partial", "applied_pending"} and not notes.strip())
        )
        try:
            record(self.fix, status, notes, self.now)
        except Refused:
            assert refused
            assert before == {each: getattr(self.fix, each) for each in before}
            return
        assert not refused
        assert (self.fix.status, self.fix.decision) == (status, before["decision"])
        assert self.fix.superseded_at == before["superseded_at"]
        if status in APPLIED and self.said_so is None:
            self.said_so = self.now
        assert self.fix.verified_at == (self.now if status in {"applied_success", "applied_failed"} else None)

    @rule()
    def was_run(self) -> None:
        before = self._before()
        try:
            ran(self.fix, self.now)
        except Refused:
            assert before["status"] in FINAL or before["decision"] == "dismissed"
            return
        self.said_so = self.said_so or self.now
        assert (self.fix.status, self.fix.decision) == (before["status"], before["decision"])

    @rule()
    def a_newer_one_is_suggested(self) -> None:
        self.fix.superseded_at = self.fix.superseded_at or self.now

    @invariant()
    def when_it_was_applied_is_what_was_said_first(self) -> None:
        assert self.fix.applied_at == self.said_so


def test_the_two_axes_never_mix() -> None:
    run(Axes)


@pytest.mark.parametrize(("template", "says"), [(uuid4(), "Use its template"), (None, "Do its steps")])
def test_a_fix_without_a_script_says_what_to_do_instead(template: object, says: str) -> None:
    for decision in DECISIONS[:-1]:
        with pytest.raises(Refused, match=f"no drafted script.*{says}"):
            decide(made(script=None, template_id=template), decision, _BEGINNING)


@pytest.mark.parametrize("status", OUTCOMES)
def test_an_outcome_that_is_recorded_first_says_that_it_was_run_unless_it_was_not(status: FixStatus) -> None:
    fix = made(script=None)
    record(fix, status, "A note.", _BEGINNING)
    assert (fix.applied_at is None) == (status == "dismissed")


def test_what_was_said_partly_stays_when_it_fails_in_the_end() -> None:
    fix = made(script=None)
    record(fix, "applied_partial", "One of two prints.", _BEGINNING)
    record(fix, "applied_failed", "Neither prints.", _BEGINNING + timedelta(hours=1))
    assert (fix.partial_notes, fix.failure_reason) == ("One of two prints.", "Neither prints.")
    assert (fix.applied_at, fix.verified_at) == (_BEGINNING, _BEGINNING + timedelta(hours=1))
