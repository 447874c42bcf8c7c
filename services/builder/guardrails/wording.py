"""The makings of rules: what one says, patterns for things and for verbs in all their forms, lists that rules share."""

import re
from dataclasses import dataclass

from services.builder.guardrails.protected import any_of


@dataclass(frozen=True, slots=True)
class Rule:
    category: str
    verbs: re.Pattern[str] | None
    """None: the thing alone is enough, or whatever is told to do to it."""
    objects: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    """Found anywhere in the sentence, the rule is silent."""
    only: re.Pattern[str] | None = None
    """The sole instructions that may name the thing, by their first word; all others are forbidden."""
    even_as_question: bool = False
    """The question itself is what must not be: what is your password?"""


def words(listed: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(listed)})(?:e?s)?(?!\w)")


def verbs(listed: str, irregular: str = "") -> re.Pattern[str]:
    """Verbs with commas between them, in all their forms; `irregular` are patterns as they stand."""
    regular = [_forms(" ".join(verb.split())) for verb in listed.split(",")]
    return re.compile(rf"(?<!\w)(?:{'|'.join([*filter(None, [any_of(irregular)]), *regular])})(?!\w)")


def _forms(verb: str) -> str:
    """The inflections of a regular verb; of a phrasal one also with words in between: turn (the firewall) off."""
    first, *rest = verb.split()
    if first.endswith("e"):
        forms = f"{first[:-1]}(?:e|es|ed|ing)"
    elif first.endswith("y") and first[-2] not in "aeou":
        forms = f"{first[:-1]}(?:y|ies|ied|ying)"
    else:
        forms = f"{first}(?:{first[-1]}?(?:ed|ing)|e?s)?"
    return forms + "".join(rf"(?: \S+){{0,6}}? {particle}" for particle in rest)


OFF = "disable, deactivate, turn off, switch off, shut off"
CHANGE = f"""
    {OFF}, change, edit, modify, alter, amend, adjust, update, configure, reconfigure, replace, create, add, remove,
    delete, rename, fix, repair, tweak, touch, correct, define, insert, clear, clean, register, enable, turn on,
    switch on, activate, upgrade, downgrade, restore, rebuild, move, point, raise, lower, increase, reduce, extend,
    overwrite, load, bump, flip, toggle, drop, knock out, swap, tighten, mess with, play with, unset, zero, wipe,
    erase, kill, strip, append, prepend, bring back, merge, import, own, tune, hack
"""
SET = r"(?:re ?)?set(?:ting|s)?(?: up)?"
PUT = rf"""
    {SET} | put(?:ting)? | bring(?:ing)? | brought | slip(?:ped|ping)? | rewrit(?:e|ing|ten) | tak(?:e|en|ing)
    giv(?:e|en|ing)
"""
GOES = r"""
    (?:has|have|ought|needs?|can|could|may|must|should)(?: \w+ly)?(?: to)? (?:go|vanish|disappear|leave|come off)
    (?:has|have|ought|needs?|can|could|may|must|should)(?: \w+ly)?(?: to)? be (?:lost|dropped|given up|sacrificed)
"""
"""Said of a thing that somebody is to do away with."""
OPEN = "open, launch, start, enter, use, access, type, run, call up, navigate, browse"
GO = r"go(?:ing|es)? (?:in)?to | (?:re)?start(?:ing)? (?:in)?to | boot(?:ing)? (?:in)?to | get(?:ting)? into"
DESTROY = """
    delete, erase, purge, destroy, shred, nuke, trash, overwrite, discard, zap, wipe, reformat, format, repartition,
    throw away, throw out, blow away, obliterate, scrub, ditch, chuck, toss, expunge, eradicate, flatten, scrap,
    lose, dump, sacrifice, give up, let go, sanitise, sanitize, clear out, clean out,
    kill off, clear away, vaporise, rub out, do away with,
    strip out, kill
"""
UNDO = f"""
    {OFF}, pause, stop, suspend, kill, uninstall, remove, bypass, circumvent, unload, weaken, lower, relax, loosen,
    snooze, exit, quit, end, shut down, turn down, ignore, override, delete, work around, release, get around, defeat,
    uncheck, untick, clear, opt out, neutralise, neutralize, silence, halt, terminate, cripple, strip, remove, set to
    off, set to no, decrypt, whitelist, unlock, restore, trust, tear down, knock out, park, proceed past, click past,
    click through, dismiss, allow
"""
LOG_IN = """
    remote onto, rdp onto, log in to, log on to, login to, log into, logon to, sign in to, ssh into, ssh to, rdp to,
    rdp into, remote into
"""
LOOK = r"""
    cmdlet (?:get|test|resolve|measure)
    check | see | look | read | find | ask | tell | say | explain | leave | keep | wait | watch
    let(?= (?:\S+ ){1,6}?(?:finish|run|reconnect|connect|sync|end|complete|go on|wait|stay|know|charge|load)\b)
    let(?= (?:\S+ ){1,6}?(?:start|restart|cool|do|work|be)\b)
    compare | mention | make sure | ensure | report | describe | escalate | pass | hand | note | remember | go on
    verify | confirm | try | count | know | write | give the engineer | call | say | inform | refuse | quote | listen
    stay | search | expect | cancel | restart
    close the (?:\w+ ){0,3}(?:window|message|box|tab|page) | take down what
"""
