"""From a call that no flow fitted to a flow that the next caller is matched to, on stores of both kinds."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from rfl1.compose import Services
from services.access import Actor
from services.errors import Refused
from services.fixes.scripts.model import Script
from services.flows.editing import with_node, written
from services.flows.nodes import Flow, Question, Verify
from services.intake.model import AdHoc, BuildAnyway, Call, Matched
from services.psa.connection import Connection
from services.walks.model import Acknowledge, Choose, Verified, Walk
from services.writeback.journal import Journal
from services.writeback.outbox import Outbox
from tests.psa_servers.offices import CONNECTWISE
from tests.psa_servers.server import PsaServer, running
from tests.services.people import Team, audited

SAID = "half pages come out of the dispatch printer, the print queue is empty"


@pytest.fixture
async def server(services: Services) -> AsyncIterator[PsaServer]:
    """Set up in the services; two readings are a moment apart."""
    async with running(CONNECTWISE.server()) as psa:
        provider = CONNECTWISE.provider(psa)
        services.__dict__["psa"] = Connection(services.database, provider)
        usual = services.outbox.journal
        journal = Journal(services.database, services.clock, usual._closing, lambda: provider, pause=0.05)
        services.__dict__["outbox"] = Outbox(services.database, services.clock, journal)
        yield psa
        await provider.close()


async def built(services: Services, tech: Actor, steps: int) -> Walk:
    """A call on a ticket that so many built steps were made of."""
    begun = await services.intake.take(tech, Call(problem=SAID, psa_ticket="1"), BuildAnyway())
    walk: Walk = begun.walk  # type: ignore[union-attr]
    for _ in range(steps):
        if walk.pending is None:
            walk = await services.walks.next_node(tech, walk)
        assert walk.pending is not None
        match walk.pending.node:
            case Question():
                walk = await services.walks.answer(tech, walk, Choose(0))
            case Verify():
                walk = await services.walks.answer(tech, walk, Verified("callback_known_number", "rang back"))
            case _:
                walk = await services.walks.answer(tech, walk, Acknowledge())
    return walk


async def solved_before(services: Services, team: Team) -> None:
    """A call like it, which an engineer has ended well."""
    begun = await services.intake.take(team.second, Call(problem=SAID), AdHoc())
    walk: Walk = begun.walk  # type: ignore[union-attr]
    walk = await services.walks.escalate(team.second, walk, category="needs_onsite", reason="Half pages.")
    await services.walks.resolve(team.admin, walk, helpful=True, notes="Restarted the spooler of its queue.")


def filled_in(flow: Flow) -> Flow:
    """Every stub says what to do."""
    for key, node in flow.nodes.items():
        if node.needs_review:
            flow = with_node(flow, key, replace(written(node), text=f"Pass it on: {key}."))
    return flow


async def test_a_call_that_no_flow_fitted_becomes_the_flow_of_the_next_caller(
    services: Services, team: Team, server: PsaServer
) -> None:
    tech, engineer, journal = team.tech, team.engineer, services.outbox.journal
    await services.account_settings.set(team.owner, "psa.resolved_status_id", "Solved")
    await services.account_settings.set(team.owner, "match.auto_start", "on")
    await solved_before(services, team)

    # Level 1 comes as far as it may.
    walk = await built(services, tech, 2)
    walk = await services.walks.escalate(tech, walk, category="needs_access", reason="The queue needs rights.")
    assert (await journal.run(tech, walk.writebacks[-1].id)).noted_at is not None

    # The engineer: claimed, facts, a fix out of a call alike, its script, a template of it.
    walk = await services.escalations.claim(engineer, await services.walks.open(engineer, walk.id))
    case = await services.facts.from_step(engineer, walk, walk.steps[0].step_id)
    case = await services.facts.add(engineer, case.walk, "The spooler hangs")
    [alike] = await services.similar.of(engineer, case.walk)
    script = Script('$server = "SRV1"\nRestart-Service Spooler -ComputerName $server\n')
    case = await services.fixes.suggest(engineer, case.walk, replace(alike.suggestion, script=script))
    fix = case.found.fix
    assert fix is not None
    case = await services.fixes.decide(engineer, case.walk, fix.id, "draft_template")
    [template] = await services.scripts.listed(engineer)
    assert [each.name for each in template.template.parameters] == ["server"]
    case = await services.fixes.record(engineer, case.walk, fix.id, "applied_partial", "One tray of two")
    case = await services.fixes.record(engineer, case.walk, fix.id, "applied_success")

    # Previewed, posted, read back, resolved.
    draft = await services.drafting.draft(engineer, case.walk, "resolution_note")
    assert fix.title in draft.markdown
    walk = await services.walks.resolve(engineer, case.walk, helpful=True, notes=draft.markdown)
    assert walk.awaits_psa
    assert await services.proposals.waiting(engineer) == ()
    assert (await journal.run(engineer, walk.writebacks[-1].id)).state == "verified"
    assert (await services.walks.open(engineer, walk.id)).status == "resolved"
    assert len(server.desk.notes) == 2
    assert server.desk.tickets[1]["status"]["name"] == "Solved"

    # What was captured is completed and published.
    [captured] = await services.proposals.waiting(engineer)
    assert (captured.summary.session_id, captured.summary.created_by) == (walk.id, tech.name)
    assert captured.summary.stubs > 0
    with pytest.raises(Refused, match="nobody has filled in"):
        await services.proposals.approve(engineer, captured.summary.id)
    kept = await services.proposals.edit(engineer, captured, filled_in(captured.flow))
    assert await services.proposals.faults(engineer, kept.flow) == ()
    version = kept.summary.state_version
    done = await services.proposals.approve(engineer, captured.summary.id, slug="half-pages", version=version)
    assert (done.slug, done.status) == ("half-pages", "published")
    assert len(await audited(services.database, team.owner, "proposal.approve")) == 1

    # The next caller who says the same is matched to it.
    matching = await services.intake.match(team.second, SAID)
    assert matching.candidates[0].slug == "half-pages"
    begun = await services.intake.take(team.second, Call(problem=f"{SAID} since today"))
    assert isinstance(begun, Matched)
    assert begun.walk.flow is not None
    assert begun.walk.flow.title == SAID
