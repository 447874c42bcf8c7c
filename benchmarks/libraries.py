"""Made-up libraries of any size: flows put together by rule, of several kinds, so that they are not all alike.

Half are about products that nobody has ("Contoso"), as a large provider's library is; the rest share their words with
ordinary troubles, so that a matcher has something to confuse.
"""

import random
from collections.abc import Callable, Iterator

from services.flows.nodes import Answer, Flow, Instruction, Node, Outcome, Question

_MAKES = """
    northwind contoso fabrikam tailspin adatum litware proseware wingtip woodgrove lucerne trey relecloud humongous
    margie coho alpine blueyonder fourthcoffee graphic southridge lamna bellows nod munson vanarsdel wideworld
""".split()
_APPS = """
    timesheets payroll booking warehouse dispatch invoicing quoting purchasing inventory fleet recruiting training
    budgeting forecasting compliance auditing contracts signatures expenses rostering maintenance permits complaints
    surveys newsletters donations memberships enrolment grading prescriptions referrals laboratory imaging tenancy
    valuations conveyancing bookkeeping ledger consolidation treasury leasing claims underwriting
""".split()
_DEVICES = """
    printer scanner monitor keyboard mouse laptop tablet phone headset camera microphone speaker dock charger router
    switch socket projector badge-reader till plotter label-printer card-terminal barcode-gun thermometer weighbridge
    intercom turnstile kiosk signage-player conference-bar whiteboard document-camera signature-pad handheld
""".split()
_SERVICES = """
    mailbox calendar distribution-list shared-folder connector retention-policy transport-rule journal archive
    certificate federation-trust accepted-domain address-book public-folder migration-batch sharing-policy
    role-group audit-log quarantine hold-policy message-trace relay dial-plan call-queue auto-attendant
    conditional-policy enrolment-profile compliance-label sensitivity-label sync-client backup-vault
""".split()
_TROUBLES = """
    offline frozen slow missing blank stuck locked rejected expired blurry silent noisy flickering unreadable duplicated
    misaligned delayed disconnected overheating crashing looping refusing vanished corrupted unresponsive truncated
    greyed-out out-of-sync misprinted double-booked
""".split()
_OBJECTS = """
    report approval record attachment export import template notification login dashboard search filter signature total
    rate period batch reminder comment history permission field form button menu list page
""".split()
_PLACES = "office home warehouse reception basement branch hotel train upstairs kitchen showroom workshop".split()
_VERBS = "check restart reconnect open close remove add choose confirm compare update rename move select test".split()
_CAUSES = """
    cache driver cable profile licence token quota policy firmware update clock certificate session proxy queue
    permission mapping schedule service plugin
""".split()
_OPENERS = (
    "since this morning", "every time she tries it", "after the update last week", "only at one desk",
    "for the whole department", "the third time this month", "he says it worked yesterday", "before an important visit",
)  # fmt: skip


def flows(count: int, seed: int = 7, *, examples: int = 1) -> Iterator[Flow]:
    """`examples`: the most callers' sentences that a flow has; one in three has none."""
    chance = random.Random(seed)  # noqa: S311
    kinds: tuple[Callable[[random.Random], tuple[str, str, str]], ...] = (_app, _device, _service, _how_to)
    for number in range(count):
        title, thing, trouble = kinds[number % len(kinds)](chance)
        said = [_sentence(chance, thing, trouble) for _ in range(chance.choice((0, examples, examples)))]
        words = [word for word in (*thing.split(), *trouble.split()) if len(word) > 2]
        chance.shuffle(words)
        yield Flow(
            slug=f"made-up-{number}",
            title=title,
            category="other",
            start="s0",
            nodes=_nodes(chance, thing),
            keywords=(*words[: chance.randint(2, 4)], f"{trouble} {thing}", f"m{number}"),
            examples=tuple(said),
            summary=f"What to do about {thing}: {trouble}." if chance.random() < 0.5 else None,
        )


def calls(library: list[Flow], count: int, seed: int = 11) -> list[tuple[str, str]]:
    """Sentences with the slug of the flow each is about: from its words, some misspelt, some rambling."""
    chance = random.Random(seed)  # noqa: S311
    made = []
    for number in range(count):
        flow = chance.choice(library)
        words = flow.title.lower().split()
        if number % 3 == 0:
            words = [_misspelt(chance, word) for word in words]
        if number % 4 == 0:
            words = [*chance.choice(_OPENERS).split(), *words, "at", "the", chance.choice(_PLACES)]
        made.append((" ".join(words), flow.slug))
    return made


def _app(chance: random.Random) -> tuple[str, str, str]:
    app, thing = chance.choice(_APPS), chance.choice(_OBJECTS)
    trouble, make = chance.choice(_TROUBLES), chance.choice(_MAKES)
    return f"{make.title()} {app}: {thing} {trouble}", f"{make} {app} {thing}", trouble


def _device(chance: random.Random) -> tuple[str, str, str]:
    device, trouble, make = chance.choice(_DEVICES), chance.choice(_TROUBLES), chance.choice(_MAKES)
    return f"{make.title()} {device} {trouble}", f"{make} {device}", trouble


def _service(chance: random.Random) -> tuple[str, str, str]:
    service, verb = chance.choice(_SERVICES), chance.choice(_VERBS)
    cause, app = chance.choice(_CAUSES), chance.choice(_APPS)
    return f"{verb.title()} the {cause} of the {service} for {app}", f"{service} {app}", f"{verb} {cause}"


def _how_to(chance: random.Random) -> tuple[str, str, str]:
    verb, thing, app = chance.choice(_VERBS), chance.choice(_OBJECTS), chance.choice(_APPS)
    place = chance.choice(_PLACES)
    return f"How to {verb} a {thing} in {app} from the {place}", f"{app} {thing}", f"{verb} {place}"


def _sentence(chance: random.Random, thing: str, trouble: str) -> str:
    words = [*thing.split(), *trouble.split()]
    chance.shuffle(words)
    return " ".join(["the", *words[: chance.randint(2, len(words))], chance.choice(_OPENERS)])


def _nodes(chance: random.Random, thing: str) -> dict[str, Node]:
    steps = [f"s{step}" for step in range(chance.randint(2, 9))]
    nodes: dict[str, Node] = {
        step: Instruction(text=_step(chance, thing), next=following)
        for step, following in zip(steps, [*steps[1:], "ask"], strict=True)
    }
    answers = (Answer(label="Yes", next="done"), Answer(label="No", next="up"))
    nodes["ask"] = Question(text="Is it solved?", answers=answers)
    nodes["done"] = Outcome(text="Solved.", result="resolved")
    nodes["up"] = Outcome(text="Pass it on.", result="escalate", reason_category="exhausted_safe_steps")
    return nodes


def _step(chance: random.Random, thing: str) -> str:
    first, second = chance.sample(_VERBS, 2)
    cause, other = chance.sample(_CAUSES, 2)
    return f"{first.title()} the {cause} of {thing}, then {second} the {other} and ask whether it is still so."


def _misspelt(chance: random.Random, word: str) -> str:
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
