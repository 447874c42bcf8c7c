"""Finds where a clause does something forbidden to something protected."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from services.builder.guardrails.wording import Rule

_FAR = 60
"""Characters between the doing and the thing; further apart they have nothing to do with each other."""
_NEAR = 120
"""Characters before the doing that are looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    rule: Rule
    clause: str
    lead: str
    """The clause before the doing; before the thing, where that is forbidden by itself."""
    verb: str
    """The doing as it is written; empty where the thing is forbidden by itself."""
    words: str


def find(rule: Rule, clause: str, before: str) -> Iterator[Found]:
    """`before` is the clause before this one: `turn it off` may mean what was named there."""
    things = [thing.span() for thing in rule.objects.finditer(clause)]
    if rule.verbs is None:
        if rule.only is None or (things and _is_told(clause, things[0][0], rule.only)):
            for start, end in things:
                yield Found(rule, clause, clause[max(0, start - _NEAR) : start], "", clause[start:end])
        elif not things and _is_told_of_it(clause, rule.only) and rule.objects.search(before):
            yield Found(rule, clause, "", "", clause[:_NEAR])
        return
    if not things and not (_refers_back(clause, before) and rule.objects.search(before)):
        return
    for done in rule.verbs.finditer(clause):
        lead = clause[max(0, done.start() - _NEAR) : done.start()]
        beside = _beside(things, done.start())
        if not _describes(done, lead, beside) and (not things or any(_close(each, done.span()) for each in beside)):
            yield Found(rule, clause, lead, done.group(), clause[:_NEAR])


def _beside(things: list[tuple[int, int]], place: int) -> list[tuple[int, int]]:
    at = bisect_left(things, (place, place))
    return things[max(at - 1, 0) : at + 1]


def _close(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return max(one[0] - other[1], other[0] - one[1]) <= _FAR


# Telling to do something

_CALLER = r"(?:the (?:caller|user|customer)|them|him|her)"
_LEAD_IN = re.compile(
    r"(?:(?:and|or|but|then|now|next|first|please|just|also|again|finally|instead|simply|so|let's|try to|be sure to"
    r"|\d+\.|\W+|you (?:can|could|may|should|must|need to|have to|will)|we(?:'ll| will| can)"
    rf"|(?:have|let|get) {_CALLER}(?: to)?|(?:ask|tell|help) {_CALLER} to) ?)*"
)
_NO_INSTRUCTION = re.compile(
    r"$|\w+(?:ed|ing|[^s]s)\b|\S+ (?:is|are|was|were|has|does|did|says|asks|shows|appears|from|of|about|or|not)\b"
    r"|(?:the|an?|this|that|these|those|my|your|their|his|her|its|our|no|any|some|all|each|every|one|two|it|they|he|she"
    r"|we|i|you|who|which|what|when|where|why|how|if|whether|because|since|until|while|as|after|before|in|on|at"
    r"|by|for|with"
    r"|without|from|to|of|under|over|through|yes|not|never|nor|only|is|are|was|were|has|had|does|do|did|can|could"
    r"|will|would|should|must|may|might|there|here|nobody|nothing|somebody|someone|anybody|anyone|else|than|or"
    r"|error|message|such|like|including|namely|eg|e\.g\.?|for (?:example|instance)"
    r"|have (?:they|you|he|she|we|any\w*|some\w*)|screen|window|page|computer|laptop|phone|caller|user|windows|outlook"
    r"|teams|code|wrong|right|other|red|green|blue)\b"
)


_OUGHT = re.compile(
    r"\b(?:has to|have to|must|should|ought to|needs? to|needs?(?= (?:an?|another|new|different)\b)"
    r"|had better|had best|(?:is|are) (?:best|better|due|to be)|wants? to be"
    r"|(?:wants?|could do with|calls? for|deserves?)(?= \w+ing\b)"
    r"|(?:can|could|may|might) (?:\w+ )?be(?= (?:\w{2,}ed|taken|put|cut|set|given|made|done|undone)\b)"
    r")(?: (?:also|first|then|now|only|just))?"
    r" (?!not\b|never\b|(?:be )?(?:on|running|active|enabled|green|up to date|shown|seen|noted|checked|looked"
    r"|asked|told|reported|closed|opened|used|reached|heard|printed|sent|mistyped|trusted"
    r"|left|kept|untouched|unchanged|escalated|named|spelt|right|correct|traced|searched|examined|found"
    r"|measured|repeated|connected|there|visible|at hand|nearby|online|known)\b"
    r"|stay|remain|keep|show|say|match|look|appear|begin|contain|work|come|arrive|end|read|have|answer|ask"
    r"|prompt|see|wait|know"
    r"|finish|know|check|be able)"
)
"""It is said to have to be, which tells to do it."""


def _is_told_of_it(clause: str, only: re.Pattern[str]) -> bool:
    """The encryption is in the way, take it off."""
    return _IT.search(clause) is not None and _DONE_TO_ANYTHING.match(clause) is None and _is_told(clause, -1, only)


_DOING_HELPS = re.compile(
    r"\w{3,}ing (?:\S+ ){1,10}?(?:will|would|should|ought|might|may|fixes|helps|cures|sorts|solves)\b"
)
"""Opening the port will do it."""
_IT = re.compile(r"\b(?:it|them|this|that)\b(?!'s? )")
_DONE_TO_ANYTHING = re.compile(
    r"(?:(?:and|or|but|then|now|please|just|also|again|so|only|you can|they can|let them|have them) )*(?:close|open"
    r"|click|press|choose|select|restart|start|plug|unplug|pull|put (?:it|them) (?:in|on|back)"
    r"|turn (?:it|them) (?:on|off and)"
    r"|switch (?:it|them) (?:on|off and)|hold|move|use|type|scan|run|print|save|show|hide|repeat|do (?:it|this|that)"
    r"|get (?:it|them) (?:back|out)|take (?:it|them) (?:out|to)|send (?:it|them)|go|come|make (?:it|sure)|help|thank"
    r"|sign|connect|reconnect|try|finish|answer|follow|approve|accept it only|hang|ring|spell|copy|paste|drag)\b"
)
"""What may be done to whatever was named before: if it is forbidden there, another rule says so."""
_CAUSED = re.compile(
    r"(?:(?:and|or|but|then|now|next|first|please|just|also) )*(?:have|get)"
    r" (?!(?:they|you|we|he|she|i|any\w*|some\w*|the (?:users?|callers?)) )(?:\S+ ){1,8}?"
    r"(?:\w{2,}ed|taken|put|cut|set|off|out|written|given|undone)\b"
)
"""Have it removed: somebody is told to."""


def _is_told(clause: str, thing: int, only: re.Pattern[str]) -> bool:
    """The clause begins with an instruction, and not with one of those in `only` or with the thing itself."""
    path, _, chosen = clause.rpartition(" > ")
    if path:  # of a menu: licences > unassign
        return thing < len(path) and only.match(chosen) is None and only.match(path) is None
    if _OUGHT.search(clause) or _CAUSED.match(clause) or _DOING_HELPS.match(clause):
        return True
    lead_in = _LEAD_IN.match(clause)
    start = lead_in.end() if lead_in else 0
    return start != thing and not _NO_INSTRUCTION.match(clause, start) and not only.match(clause, start)


# What a verb-like word is when it is no doing

_NOUN = re.compile(
    r"(?:note|log|text|store|record|format|order|point|switch|end|start|share|request|need|cop(?:y|ie)|e ?mail|load"
    r"|place|update|change|restart|reset|upgrade|shut ?down)s?$"
)
_PARTICIPLE = re.compile(r"(?!need)\w+ed$")
_DETERMINER = re.compile(
    r"\b(?:the|an?|this|that|your|their|his|her|my|our|its|which|what|no|any|file|date|paper|same|from|in|of|with|by) $"
)


def _describes(done: re.Match[str], lead: str, beside: list[tuple[int, int]]) -> bool:
    """an expired password, the deleted items, the notes"""
    participle = _PARTICIPLE.match(done.group()) is not None
    if participle and any(start in {done.start(), done.end() + 1} for start, _ in beside):
        return True
    return (participle or _NOUN.match(done.group()) is not None) and _DETERMINER.search(lead) is not None


# Pointing back

_PRONOUN = re.compile(
    r"\b(?:it|them|this|that|everything|all|one|the (?:service|value|entry|line|setting|key|slider))\b"
    r"|^(?:which|who)\b|^(?:choose|pick|select|click|press|tap)\b"
)
_PLACE = re.compile(r"(?:in|on|under|within|from|inside|at|for)\b")


def _refers_back(clause: str, before: str) -> bool:
    """find the firewall, turn it off; in the registry, change the value"""
    return _PRONOUN.search(clause) is not None or _PLACE.match(before) is not None
