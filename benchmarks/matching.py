"""Build time and time a query of the matcher, on made-up libraries of 92, 1,000 and 10,000 flows.

    python -m benchmarks.matching

One JSON line a library size; times in milliseconds, on one core.
"""

import json
import random
import time
from collections.abc import Iterator

from services.flows.nodes import Answer, Flow, Instruction, Outcome, Question
from services.matching.index import Index

_SIZES = (92, 1_000, 10_000)
_QUERIES = 400
_HOSTILE = 25
_SEED = 7

_THINGS = """
    printer scanner monitor keyboard mouse laptop desktop tablet phone headset camera microphone speaker dock charger
    battery router switch cable socket projector badge reader till plotter drive folder mailbox calendar contact
    signature rule attachment archive profile password account licence certificate browser bookmark extension cookie
    tunnel gateway token backup snapshot spreadsheet document presentation form macro template report invoice portal
    intranet wiki ticket channel meeting recording whiteboard voicemail extension queue greeting fax
""".split()
_MAKES = """
    northwind contoso fabrikam tailspin adatum litware proseware wingtip woodgrove lucerne trey relecloud humongous
    margie coho alpine blueyonder fourthcoffee graphic southridge city lamna bellows nod munson first
""".split()
_TROUBLES = """
    offline frozen slow missing blank stuck locked rejected expired blurry silent noisy flickering unreadable duplicated
    misaligned delayed disconnected overheating crashing looping refusing vanished corrupted unresponsive
""".split()
_PLACES = """
    office home warehouse reception basement branch hotel train upstairs kitchen showroom workshop meeting-room
""".split()
_VERBS = """
    check restart unplug reconnect sign open close remove add choose confirm press wait compare update rename move copy
    select test note ask read watch clear
""".split()
_FILLER = """
    since this morning the customer says that every time she tries it again nothing at all happens and he already
    restarted twice please help as soon as possible because we have an important deadline tomorrow afternoon
""".split()


def flows(count: int, seed: int = _SEED) -> Iterator[Flow]:
    """Made-up flows with titles, keywords, examples and six steps of a dozen words each."""
    chance = random.Random(seed)  # noqa: S311
    for number in range(count):
        make, thing, trouble = chance.choice(_MAKES), chance.choice(_THINGS), chance.choice(_TROUBLES)
        keywords = (thing, f"{trouble} {thing}", chance.choice(_TROUBLES), f"e{number}")
        examples = (f"the {thing} in the {chance.choice(_PLACES)} is {trouble}",)
        steps = [f"s{step}" for step in range(6)]
        nodes: dict[str, Question | Instruction | Outcome] = {
            step: Instruction(text=_step(chance, make, thing), next=following)
            for step, following in zip(steps, [*steps[1:], "ask"], strict=True)
        }
        nodes["ask"] = Question(
            text="Is it solved?", answers=(Answer(label="Yes", next="done"), Answer(label="No", next="up"))
        )
        nodes["done"] = Outcome(text="Solved.", result="resolved")
        nodes["up"] = Outcome(text="Pass it on.", result="escalate", reason_category="exhausted_safe_steps")
        yield Flow(
            slug=f"flow-{number}",
            title=f"{make} {thing} {trouble}".capitalize(),
            category="other",
            start="s0",
            nodes=nodes,
            keywords=keywords,
            examples=examples,
        )


def calls(count: int, seed: int = _SEED) -> list[str]:
    """Sentences in the same words: some misspelt, some rambling, a few as long as an intake may be."""
    chance = random.Random(seed + 1)  # noqa: S311
    made = []
    for number in range(count):
        said = [chance.choice(_MAKES), chance.choice(_THINGS), chance.choice(_TROUBLES), chance.choice(_PLACES)]
        if number % 3 == 0:
            said = [_misspelt(chance, word) for word in said]
        if number % 4 == 0:
            said += _FILLER
        if number % _HOSTILE == 0:
            said += ["".join(chance.choices("abcdefghij", k=7)) for _ in range(500)]
        chance.shuffle(said)
        made.append(" ".join(said))
    return made


def _step(chance: random.Random, make: str, thing: str) -> str:
    words = [chance.choice(_VERBS), "the", chance.choice(_THINGS), "of", make, thing, *chance.choices(_FILLER, k=4)]
    return f"{' '.join(words)} and {chance.choice(_VERBS)} the {chance.choice(_THINGS)}.".capitalize()


def _misspelt(chance: random.Random, word: str) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def main() -> None:
    for size in _SIZES:
        library = list(flows(size))
        began = time.perf_counter()
        index = Index.build(library)
        built = time.perf_counter() - began
        index.match("warm up, for the sake of the first import")
        times = sorted(_timed(index, call) for call in calls(_QUERIES))
        row = {
            "flows": size,
            "build_ms": round(built * 1e3),
            "median_ms": round(times[len(times) // 2] * 1e3, 2),
            "p99_ms": round(times[len(times) * 99 // 100] * 1e3, 2),
        }
        print(json.dumps(row), flush=True)


def _timed(index: Index, call: str) -> float:
    began = time.perf_counter()
    index.match(call)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
