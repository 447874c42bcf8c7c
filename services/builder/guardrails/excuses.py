"""When a forbidden thing may be named: it is forbidden, asked about, reported, or left to somebody who may."""

import re

from services.builder.guardrails.finding import Found


def excused(found: Found, sentence: str) -> bool:
    rule = found.rule
    return (
        (rule.unless is not None and rule.unless.search(sentence) is not None)
        or _forbids(found)
        or (_asks(found) and not rule.even_as_question)
        or _reports(found)
        or _leaves_to_others(found, sentence)
    )


_PAST = re.compile(r"(?!need)\w+ed\b|taken\b|given\b|thrown\b|\w*written\b|off\b|sent\b|told\b|said\b|bought\b|paid\b")
_PAST_TOO = re.compile(r"(?:re ?)?set\b|put\b|shut\b|cut\b|read\b")
"""These are past, or not: set, reset, put."""

# never turn off the firewall

_NOT = (
    r"\b(?:never|(?<!why )(?:do not|don't)|does not|doesn't|did not|didn't|will not|won't|can ?not|can't|should not"
    r"|shouldn't|must not|mustn't|may not|need not|needn't|no need|not necessary|not allowed|without|instead of"
    r"|rather than|not to|avoid|refrain from|nor|nobody|no one|nothing|(?:is|are|was|were|be|been) (?:\w+ly )?not"
    r"|(?:isn|aren|wasn|weren)'t)"
)
_FORBIDDEN = re.compile(
    _NOT
    + r"(?: (?:ever|try|trying|to|attempt|please|let|letting|have|having|the|any|anyone|anybody|them|him|her|caller"
    r"|user|customer|ask|tell|yet|also|be|being|will|was|is|has|from|support|into|\w+ or)){0,6} $"
)
_FORBIDDEN_THING = re.compile(
    _NOT + r"(?: (?!forget|hesitate|worry|mind|only|just|until|unless|fail|wait|be afraid)\S+){0,5} [\"'(]?$"
    r"|\b(?:has|have|had|with|there is|there are|needs?) no (?:\w+ )?$"
)
_NOBODY_DOES = re.compile(
    r"(?:tell|remind|explain to) (?:the )?\w+ that (?:nobody|no one|we never|support never|\w+ never)\b"
)


def _forbids(found: Found) -> bool:
    if _NOBODY_DOES.match(found.clause):
        return True
    return (_FORBIDDEN if found.verb else _FORBIDDEN_THING).search(found.lead) is not None


# was the firewall turned off; did they delete the file; check whether it was changed

_ASKED = re.compile(
    r"(?:yes |no )?(?:is|are|was|were|has(?! to)|had|who|which|what(?! (?:we|you|i) )|where|since"
    r"|have (?:they|you|he|she|we|any\w*|some\w*)|have the (?:users?|callers?)(?= (?:\w+ly |ever "
    r"|already )?(?:\w+[en][dn]|had|got|put|set)\b))\b"
)
_ASKED_WITH_DO = re.compile(
    r"(?:\w+ )?(?:does|did)\b|(?:how|when|where|since when)(?: \w+){0,4} did\b"
    r"|do (?:they|you|we|he|she|the)\b|(?:\w+ )?asks\b"
)
_SAYS = re.compile(r"\b(?:say|mention|tell|ask|warn|show|want)s?\b")
_SUGGESTED = re.compile(r"\b(?:with|without|if|when|by|help|try|once|while|after)\b|\bto $")
_WHETHER = re.compile(
    r"\b(?:whether|who|which|since)\b|\b(?:check|see|ask|find out|verify|tell|know|look|note) (?:\w+ )?(?:if|when)\b"
)


_TRIED_OUT = re.compile(
    r"\b(?:better|worse|different|gone|same|works?|helps?|faster|through|changes?)\b(?: \w+){0,3}"
    r" (?:with|without|when|if|while|once|after)\b"
)
"""Is it better with it off: that is how it gets switched off."""
_SINCE_SOMEBODY = re.compile(
    r"\b(?:after|since) (?:somebody|someone|anybody|anyone|they|he|she|it|(?:the|an?|their|his|her) \w+)"
    r"(?: \w+ly| last)? (?:\w+ed|ran|did|put|took|got|went|made|had|was|were)\b"
)


def _asks(found: Found) -> bool:
    if _TRIED_OUT.search(found.lead):
        return False
    if question := _ASKED_WITH_DO.match(found.clause):
        between = found.lead[question.end() :]
        if found.verb.startswith("asking") or _SAYS.search(between):
            return True
        if _SINCE_SOMEBODY.search(between):
            return True
        return "ing" not in found.verb and _SUGGESTED.search(between) is None
    past = not found.verb or _PAST.match(found.verb) is not None
    if _ASKED.match(found.clause):
        asked_too = _PAST_TOO.match(found.verb) is not None and not found.clause.startswith("have")
        return past or asked_too or found.verb.startswith("asking")
    checked = _WHETHER.search(found.lead)
    return past and checked is not None and _SUGGESTED.search(found.lead, checked.end()) is None


# the firewall is turned off; somebody deleted the file; who approves licences

_HAPPENED = re.compile(r"\b(?:is|are|was|were|been|got|has|had|have)(?: (?:now|already|just|also|not|\w+ly))? $")
_DEMANDED = re.compile(
    r"\b(?:should|must|needs?|has to|have to|make sure|ensure|see that|see to it|until|once|as soon as)\b"
)
_CHECKED = re.compile(r"\b(?:check|verify|confirm)\b")
_STATES = {"security_or_av_or_firewall_change", "credential_or_mfa_change"}
"""Here `check that it is off` is an order to have it off."""
_WANTED = re.compile(r"\b(?:be|have|having|get|getting|with|without|keep|leave|want|can|could|may|might|will)\b")
_TOLD_OF = re.compile(
    r"^if \w+ (?:accidentally|recently|already|ever) (?:\w+ )?$|\bwho (?:\w+ ){0,4}$"
    r"|\b(?:offers|asks|wants|suggests|prompts|says|warns|tries|names|mentions|contains|lists|quotes)(?: \w+){0,3} $"
    r"|\b(?:was|were|been|being|is|are) (?:\w+ )?asked to (?:\w+ )?$"
)
_HAD_HAPPENED = re.compile(
    r"if (?:\S+ ){1,8}?(?:was|were|(?:has|have|had) (?:been|just|already))(?: \w+ly)? \w+(?:ed|en|un|wn|nt|ought)\b"
)
"""If a cleaner was run: that is over."""
_TOLD_TO_ENGINEER = re.compile(r"(?:give|tell|send) the engineer\b")


def _reports(found: Found) -> bool:
    if _DEMANDED.search(found.lead) or (found.rule.category in _STATES and _CHECKED.search(found.lead)):
        return False
    if _TOLD_OF.search(found.lead) or _TOLD_TO_ENGINEER.match(found.clause):
        return True
    if not found.verb and _HAD_HAPPENED.match(found.clause):
        return True
    past = _PAST.match(found.verb) is not None
    if _HAPPENED.search(found.lead):
        return past or _PAST_TOO.match(found.verb) is not None
    return past and found.verb != "off" and found.lead.strip() != "" and _WANTED.search(found.lead) is None


# an engineer has to reset it; escalate: it has to be reset by an engineer

_OTHERS = (
    r"(?:engineers?|second line|(?:level|tier) (?:2|two)|security team|administrators?|admins?|specialists?|vendor"
    r"|provider|it department)"
)
_LEFT_TO_OTHERS = re.compile(
    rf"(?<!local )(?<!domain )(?<!as )(?<!as an )(?<!as the )\b{_OTHERS}(?: (?:of|at) [\w ]{{1,30}}?)?"
    r" (?:to|can|could|must|has to|have to|will|should|may|needs? to|who|which|what|whether|that)\b"
)
_BY_OTHERS = re.compile(rf"\bby (?:an?|the|your|our) (?:\w+ )?{_OTHERS}\b")
_BY_THE_CUSTOMER = re.compile(
    r"\bby (?:the|their|your) (?:customer|company|\w+'s (?:manager|management|purchasing|owner))\b"
)
_PASSED_ON = re.compile(
    r"(?:escalate|pass (?:it |this |the call )?on|hand (?:it |this |the call )?over|(?:give|tell|send) the engineer)\b"
)


_OTHERS_DO = re.compile(r"\b(?:engineers?|second line|provider|vendor) $")


def _leaves_to_others(found: Found, sentence: str) -> bool:
    past = not found.verb or _PAST.match(found.verb) is not None
    return (
        _LEFT_TO_OTHERS.search(found.lead) is not None
        or (found.verb.endswith("s") and _OTHERS_DO.search(found.lead) is not None)
        or _BY_OTHERS.search(sentence) is not None
        or (found.rule.category == "billing_or_license_change" and _BY_THE_CUSTOMER.search(sentence) is not None)
        or (past and _PASSED_ON.match(sentence) is not None)
    )
