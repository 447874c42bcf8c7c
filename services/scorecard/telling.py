"""The card in words: rows for a terminal, and a page of Markdown."""

from collections.abc import Iterator, Sequence

from services.scorecard.card import Card, Line
from services.scorecard.marks import Kind

KIND_WORDS: dict[Kind, str] = {
    "repeated": "asked or told again",
    "double": "two questions in one",
    "labels": "answers that do not fit the question",
    "late": "cheap after dear",
    "unsafe": "refused by the hard floor",
    "early": "refused: solved before anybody looked",
    "unusable": "refused as no step",
}


def who(card: Card) -> str:
    """One sentence on who made the steps."""
    if card.answered.model is None:
        return "The bundled playbooks led these calls; no model was asked."
    by = ", ".join(card.answered.by) or "nobody"
    return f"The model asked for was {card.answered.model}; the service says that {by} answered."


def totals(card: Card) -> list[tuple[str, str]]:
    """What was counted, and what it came to."""
    of = card.totals
    faults = of.faults
    rows = [
        ("ended as it should", f"{of.right} of {of.cases}"),
        ("solved, of those that can be", f"{of.solved} of {of.solvable}"),
        ("passed on, of those that have to be", f"{of.passed_on} of {of.to_pass_on}"),
        ("of these with a reason that fits", f"{of.reasons_fit} of {of.passed_on}"),
        ("passed on needlessly", f"{of.needless}"),
        ("called solved while it was not", f"{of.too_early}"),
        ("stopped by the limits", f"{of.limit}"),
        ("no step came", f"{of.nothing}"),
        ("steps to the right end, on average", "-" if of.steps_to_the_right_end is None else f"{_steps(card)}"),
        (KIND_WORDS["repeated"], f"{faults['repeated']} of {of.questions + of.instructions} steps"),
        (KIND_WORDS["double"], f"{faults['double']} of {of.questions} questions"),
        (KIND_WORDS["labels"], f"{faults['labels']} of {of.questions} questions"),
        (KIND_WORDS["late"], f"{faults['late']} of {of.instructions} instructions"),
        (KIND_WORDS["unsafe"], f"{faults['unsafe']} of {of.nodes} nodes"),
        (KIND_WORDS["early"], f"{faults['early']} of {of.nodes} nodes"),
        (KIND_WORDS["unusable"], f"{faults['unusable']} of {of.nodes} nodes"),
        ("the caller could not tell", f"{of.unsure} of {of.questions} questions"),
        ("of these, not foreseen by the case", f"{of.unforeseen}"),
    ]
    return [*rows, *_paid(card)]


def _paid(card: Card) -> Iterator[tuple[str, str]]:
    of = card.totals
    if of.node_ms_median is not None and of.node_ms_p95 is not None:
        yield (
            "a node is whole after",
            f"{of.node_ms_median / 1000:.2f} s (median), {of.node_ms_p95 / 1000:.2f} s (95 of 100)",
        )
    ended = ", ".join(f"{count:,} {how}" for how, count in of.outcomes.items())
    yield "calls to a model", f"{of.calls:,}" + (f" ({ended})" if ended else "")
    yield "tokens", f"{of.tokens:,}"
    yield "cost", f"${of.cost_usd:.4f}, ${of.cost_usd / of.cases:.5f} a call" if of.calls else "nothing"


def _steps(card: Card) -> str:
    return f"{card.totals.steps_to_the_right_end:.1f}"


def calls(card: Card) -> list[tuple[str, str, str, str, str]]:
    """Each call: its name, whether it was right, how it ended, its steps, its faults."""
    return [(line.case, _verdict(line), _end(line), f"{line.marks.steps}", _faults(line)) for line in card.lines]


def _verdict(line: Line) -> str:
    return "right" if line.marks.right else "wrong"


def _end(line: Line) -> str:
    marks = line.marks
    if marks.too_early:
        return "called solved too early"
    ended = {
        "resolved": "solved",
        "escalate": "passed on",
        "limit": "stopped by the limits",
        "nothing": f"no step came: {line.failed}",
    }[marks.ended]
    return f"{ended}, reason does not fit" if marks.reason_fits is False else ended


def _faults(line: Line) -> str:
    found = [fault.kind for fault in line.marks.faults]
    return ", ".join(f"{found.count(kind)} {KIND_WORDS[kind]}" for kind in KIND_WORDS if kind in found)


def markdown(card: Card) -> str:
    """The page."""
    parts = [
        "# How well calls are led",
        f"**{who(card)}**",
        _NO_MODEL if card.answered.model is None else "",
        "Made by `rfl1 bench builder --markdown FILE`; it is not written by hand.",
        _table(("", ""), totals(card)),
        "## Each call",
        _table(("case", "", "ended", "steps", "faults"), calls(card)),
        "## What was found",
        _found(card),
        _HOW,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    written = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in written)


def _cell(text: str) -> str:
    """A model's words are data here too."""
    inert = " ".join(text.split())
    for sign in "\\|`*_<>[]":
        inert = inert.replace(sign, f"\\{sign}")
    return inert


def _found(card: Card) -> str:
    rows = [
        (line.case, KIND_WORDS[fault.kind], fault.text, fault.why) for line in card.lines for fault in line.marks.faults
    ]
    return _table(("case", "fault", "step", "why"), rows) if rows else "Nothing."


_NO_MODEL = """\
So this page says nothing about any model. With a key, `rfl1 bench builder --markdown scorecard.md` makes the same page
of the model that is set (`RFL1_AI_FAST_MODEL` names another). It plays the same calls, a few hundred requests, counts
what they cost, stops at `--budget`, and neither reads nor writes your store."""

_HOW = """\
## How it is measured

Each case (`services/scorecard/cases`) is a call with a known cause: what the caller says, what they know, which
instruction mends it, and where it should end. The builder leads the call under the rules of a real one; a simulated
caller answers by patterns, always in the same way, and "can't tell" where the case has nothing to say. No model judges.

- **Ended as it should**: solved counts only when the trouble is gone and the builder itself said so.
- **Asked or told again**: seven tenths of the telling words of an earlier question are there again, and nothing was
  done since; or of an earlier instruction.
- **Two questions in one**: two question marks, "and/or", a second verb behind "and" or "or".
- **Answers that do not fit**: yes and no for an either-or or an open question, two the same, none of the alternatives.
- **Cheap after dear**: an instruction that costs seconds or an interruption behind one that cost more.
- **Refused**: what the builder gave and the technician never sees. It was asked for once more.

What it does not tell: cases, patterns and playbooks have the same authors, who knew the playbooks while writing the
cases. That flatters the playbooks. The caller understands patterns and not meaning: good questions in unforeseen words
count as "can't tell", which is why these are counted apart. What is asked again in wholly other words is no repetition,
and dangerous words that the hard floor does not know are no hit. It compares builders, prompts and models with each
other; it does not say how real calls go."""
