"""What a matcher makes of sets of intents: flows that have nothing but a title and twenty examples.

    python -m benchmarks.intents

Three libraries, each fitted to itself as in the product, each a JSON line. `alike`: the sentences that are asked are
made as the examples are. `apart`: of each intent a quarter of the ways to say it are kept for asking, harder than what
callers do, since none of their words need stand in an example. `starter`: the starter flows without steps and keywords,
asked two sentences of each, which people wrote. Of `half` every other intent has no flow, so that most sentences are
out of scope; some others are for each. The sets are our own, written for this: figures of public sets they are not.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from services.flows.format import read_flows
from services.flows.nodes import Flow, Instruction, Node, Outcome
from services.matching.classifier import classify
from services.matching.encoder import Encoder
from services.matching.fitting import Source, refit
from services.matching.gists import Texts, gists
from services.matching.index import Index
from services.matching.measured import Answer, Label, measured

_HERE = Path(__file__).parent
_STARTER = _HERE.parent / "services" / "flows" / "starter"
_EXAMPLES, _ASKED = 20, 10

Said = dict[str, tuple[list[str], list[str]]]
"""By title: the examples, and what is asked."""


def main() -> None:
    encoder = Encoder()
    for name, said in (("alike", intents(apart=False)), ("apart", intents(apart=True)), ("starter", starter())):
        for kept in ("all", "half"):
            titles = sorted(said)[:: 1 if kept == "all" else 2]
            print(json.dumps({"set": name, "kept": kept, **_told(said, titles, encoder)}), flush=True)


def intents(*, apart: bool, seed: int = 1) -> Said:
    chance = random.Random(seed)  # noqa: S311
    found: Said = {}
    for line in (_HERE / "intents.txt").read_text(encoding="utf-8").splitlines():
        title, *ways = (part.strip() for part in line.split("|"))
        sentences = [list(dict.fromkeys(_expanded(way))) for way in ways]
        for each in sentences:
            chance.shuffle(each)
        chance.shuffle(sentences)
        held = len(sentences) // 4 if apart else 0
        asked, shown = _in_turn(sentences[:held]), _in_turn(sentences[held:])
        if not apart:
            shown = chance.sample(shown[: _EXAMPLES + _ASKED], len(shown[: _EXAMPLES + _ASKED]))
            most = min(_EXAMPLES, len(shown) * 2 // 3)
            shown, asked = shown[:most], shown[most:]
        found[title] = shown[:_EXAMPLES], [each for each in asked if each not in shown[:_EXAMPLES]][:_ASKED]
    return found


def starter() -> Said:
    found: Said = {}
    for file in read_flows([_STARTER]):
        said = sorted(file.flow.examples, key=len)
        found[file.flow.title] = said[:1] + said[2:-2] + said[-1:], [said[1], said[-2]]
    return found


def _expanded(way: str) -> Iterator[str]:
    """Every sentence of `(book/find) a room (now/)`."""
    parts = [part.split("/") if at % 2 else [part] for at, part in enumerate(re.split(r"\(([^()]*)\)", way))]
    for chosen in product(*parts):
        yield re.sub(r"\s+([,?'])", r"\1", " ".join("".join(chosen).split()))


def _in_turn(sentences: Sequence[list[str]]) -> list[str]:
    """One of each way, then the next of each."""
    most = max(map(len, sentences), default=0)
    return list(dict.fromkeys(each[at] for at in range(most) for each in sentences if at < len(each)))


def _told(said: Said, titles: Sequence[str], encoder: Encoder) -> dict[str, object]:
    library = [_flow(title, said[title][0]) for title in titles]
    texts = [Texts.of(flow) for flow in library]
    made = gists(texts, encoder)
    index = Index.of(made, encoder)
    fit = refit(index, [Source(*each) for each in zip(texts, made, strict=True)])
    index = index.fitted(fit) if fit else index
    slugs = {flow.slug for flow in library}
    asked = [Label("", text, frozenset({_slug(title)} & slugs)) for title in said for text in said[title][1]]
    outside = (_HERE / "intents_outside.txt").read_text(encoding="utf-8").splitlines()
    asked += [Label("", text, frozenset()) for text in outside]
    found = measured(asked, [_answer(index, each.text) for each in asked], flows=len(index), hybrid=True)
    shares = {"precision": found.precision, "coverage": found.coverage, "false_starts": found.false_starts}
    shares |= {f"first_{place}": share for place, share in found.recall.items()}
    told = {name: None if share.value is None else round(share.value, 3) for name, share in shares.items()}
    return {"flows": len(index), "asked": len(asked), "match": index.fit.match, **told}


def _answer(index: Index, text: str) -> Answer:
    verdict = index.match(text)
    return Answer(tuple(each.slug for each in verdict.candidates), verdict.decision == "matched", classify(text), 0.0)


def _flow(title: str, examples: Sequence[str]) -> Flow:
    nodes: dict[str, Node] = {
        "do": Instruction(text=f"{title}.", next="done"),
        "done": Outcome(text="Done.", result="resolved"),
    }
    return Flow(
        slug=_slug(title), title=title, category="other", start="do", nodes=nodes, examples=tuple(examples), keywords=()
    )


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


if __name__ == "__main__":
    main()
